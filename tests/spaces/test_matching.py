"""Vectors meet items by id, and whoever is missing is named."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.items.items import Items
from embedscope.spaces.matching import as_id_tuple, bare_items, matched_parts
from embedscope.spaces.sources import ArrayVectors, NpyVectors


@pytest.fixture
def items() -> Items:
    return Items.from_texts(["a cat", "a dog", "a bee"], ids=["cat", "dog", "bee"])


def test_rows_are_put_in_the_items_order(items: Items) -> None:
    vectors = np.arange(6, dtype=np.float32).reshape(3, 2)
    found, source = matched_parts(vectors, ["bee", "cat", "dog"], items, None)
    assert found is items
    np.testing.assert_array_equal(source.read_all(), vectors[[1, 2, 0]])


def test_any_shuffle_gives_the_same(items: Items) -> None:
    vectors = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        ids = [items.ids[row] for row in order]
        np.testing.assert_array_equal(matched_parts(vectors[order], ids, items, None)[1].read_all(), vectors)


def test_a_file_is_not_read_to_be_matched(items: Items, tmp_path) -> None:
    source = NpyVectors(tmp_path / "later.npy", (3, 2), "0" * 32)
    _, matched = matched_parts(source, ["bee", "cat", "dog"], items, None)
    np.save(tmp_path / "later.npy", np.arange(6, dtype=np.float32).reshape(3, 2))
    assert matched.read_all().tolist() == [[2, 3], [4, 5], [0, 1]]


def test_items_without_ids_for_the_vectors_are_refused(items: Items) -> None:
    with pytest.raises(InputError, match=r"never matched by their order.*ids=items\.ids"):
        matched_parts(np.eye(3), None, items, None)


def test_who_is_missing_is_named_on_both_sides(items: Items) -> None:
    with pytest.raises(MissingError) as caught:
        matched_parts(np.eye(3), ["cat", "cow", "dog"], items, None)
    assert "1 of 3 items have no vector: 'bee'" in str(caught.value)
    assert "1 of 3 vectors have no item: 'cow'" in str(caught.value)


def test_text_and_numbers_as_ids_are_told_apart() -> None:
    items = Items.from_texts(["a", "b"], ids=["0", "1"])
    with pytest.raises(MissingError, match="text on one side and numbers on the other"):
        matched_parts(np.eye(2), [0, 1], items, None)


def test_an_id_with_two_vectors_is_refused(items: Items) -> None:
    with pytest.raises(InputError, match="1 ids have more than one vector: 'cat'"):
        matched_parts(np.eye(4), ["cat", "dog", "bee", "cat"], items, None)


def test_a_mapping_brings_its_own_ids() -> None:
    found, source = matched_parts({"x": [1, 2], "y": [3, 4]}, None, None, None)
    assert found.ids == ("x", "y")
    assert source.read_all().tolist() == [[1, 2], [3, 4]]
    with pytest.raises(InputError, match="leave ids out"):
        matched_parts({"x": [1, 2]}, ["x"], None, None)


def test_tensors_are_taken(items: Items) -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.eye(3, dtype=torch.bfloat16, requires_grad=True)
    assert matched_parts(tensor, items.ids, items, None)[1].read_all().tolist() == np.eye(3).tolist()
    assert matched_parts({"x": tensor[0]}, None, None, None)[1].read_all().tolist() == [[1, 0, 0]]


def test_columns_come_with_bare_ids_only(items: Items) -> None:
    found, _ = matched_parts(np.eye(2), ["x", "y"], None, {"label": [5, 6]})
    assert found.column("label").tolist() == [5, 6]
    with pytest.raises(InputError, match="Both items and columns"):
        matched_parts(np.eye(3), items.ids, items, {"label": [1, 2, 3]})


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        (["x"], "1 ids came for 2"),
        (["x", None], "ids are missing, the first in row 1"),
        (["x", 2], "all str or all int"),
    ],
)
def test_ids_that_do_not_fit_are_refused(ids, told: str) -> None:
    with pytest.raises(InputError, match=told):
        as_id_tuple(ids, 2)


def test_an_id_twice_without_items_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        bare_items(("x", "x"))


def test_vectors_that_are_not_finite_are_refused() -> None:
    with pytest.raises(InputError, match="row 1"):
        matched_parts([[0.0, 1.0], [np.nan, 1.0]], ["x", "y"], None, None)


def test_an_array_that_fits_is_not_copied(vectors: np.ndarray) -> None:
    source = matched_parts(vectors, None, None, None)[1]
    assert isinstance(source, ArrayVectors)
    assert np.shares_memory(source.array, vectors)
