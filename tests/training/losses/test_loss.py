"""One suite over all ten losses: gradients, domains that never meet, and batches that teach nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope._errors import InputError, MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.training.losses.names import LOSSES, make_loss
from embedscope.training.losses.setting import Setting

sys.path.insert(0, str(Path(__file__).parent))
import taught

NAMES = sorted(LOSSES)
SINGLES_TEACH = {"embedding", "udon", "unic"}
BY_ROW, BY_PAIR = lambda n: n, lambda n: n * (n - 1)
PARTS = {
    "absolute": {"distance": BY_PAIR},
    "embedding": {"cosine": BY_ROW},
    "js": {"divergence": BY_ROW},
    "kl": {"divergence": BY_ROW},
    "pkt": {"divergence": BY_ROW},
    "reverse_kl": {"divergence": BY_ROW},
    "rkd": {"distances": BY_PAIR, "angles": BY_ROW},
    "similarity": {"similarity": BY_PAIR},
    "udon": {"student classes": BY_ROW, "teacher classes": BY_ROW, "logits": BY_ROW, "similarity": BY_PAIR},
    "unic": {"cosine": BY_ROW, "smooth L1": BY_ROW},
}


def made(name, **options):
    torch.manual_seed(0)
    return make_loss(name, taught.setting(), **options).double().eval()


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_those_of_the_loss(name):
    loss = made(name)
    student, teacher, domains, labels = taught.batch((4, 3))
    assert torch.autograd.gradcheck(lambda x: loss(x, teacher, domains, labels), student.requires_grad_())


@pytest.mark.parametrize("over", ["row", "pairs"])
@pytest.mark.parametrize("name", ["kl", "reverse_kl", "js"])
def test_gradients_through_a_sharp_student(name, over):
    loss = made(name, over=over, student_bandwidth=Bandwidth.fixed(0.1))
    student, teacher, domains, _ = taught.batch((4, 3))
    assert torch.autograd.gradcheck(lambda x: loss(x, teacher, domains), student.requires_grad_())


# What udon distils stops before the teacher's heads: they are moved where they are trained only.
TRAINED = [
    ("embedding", "projectors", {}),
    ("unic", "projectors", {"hidden": 4}),
    ("udon", "", {"head_dims": 3, "logits": 0, "similarity": 0}),
    ("udon", "student_classes", {"head_dims": 3}),
]


@pytest.mark.parametrize(("name", "moved", "options"), TRAINED)
def test_gradients_of_the_parameters_are_those_of_the_loss(name, moved, options):
    loss = made(name, **options)
    student, teacher, domains, labels = taught.batch((3, 2))
    parameters = {key: value for key, value in loss.named_parameters() if key.startswith(moved)}
    assert parameters

    def total(*values):
        named = dict(zip(parameters, values, strict=True))
        return torch.func.functional_call(loss, named, (student, teacher, domains, labels))

    assert torch.autograd.gradcheck(total, tuple(parameters.values()))


@pytest.mark.parametrize("name", NAMES)
def test_a_mixed_batch_is_the_sum_over_its_domains_taken_apart(name):
    loss = made(name)
    student, teacher, domains, labels = taught.batch((7, 5))
    student.requires_grad_()
    whole = loss.of_batch(student, teacher, domains, labels)
    apart = []
    for domain, dims in enumerate(taught.DIMS):
        rows = domains == domain
        apart.append(loss.of_batch(student[rows], teacher[rows, :dims], domains[rows], labels[rows]))
    counts = {part: (count(7), count(5)) for part, count in PARTS[name].items()}
    assert set(whole.parts) == set(counts)
    for part, (first, second) in counts.items():
        wanted = (first * apart[0].parts[part] + second * apart[1].parts[part]) / (first + second)
        torch.testing.assert_close(whole.parts[part], wanted, rtol=1e-12, atol=1e-14)
    assert whole.domains == {
        0: pytest.approx(float(apart[0].total.detach()), rel=1e-12),
        1: pytest.approx(float(apart[1].total.detach()), rel=1e-12),
    }
    if len(counts) == 1:
        first, second = next(iter(counts.values()))
        sums = (first * apart[0].total + second * apart[1].total) / (first + second)
        gradients = [
            torch.autograd.grad(total, student, retain_graph=True)[0] for total in (whole.total, sums)
        ]
        torch.testing.assert_close(*gradients, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_a_domain_does_not_see_the_others(name):
    loss = made(name)
    student, teacher, domains, labels = taught.batch()
    before = loss.of_batch(student, teacher, domains, labels).domains[0]
    moved = torch.where(domains[:, None] == 1, 7 * student.flip(0), student)
    assert float(loss.of_batch(moved, teacher, domains, labels).domains[0]) == float(before)


@pytest.mark.parametrize("name", NAMES)
def test_what_lies_behind_a_narrow_specialists_dims_is_not_seen(name):
    loss = made(name)
    student, teacher, domains, labels = taught.batch()
    junk = teacher.clone()
    junk[domains == 1, taught.DIMS[1] :] = 99.0
    found = [float(loss(student, each, domains, labels).detach()) for each in (teacher, junk)]
    assert found[0] == found[1]


def gradient_of(loss, student, *rest):
    student = student.clone().requires_grad_()
    total = loss(student, *rest)
    total.backward()
    assert torch.isfinite(total)
    assert torch.isfinite(student.grad).all()
    assert all(torch.isfinite(p.grad).all() for p in loss.parameters() if p.grad is not None)
    return float(total.detach()), student.grad


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sizes", [(1, 0), (1, 1)], ids=["a batch of one", "one of each domain"])
def test_an_item_alone_teaches_no_relation(name, sizes):
    total, gradient = gradient_of(made(name), *taught.batch(sizes))
    if name not in SINGLES_TEACH:
        assert total == 0
        assert (gradient == 0).all()


@pytest.mark.parametrize("name", sorted(set(NAMES) - SINGLES_TEACH))
def test_an_item_alone_in_its_domain_changes_nothing(name):
    loss = made(name)
    student, teacher, domains, labels = taught.batch((6, 1))
    total, gradient = gradient_of(loss, student, teacher, domains, labels)
    rows = domains == 0
    alone, wanted = gradient_of(loss, student[rows], teacher[rows], domains[rows], labels[rows])
    assert total == pytest.approx(alone, rel=1e-12)
    assert (gradient[~rows] == 0).all()
    torch.testing.assert_close(gradient[rows], wanted)


@pytest.mark.parametrize("name", NAMES)
def test_two_items_have_finite_gradients(name):
    gradient_of(made(name), *taught.batch((2, 0)))


@pytest.mark.parametrize("rule", [Bandwidth.mean_distance(0.2), Bandwidth.perplexity(3)], ids=repr)
@pytest.mark.parametrize("name", NAMES)
def test_identical_images_teach_no_relation(name, rule):
    options = {"bandwidth": rule, "student_bandwidth": rule} if name in ("kl", "reverse_kl", "js") else {}
    student, teacher, domains, _ = (each[:1].repeat(6, *[1] * (each.ndim - 1)) for each in taught.batch())
    total, gradient = gradient_of(
        made(name, **options), student, teacher, domains, torch.zeros(6, dtype=torch.int64)
    )
    if name not in SINGLES_TEACH:
        assert total == pytest.approx(0, abs=1e-12)
        assert float(gradient.abs().max()) < 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_two_identical_images_among_others_have_finite_gradients(name):
    student, teacher, domains, labels = taught.batch((6, 0))
    student[1], teacher[1] = student[0], teacher[0]
    _, gradient = gradient_of(made(name), student, teacher, domains, labels)
    assert float(gradient.abs().max()) < 1e3


@pytest.mark.parametrize("name", NAMES)
def test_one_class_and_zero_vectors_have_finite_gradients(name):
    student, teacher, domains, labels = taught.batch((5, 4))
    student[0], teacher[1] = 0, 0
    _, gradient = gradient_of(made(name), student, teacher, domains, torch.zeros_like(labels))
    assert float(gradient.abs().max()) < 1e3


@pytest.mark.parametrize("name", NAMES)
def test_the_students_lengths_do_not_matter(name):
    loss = made(name)
    student, teacher, domains, labels = taught.batch()
    lengths = torch.rand(len(student), 1, dtype=torch.float64) + 0.5
    found = [float(loss(x, teacher, domains, labels).detach()) for x in (student, lengths * student)]
    assert found[0] == pytest.approx(found[1], rel=1e-10)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"udon"}))
def test_a_frozen_specialist_gets_no_gradient(name):
    student, teacher, domains, labels = taught.batch()
    teacher.requires_grad_()
    made(name)(student.requires_grad_(), teacher, domains, labels).backward()
    assert teacher.grad is None


@pytest.mark.parametrize("name", NAMES)
def test_in_single_precision_it_is_the_same_to_five_digits(name):
    student, teacher, domains, labels = taught.batch()
    wanted = float(made(name)(student, teacher, domains, labels).detach())
    found = made(name).float()(student.float(), teacher, domains, labels)
    assert found.dtype == torch.float32
    assert float(found.detach()) == pytest.approx(wanted, rel=2e-5, abs=1e-6)


def test_an_unknown_loss_or_option_names_the_choices():
    with pytest.raises(MissingError, match=r"Did you mean 'reverse_kl'"):
        make_loss("reversed_kl", taught.setting())
    with pytest.raises(
        InputError, match=r"no option 'width'. It has: bandwidth, student_bandwidth, metric, over"
    ):
        make_loss("kl", taught.setting(), width=3)
    with pytest.raises(InputError, match="It has: none"):
        make_loss("similarity", taught.setting(), width=3)


def test_a_domain_without_specialist_is_named():
    student, teacher, domains, _ = taught.batch()
    with pytest.raises(InputError, match="item of domain 2; there are specialists for 0 to 1"):
        made("kl")(student, teacher, domains + 1)
    with pytest.raises(InputError, match="domain 0 has 6 dims and 4 came"):
        made("kl")(student, teacher[:, :4], domains)


def test_a_setting_without_specialists_or_with_odd_classes_says_so():
    with pytest.raises(InputError, match="No specialist"):
        Setting(4, ())
    with pytest.raises(InputError, match="3 numbers came for 1 domain"):
        Setting(4, (np.ones((2, 2), np.float32),), (1, 2, 3))
