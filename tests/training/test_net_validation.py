"""A validation: Recall@1 by domain and merged, on the items that are there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embedscope import Items
from embedscope._errors import InputError
from embedscope.training.gathered import gather
from embedscope.training.net_validation import validate_vectors
from embedscope.training.training_data import TrainingData
from tests.training.pictures import pictures


class Nothing:
    """Measures the sum of the rows, to see which came."""

    wants_pooled = False
    loss = None

    def teach(self, vectors, rows):
        raise AssertionError("a validation teaches nothing")

    def measure(self, vectors, domain, rows):
        assert len(vectors) == len(rows)
        return {"rows": float(rows.sum())}


def held(**labels: str) -> TrainingData:
    """Two domains with items to validate on of these classes."""
    parts = {name: pictures(name, 1, len(values)).take(range(len(values))) for name, values in labels.items()}
    named = {
        name: Items(
            part.ids, part.payloads, "image", part.columns.set_column(0, "label", [list(labels[name])])
        )
        for name, part in parts.items()
    }
    return gather({name: pictures(f"{name}-train") for name in labels}, named).joined()


def on_a_circle(*degrees: float) -> np.ndarray:
    angles = np.deg2rad(np.array(degrees, dtype=np.float32))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_each_domain_is_searched_alone_and_all_together():
    data = held(flags="aabb", logos="aabb")
    # Of the flags one b lies by the a's; a flag and a logo, both b, are the nearest of all.
    vectors = on_a_circle(0, 2, 3.5, 90, 180, 181, 200, 96)
    found = validate_vectors(vectors, np.ones(8, bool), data, Nothing())
    assert found["recall_at_1/flags"] == 0.5
    assert found["recall_at_1/logos"] == 0.5
    # Of two of a class each has one to find.
    assert found["recall_at_1"] == found["map_at_r"] == 0.5
    assert found["merged_recall_at_1"] == 3 / 8
    assert (found["rows/flags"], found["rows/logos"]) == (6, 6)


def test_what_cannot_be_read_counts_nowhere():
    data = held(flags="aabb", logos="aabb")
    vectors = on_a_circle(0, 2, 3.5, 90, 180, 181, 200, 201)
    vectors[2] = np.nan
    found = validate_vectors(vectors, np.isfinite(vectors).all(axis=1), data, Nothing())
    # The other b has nothing to find any more.
    assert found["recall_at_1/flags"] == 1
    assert found["rows/flags"] == 0 + 1 + 3
    gone = np.arange(8) < 4
    one = validate_vectors(vectors, gone & np.isfinite(vectors).all(axis=1), data, Nothing())
    assert set(one) == {"recall_at_1", "map_at_r", "recall_at_1/flags", "rows/flags"}


def test_precision_tells_more_where_each_nearest_is_right():
    data = held(flags="aaab")
    found = validate_vectors(on_a_circle(0, 2, 10, 5), np.ones(4, bool), data, Nothing())
    # The third a finds b first; the others find one a, then b: half of what they could. b has nothing to find.
    assert found["recall_at_1"] == pytest.approx(2 / 3)
    assert found["map_at_r"] == pytest.approx((1 / 2 + 1 / 2 + 1 / 4) / 3)


def test_where_each_class_has_one_item_there_is_nothing_to_find():
    data = held(flags="ab", logos="aa")
    found = validate_vectors(on_a_circle(0, 1, 2, 3), np.ones(4, bool), data, Nothing())
    assert "recall_at_1/flags" not in found
    assert found["recall_at_1"] == found["recall_at_1/logos"] == 1
    alone = held(flags="ab")
    assert validate_vectors(on_a_circle(0, 1), np.ones(2, bool), alone, Nothing()) == {
        "recall_at_1": 0,
        "map_at_r": 0,
        "rows/flags": 1,
    }


def test_nothing_to_measure_and_a_net_that_broke_are_errors():
    data = held(flags="aabb")
    vectors = on_a_circle(0, 1, 2, 3)
    with pytest.raises(InputError, match="Not one image of the validation can be read"):
        validate_vectors(vectors, np.zeros(4, bool), data, Nothing())
    with pytest.raises(InputError, match="Not one image"):
        validate_vectors(vectors, np.ones(4, bool), replace(data, validation=None), Nothing())
    vectors[1, 0] = np.inf
    with pytest.raises(InputError, match="not finite: lower the learning rate"):
        validate_vectors(vectors, np.ones(4, bool), data, Nothing())
