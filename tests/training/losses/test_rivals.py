"""Hand-worked values of the rivals, and their definitions as loops."""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.training.losses.names import make_loss

sys.path.insert(0, str(Path(__file__).parent))
import taught

RIGHT = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]


def rows(n=6, seed=3):
    rng = np.random.default_rng(seed)
    student = rng.standard_normal((n, 4))
    return student / np.linalg.norm(student, axis=1, keepdims=True), rng.standard_normal((n, 3))


def loss_of(name, student, teacher, **options):
    torch.manual_seed(0)
    loss = make_loss(name, taught.alone(teacher, np.shape(student)[1]), **options).double().eval()
    return loss, float(loss(*taught.one_domain(student, teacher)).detach())


def smooth_l1(a, b):
    gap = abs(a - b)
    return gap**2 / 2 if gap < 1 else gap - 0.5


def test_absolute_by_hand():
    # Student's distances √2, √2, 2; the teacher's 1, 1, 2.
    _, found = loss_of("absolute", RIGHT, [[0.0], [1.0], [2.0]])
    assert found == pytest.approx(2 * (math.sqrt(2) - 1) ** 2 / 3)


def test_absolute_of_unit_teachers():
    student, teacher = rows()
    wanted = np.mean(
        [
            (math.sqrt(taught.squares(teacher, "cosine")[i, j]) - math.sqrt(taught.squares(student)[i, j]))
            ** 2
            for i, j in itertools.permutations(range(6), 2)
        ]
    )
    assert loss_of("absolute", student, teacher, metric="cosine")[1] == pytest.approx(wanted, rel=1e-12)


def test_rkd_by_hand():
    # Distances over their mean 4/3: .75 .75 1.5; the student's √2, √2, 2 over their mean.
    _, found = loss_of("rkd", RIGHT, [[0.0], [1.0], [2.0]], angles=0)
    mean = (2 * math.sqrt(2) + 2) / 3
    gaps = [(math.sqrt(2) / mean - 0.75), (math.sqrt(2) / mean - 0.75), (2 / mean - 1.5)]
    assert found == pytest.approx(25 * sum(g**2 / 2 for g in gaps) / 3, rel=1e-12)
    # Cosines at the first, second, third: the student's 1/√2, 0, 1/√2, the teacher's 1, -1, 1.
    _, found = loss_of("rkd", RIGHT, [[0.0], [1.0], [2.0]], distances=0)
    gap = (1 - 1 / math.sqrt(2)) ** 2 / 2
    assert found == pytest.approx(50 * (gap + 0.5 + gap) / 3, rel=1e-12)


def test_rkd_is_its_definition():
    student, teacher = rows()
    pairs = list(itertools.permutations(range(6), 2))
    means = [np.mean([math.dist(x[i], x[j]) for i, j in pairs]) for x in (student, teacher)]
    distance = np.mean(
        [
            smooth_l1(
                math.dist(student[i], student[j]) / means[0], math.dist(teacher[i], teacher[j]) / means[1]
            )
            for i, j in pairs
        ]
    )

    def angle(x, i, j, k):
        a, b = x[i] - x[j], x[k] - x[j]
        return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))

    angles = np.mean(
        [
            smooth_l1(angle(student, i, j, k), angle(teacher, i, j, k))
            for i, j, k in itertools.permutations(range(6), 3)
        ]
    )
    assert loss_of("rkd", student, teacher)[1] == pytest.approx(25 * distance + 50 * angles, rel=1e-10)


@pytest.mark.parametrize("with_self", [False, True])
def test_pkt_is_its_definition(with_self):
    student, teacher = rows()

    def kernel(x, i):
        cos = [x[i] @ y / (np.linalg.norm(x[i]) * np.linalg.norm(y)) for y in x]
        row = [(c + 1) / 2 for j, c in enumerate(cos) if with_self or j != i]
        return [k / sum(row) for k in row]

    wanted = np.mean([taught.kl(kernel(teacher, i), kernel(student, i)) for i in range(6)])
    assert loss_of("pkt", student, teacher, with_self=with_self)[1] == pytest.approx(wanted, rel=1e-10)


def test_pkt_by_hand():
    # Teacher's kernels of the first: 1/2 and 0 (opposite); the student's 1/2 and 1/2. All of p is on one: log 2.
    student = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    _, found = loss_of("pkt", student, RIGHT)
    assert found == pytest.approx((math.log(2) + 0 + math.log(2)) / 3, abs=1e-5)


def test_similarity_by_hand():
    # Cosines: the student's 0, 0, -1, the teacher's 1, 0, 0.
    _, found = loss_of("similarity", RIGHT, [[1.0, 0.0], [3.0, 0.0], [0.0, 2.0]])
    assert found == pytest.approx((1 + 0 + 1) / 3)


def test_embedding_is_its_definition():
    student, teacher = rows()
    loss, found = loss_of("embedding", student, teacher)
    matrix = loss.projectors[0].weight.detach().numpy()
    assert matrix.shape == (3, 4)
    cosines = [
        (matrix @ s) @ t / (np.linalg.norm(matrix @ s) * np.linalg.norm(t))
        for s, t in zip(student, teacher, strict=True)
    ]
    assert found == pytest.approx(np.mean([1 - c for c in cosines]), rel=1e-12)


