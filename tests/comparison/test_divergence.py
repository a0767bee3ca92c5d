from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.divergence import divergence
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods

sys.path.insert(0, str(Path(__file__).parent))
from clouds import NAMES, clouds
from oracles import Oracle

METRICS = ("cosine", "euclidean")
LAYERS = ("contribution", "between", "within", "per mass", "js")


def compare(teacher, student, codes, factor=0.25, metric="cosine", names=NAMES, **options):
    sides = [Neighborhoods.of(x, Bandwidth.mean_distance(factor), metric) for x in (teacher, student)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmbedscopeWarning)
        return divergence(*sides, Groups(codes, names), device="cpu", **options)


def oracle(found):
    sides = (found.teacher, found.student)
    return Oracle.of(
        *(side.vectors for side in sides),
        found.groups.codes,
        *(side.sigma for side in sides),
        tuple(side.metric for side in sides),
    )


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("factor", [1.0, 0.5, 0.25, 0.1])
def test_float64_agrees_with_the_slow_version(metric, factor):
    found = compare(*clouds(), factor, metric, dtype="float64")
    slow = oracle(found)
    tight = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(found.kl, slow.kl(), **tight)
    np.testing.assert_allclose(found.between, slow.between().sum(axis=1), **tight)
    np.testing.assert_allclose(found.within, slow.within().sum(axis=1), **tight)
    np.testing.assert_allclose(found.layer(), slow.table(slow.contribution()), **tight)
    np.testing.assert_allclose(found.layer("between"), slow.table(slow.between()), **tight)
    np.testing.assert_allclose(found.layer("within"), slow.table(slow.within()), **tight)
    np.testing.assert_allclose(found.layer("js"), slow.table(slow.jensen_shannon()), **tight)
    np.testing.assert_allclose(found.heatmap.teacher_mass, slow.table(slow.mass()[0]), **tight)
    np.testing.assert_allclose(found.heatmap.student_mass, slow.table(slow.mass()[1]), **tight)
    np.testing.assert_allclose(found.teacher_effective, slow.effective(slow.log_p), rtol=1e-9)
    np.testing.assert_allclose(found.student_effective, slow.effective(slow.log_q), rtol=1e-9)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("factor", [1.0, 0.5, 0.25, 0.1])
def test_float32_agrees_within_the_stated_tolerance(metric, factor):
    found = compare(*clouds(), factor, metric)
    slow = oracle(found)
    tolerance = slow.table(1e-5 * slow.magnitude() + 1e-6)
    for layer, wanted in (("contribution", slow.contribution()), ("between", slow.between())):
        assert (np.abs(found.layer(layer) - slow.table(wanted)) <= tolerance).all(), layer
    assert (np.abs(found.layer("within") - slow.table(slow.within())) <= tolerance).all()
    assert (np.abs(found.layer("js") - slow.table(slow.jensen_shannon())) <= tolerance).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("factor", [0.1, 0.05, 0.03])
def test_sharp_bandwidths_give_finite_cells_and_parts_that_are_not_negative(factor, dtype):
    found = compare(*clouds(), factor, dtype=dtype)
    for layer in LAYERS[:-1]:
        values = found.layer(layer)
        assert np.isfinite(values[found.heatmap.teacher_mass > 0]).all(), layer
    assert np.isfinite(found.layer("js")).all()
    assert (found.within >= 0).all()
    assert (found.layer("within") >= 0).all()
    np.testing.assert_allclose(found.layer(), found.layer("between") + found.layer("within"))


