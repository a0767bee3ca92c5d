"""What the result says, and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.evaluation.retrieval import score_retrieval
from embedscope.spaces.space import Space
from tests.evaluation import oracles
from tests.evaluation.made import blobs, space


@pytest.fixture(scope="module")
def scores():
    vectors, codes = blobs()
    return score_retrieval(space(vectors, codes, ["b<i>", "a"] * 45), ks=[1, 3])


def test_micro_weighs_queries_and_macro_domains(scores) -> None:
    values = scores.values("recall@1", "own")
    assert scores.value("recall@1", "all queries", "own") == pytest.approx(np.nanmean(values))
    means = [scores.value("recall@1", name, "own") for name in scores.asked_domains]
    assert scores.value("recall@1", index="own") == pytest.approx(np.mean(means))


def test_intervals_take_classes_as_drawn(scores) -> None:
    mean = scores.score("map@r", "a", "own")
    chosen = scores.queries.domains == scores.domains.index("a")
    variance = oracles.clustered_variance(
        scores.values("map@r", "own")[chosen], scores.queries.classes[chosen].tolist()
    )
    assert mean.variance == pytest.approx(variance, rel=1e-9)
    assert mean.interval.low < mean.value < mean.interval.high
    macro = scores.score("map@r", None, "own")
    parts = [scores.score("map@r", name, "own").variance for name in scores.asked_domains]
    assert macro.variance == pytest.approx(sum(parts) / 4)


def test_the_table_and_the_frame_hold_the_same(scores) -> None:
    frame, table = scores.to_frame(), scores.to_table()
    assert frame.num_rows == 4 * 2 * 4
    row = next(
        r for r in frame.to_pylist() if (r["domain"], r["index"], r["measure"]) == ("a", "merged", "map@r")
    )
    assert row["value"] == scores.value("map@r", "a", "merged")
    assert table.column("MAP@R")[table.column("domain").index("a") + 1] == row["value"]
    assert "R@3" in repr(scores)
    assert "b<i>" not in scores._repr_html_()


def test_failures_are_items_with_what_was_found_instead(scores) -> None:
    failed = scores.failures("a", k=3, index="merged")
    first = scores.hits["merged"].first
    wanted = [row for row in range(90) if row % 2 and (first[row] == 0 or first[row] > 3)]
    assert list(failed.ids) == wanted
    assert failed.column("query_label").tolist() == [
        str(scores.queries.value(row, "label")) for row in wanted
    ]
    near = scores.queries.spaces[0].neighbors(1).indices[wanted, 0]
    assert failed.column("nearest_id").tolist() == [str(row) for row in near]
    assert Space.from_arrays(np.eye(len(failed)), ids=failed.ids, items=failed).items is not None


def test_no_failures_leave_no_items() -> None:
    perfect = score_retrieval(space([[1, 0], [1, 0.1]], ["a", "a"]), ks=[1])
    assert len(perfect.failures()) == 0
    assert perfect.failures().column("nearest_id").tolist() == []


def test_unknown_words(scores) -> None:
    with pytest.raises(MissingError, match="measure of retrieval"):
        scores.value("recall@2")
    with pytest.raises(MissingError, match="domain"):
        scores.value("recall@1", "c")
    with pytest.raises(InputError, match="up to 3"):
        scores.failures(k=4)