@pytest.mark.parametrize("standardise", [False, True])
def test_unic_is_its_definition(standardise):
    student, teacher = rows()
    loss, found = loss_of("unic", student, teacher, hidden=None, standardise=standardise)
    matrix = loss.projectors[0].weight.detach().numpy()
    goals = (teacher - teacher.mean(axis=0)) / teacher.std(axis=0) if standardise else teacher
    terms = []
    for s, t in zip(student, goals, strict=True):
        out = matrix @ s
        cos = out @ t / (np.linalg.norm(out) * np.linalg.norm(t))
        terms.append(0.5 * (1 - cos) + 0.5 * np.mean([smooth_l1(a, b) for a, b in zip(out, t, strict=True)]))
    # The sample is float32: its mean and spread have seven digits.
    assert found == pytest.approx(np.mean(terms), rel=1e-5 if standardise else 1e-12)


def test_unic_keeps_the_worst_domain_and_drops_half_of_the_others():
    torch.manual_seed(0)
    loss = make_loss("unic", taught.setting()).double()
    student, teacher, domains, _ = taught.batch()
    with torch.no_grad():
        loss.projectors[1][2].bias += 100.0
    kept = []
    for _ in range(400):
        found = loss.of_batch(student, teacher, domains)
        assert found.domains[1] > found.domains[0]
        own = float(found.domains[1])
        kept.append(float(found.total.detach()) != pytest.approx(own, rel=1e-9))
    assert 0.4 < np.mean(kept) < 0.6
    assert float(found.total.detach()) in (
        pytest.approx(own),
        pytest.approx(float(loss.eval()(student, teacher, domains).detach())),
    )


def test_unic_drops_nothing_of_a_batch_of_one_domain():
    torch.manual_seed(0)
    loss = make_loss("unic", taught.setting()).double()
    student, teacher, domains, _ = taught.batch((6, 0))
    assert len({float(loss(student, teacher, domains).detach()) for _ in range(20)}) == 1


def units(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def softmax(x):
    return np.exp(x) / np.exp(x).sum()


def test_udon_is_its_definition():
    student, teacher = rows()
    labels = torch.tensor([0, 1, 2, 0, 1, 2])
    torch.manual_seed(0)
    loss = make_loss("udon", taught.alone(teacher, 4, (3,)), head_dims=8).double()
    found = loss.of_batch(*taught.one_domain(student, teacher), labels)
    parameters = {name: value.detach().numpy() for name, value in loss.named_parameters()}
    head = units(teacher @ parameters["heads.0.weight"].T + parameters["heads.0.bias"])
    cos = {
        "student": student @ units(parameters["student_classes.0"]).T,
        "teacher": head @ units(parameters["teacher_classes.0"]).T,
    }
    for side, values in cos.items():
        entropies = [-math.log(softmax(16 * row)[c]) for row, c in zip(values, labels.tolist(), strict=True)]
        assert float(found.parts[f"{side} classes"]) == pytest.approx(np.mean(entropies), rel=1e-10)
    kls = [
        taught.kl(softmax(10 * t), softmax(10 * s))
        for t, s in zip(cos["teacher"], cos["student"], strict=True)
    ]
    assert float(found.parts["logits"]) == pytest.approx(np.mean(kls), rel=1e-10)
    gaps = [
        ((head @ head.T)[i, j] - (student @ student.T)[i, j]) ** 2
        for i, j in itertools.permutations(range(6), 2)
    ]
    assert float(found.parts["similarity"]) == pytest.approx(np.mean(gaps), rel=1e-10)
    assert float(found.total.detach()) == pytest.approx(sum(map(float, found.parts.values())), rel=1e-12)


def test_what_udon_distils_does_not_flow_into_its_heads():
    student, teacher, domains, labels = taught.batch()
    loss = make_loss("udon", taught.setting(), classes=0).double()
    loss(student.requires_grad_(), teacher.requires_grad_(), domains, labels).backward()
    assert float(student.grad.abs().max()) > 0
    assert float(teacher.grad.abs().max()) == 0
    assert all(float(p.grad.abs().max()) == 0 for p in loss.heads.parameters())


def test_the_cross_entropy_of_udons_heads_trains_the_features_they_stand_on():
    student, teacher, domains, labels = taught.batch()
    loss = make_loss("udon", taught.setting()).double()
    loss(student, teacher.requires_grad_(), domains, labels).backward()
    assert float(teacher.grad.abs().max()) > 0


def test_udon_without_classes_or_labels_says_so():
    student, teacher, domains, _ = taught.batch()
    with pytest.raises(InputError, match="give n_classes"):
        make_loss("udon", taught.setting(n_classes=None))
    with pytest.raises(InputError, match="a batch needs labels"):
        make_loss("udon", taught.setting()).double()(student, teacher, domains)