def test_sharp_float64_cells_still_agree():
    found = compare(*clouds(), 0.03, dtype="float64")
    slow = oracle(found)
    np.testing.assert_allclose(found.layer(), slow.table(slow.contribution()), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.between, slow.between().sum(axis=1), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_space_does_not_diverge_from_itself(dtype):
    teacher, _, codes = clouds()
    found = compare(teacher, teacher, codes, dtype=dtype)
    assert (found.kl == 0).all()
    assert (found.layer() == 0).all()
    assert np.abs(found.layer("js")).max() < 1e-6


def test_rows_of_the_heatmap_sum_to_the_groups_mean():
    found = compare(*clouds())
    np.testing.assert_allclose(found.layer().sum(axis=1), found.by_group.means, rtol=1e-12)
    np.testing.assert_allclose(found.heatmap.teacher_mass.sum(axis=1), 1)
    np.testing.assert_allclose(found.heatmap.student_mass.sum(axis=1), 1)
    weighted = found.by_group.means @ found.groups.counts / len(found.anchors)
    assert weighted == pytest.approx(found.mean_kl)
    assert found.mean_kl == pytest.approx((found.between + found.within).mean())


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(2, 80), st.sampled_from(METRICS), st.sampled_from([1.0, 0.2, 0.05])
)
def test_chain_rule_and_signs_for_any_cloud(seed, n, metric, factor):
    found = compare(*clouds(n, seed), factor, metric)
    assert np.isfinite(found.kl).all()
    assert (found.kl >= -1e-6).all()
    assert (found.between >= -1e-6).all()
    assert (found.within >= 0).all()
    js = found.layer("js").sum(axis=1)
    assert (js[np.isfinite(js)] <= np.log(2) + 1e-6).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_turning_and_permuting_change_nothing(seed):
    teacher, student, codes = clouds(seed=seed)
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(student.shape[1],) * 2))
    rows = rng.permutation(len(codes))
    plain = compare(teacher, student, codes, dtype="float64")
    turned = compare(teacher, (student.astype(float) @ turn).astype(np.float32), codes, dtype="float64")
    np.testing.assert_allclose(turned.kl, plain.kl, rtol=1e-4, atol=1e-6)
    moved = compare(teacher[rows], student[rows], codes[rows], dtype="float64")
    np.testing.assert_allclose(moved.kl, plain.kl[rows], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(moved.layer(), plain.layer(), rtol=1e-9, atol=1e-12)
    names = rng.permutation(len(NAMES))
    named = compare(teacher, student, names[codes], dtype="float64")
    np.testing.assert_allclose(named.layer()[np.ix_(names, names)], plain.layer(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_duplicates_and_ties(dtype):
    teacher, student, codes = clouds()
    teacher[:30], student[20:50] = teacher[0], student[20]
    found = compare(teacher, student, codes, dtype=dtype)
    slow = oracle(found)
    np.testing.assert_allclose(found.kl, slow.kl(), rtol=1e-5, atol=1e-5)
    perplexed = [Neighborhoods.of(x) for x in (teacher, student)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EmbedscopeWarning)
        kl = divergence(*perplexed, Groups(codes, NAMES), device="cpu").kl
    assert np.isfinite(kl).all()


@pytest.mark.parametrize("codes", [np.zeros(2, np.int64), np.arange(2)])
def test_two_items(codes):
    teacher, student, _ = clouds(2)
    found = compare(teacher, student, codes, names=("a", "b")[: codes.max() + 1])
    assert found.kl.tolist() == [0.0, 0.0]
    assert found.heatmap.teacher_mass.sum(axis=1).tolist() == [1.0] * (codes.max() + 1)
    default = divergence(
        Neighborhoods.of(teacher), Neighborhoods.of(student), Groups(codes, "ab"[: codes.max() + 1])
    )
    assert default.kl.tolist() == [0.0, 0.0]


def test_groups_of_one_and_one_group():
    teacher, student, _ = clouds(40)
    single = compare(teacher, student, np.arange(40), names=[str(i) for i in range(40)], dtype="float64")
    assert np.abs(single.within).max() < 1e-12
    assert (np.diag(single.heatmap.teacher_mass) == 0).all()
    assert (np.diag(single.layer()) == 0).all()
    whole = compare(teacher, student, np.zeros(40, np.int64), names=("all",), dtype="float64")
    assert np.abs(whole.between).max() < 1e-12
    np.testing.assert_allclose(whole.kl, single.kl, rtol=1e-9)


def test_a_group_without_items_is_nan_in_its_row_and_0_in_its_column():
    teacher, student, codes = clouds(40)
    found = compare(teacher, student, codes, names=(*NAMES, "nobody"))
    assert np.isnan(found.layer()[5]).all()
    assert (found.layer()[:5, 5][found.heatmap.anchors[:5] > 0] == 0).all()
    assert found.heatmap.order[-1] == 5


def test_worst_anchors_come_from_what_was_kept():
    found = compare(*clouds())
    slow = oracle(found)
    for a in range(len(NAMES)):
        for b in range(len(NAMES)):
            own = np.flatnonzero(found.groups.codes == a)
            each = slow.contribution()[own, b]
            sign = -1 if found.layer()[a, b] < 0 else 1
            worst = found.worst_anchors(NAMES[a], b, k=7)
            wanted = np.sort(-sign * each)[:7] * -sign
            np.testing.assert_allclose(worst.contributions, wanted, atol=2e-5)
            np.testing.assert_allclose(
                worst.contributions, slow.contribution()[worst.rows, b], rtol=1e-4, atol=2e-5
            )
            assert (found.groups.codes[worst.rows] == a).all()


def test_pairs_of_an_anchor_add_up_to_its_divergence():
    found = compare(*clouds())
    slow = oracle(found)
    pairs = found.pairs(3, k=1000)
    assert len(pairs) == len(found.anchors) - 1
    assert pairs.contributions.sum() == pytest.approx(pairs.kl)
    assert pairs.kl == pytest.approx(slow.kl()[3], rel=1e-9)
    np.testing.assert_allclose(pairs.contributions, slow.terms()[3, pairs.rows], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(pairs.teacher_probability, np.exp(slow.log_p[3, pairs.rows]), rtol=1e-9)
    assert (np.diff(np.abs(pairs.contributions)) <= 0).all()
    inside = found.pairs(3, k=1000, group="elm")
    assert inside.contributions.sum() == pytest.approx(slow.contribution()[3, 2], rel=1e-9)
    assert pairs.to_frame().num_rows == len(pairs)


def test_a_sample_of_anchors_agrees_with_all_and_says_so():
    everything, some = compare(*clouds(), dtype="float64"), compare(*clouds(), dtype="float64", n_anchors=30)
    np.testing.assert_allclose(some.kl, everything.kl[some.anchors], rtol=1e-9)
    assert repr(everything.sampling) == "exact"
    assert some.sampling.n == 30
    assert everything.mean_kl in some.sampling.interval
    assert some.heatmap.anchors.sum() == 30
    np.testing.assert_allclose(
        some.layer("js").sum(axis=1)[0],
        oracle(some).jensen_shannon().sum(axis=1)[some.anchors][some.groups.codes[some.anchors] == 0].mean(),
        rtol=1e-9,
    )


def test_differing_metrics_dims_and_bandwidths():
    teacher, student, codes = clouds()
    sides = (
        Neighborhoods.of(teacher, Bandwidth.fixed(0.2), "cosine"),
        Neighborhoods.of(student, Bandwidth.perplexity(4), "euclidean"),
    )
    found = divergence(*sides, Groups(codes, NAMES), device="cpu", dtype="float64")
    np.testing.assert_allclose(found.kl, oracle(found).kl(), rtol=1e-9)


def test_shows_numbers_and_frames():
    found = compare(*clouds())
    assert "between groups" in repr(found)
    assert "Effective neighbours" in repr(found)
    assert "<table" in found._repr_html_()
    frame = found.to_frame()
    assert frame.num_rows == 25
    assert "js" not in frame.column_names
    found.layer("js")
    assert "js" in found.to_frame().column_names
    anchors = found.anchors_frame()
    assert anchors["kl"].to_numpy().tolist() == found.kl.tolist()


def test_warns_where_the_bandwidth_says_nothing():
    teacher, student, codes = clouds()
    wide, narrow = (
        [Neighborhoods.of(x, Bandwidth.fixed(s)) for x in (teacher, student)] for s in (9.0, 0.01)
    )
    with pytest.warns(EmbedscopeWarning, match="over a tenth"):
        divergence(*wide, Groups(codes, NAMES), device="cpu")
    with pytest.warns(EmbedscopeWarning, match="under 2"):
        divergence(*narrow, Groups(codes, NAMES), device="cpu")


def test_refuses_what_does_not_belong_together():
    teacher, student, codes = clouds()
    sides = [Neighborhoods.of(x, Bandwidth.fixed(1)) for x in (teacher, student[:70])]
    with pytest.raises(InputError, match="80 items, the student 70"):
        divergence(*sides, Groups(codes, NAMES))


def test_refuses_bad_vectors():
    teacher = clouds()[0]
    holed, zero = teacher.copy(), teacher.copy()
    holed[4, 0], zero[5] = np.nan, 0
    with pytest.raises(InputError, match="row 4"):
        Neighborhoods.of(holed)
    with pytest.raises(InputError, match="row 5"):
        Neighborhoods.of(zero)
    Neighborhoods.of(zero, Bandwidth.fixed(1), "euclidean")
    with pytest.raises(InputError, match="2 or more"):
        Neighborhoods.of(teacher[:1])


def test_unknown_layers_groups_and_anchors():
    found = compare(*clouds())
    with pytest.raises(MissingError, match="contribution"):
        found.layer("total")
    with pytest.raises(MissingError, match="second pass"):
        found.heatmap.layer("js")
    with pytest.raises(MissingError, match="Did you mean 'pine'"):
        found.worst_anchors("pin", 0)
    with pytest.raises(InputError, match="from 0 to 79"):
        found.pairs(80)
    with pytest.raises(InputError, match="1 or more"):
        found.pairs(0, k=0)
