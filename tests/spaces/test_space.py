"""Space: lazily read, matched by id, searched, cut, saved, and shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.spaces.encode import encode
from embedscope.spaces.sources import NpyVectors
from embedscope.spaces.space import Space


@pytest.fixture
def space(texts: Items, vectors: np.ndarray) -> Space:
    return Space.from_arrays(vectors[:20], ids=texts.ids, items=texts)


@pytest.fixture
def encoded(texts: Items, encoder, tmp_path: Path) -> Space:
    return encode(texts, encoder, store=tmp_path / "store", progress=False)


def cosine_distances(query: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """The slow, obvious way, in float64."""
    query, vectors = query.astype(np.float64), vectors.astype(np.float64)
    return 1 - (vectors @ query) / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(query))


def test_it_is_frozen_and_equal_to_itself_only(space: Space) -> None:
    with pytest.raises(AttributeError):
        space.metric = "euclidean"
    with pytest.raises(ValueError, match="read-only"):
        space.vectors[0, 0] = 1
    assert space != replace(space)
    assert len({space, replace(space)}) == 2


def test_vectors_and_items_must_be_as_many(space: Space, vectors: np.ndarray) -> None:
    with pytest.raises(InputError, match="40 vectors came for 20 items"):
        Space(space.items, Space.from_arrays(vectors).source)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_search_by_vector_is_the_obvious_ranking(vectors: np.ndarray, metric: str) -> None:
    space = Space.from_arrays(vectors, metric=metric)
    query = np.random.default_rng(5).normal(size=8).astype(np.float32)
    far = cosine_distances(query, vectors)
    if metric == "euclidean":
        far = np.linalg.norm(vectors.astype(np.float64) - query, axis=1)
    found = space.search(query, k=7)
    assert list(found.ids) == np.argsort(far, kind="stable")[:7].tolist()
    np.testing.assert_allclose(found.distances, np.sort(far)[:7], atol=1e-6)
    assert found.metric == metric


def test_search_by_text_and_by_truncated_text(encoded: Space, encoder) -> None:
    assert encoded.encoder_handle is encoder
    text = encoded.items.payloads[4]
    assert encoded.search(text, k=1).items.payloads == (text,)
    assert encoded.search(text, k=1).distances[0] == pytest.approx(0, abs=1e-6)
    cut = encoded.truncate(6)
    assert cut.search(text, k=1).items.payloads == (text,)
    assert cut.search(text, k=1).distances[0] == pytest.approx(0, abs=1e-6)


def test_more_than_there_are_is_all_and_none_is_refused(space: Space) -> None:
    assert len(space.search(space.vectors[0], k=99)) == 20
    assert len(space.neighbors_of("t0", k=99)) == 19
    for ask in (lambda: space.search(space.vectors[0], k=0), lambda: space.neighbors_of("t0", k=0)):
        with pytest.raises(InputError, match="k=0"):
            ask()


def test_neighbors_of_an_item_are_the_same_with_and_without_the_graph(space: Space) -> None:
    before = [space.neighbors_of(value, 4) for value in space.ids]
    assert space.known_neighbors is None
    graph = space.neighbors(6)
    after = [space.neighbors_of(value, 4) for value in space.ids]
    for row, (one, other) in enumerate(zip(before, after, strict=True)):
        assert one.ids == other.ids == tuple(space.ids[place] for place in graph.indices[row, :4])
        np.testing.assert_array_equal(one.distances, other.distances)
        assert space.ids[row] not in one.ids
    with pytest.raises(MissingError, match="nobody"):
        space.neighbors_of("nobody")


def test_an_items_duplicates_are_its_neighbors_and_it_is_not() -> None:
    space = Space.from_arrays(np.tile([[1.0, 2.0]], (5, 1)), ids=list("abcde"))
    assert space.neighbors_of("e", 2).ids == ("a", "b")
    assert space.neighbors_of("a", 2).ids == ("b", "c")


def test_neighbors_are_kept_for_the_largest_k(space: Space) -> None:
    assert space.neighbors().k == 15
    assert space.neighbors(3).indices.base is not None
    np.testing.assert_array_equal(space.neighbors(3).indices, space.neighbors(15).indices[:, :3])
    assert space.known_neighbors.k == 15


def test_truncate_normalises_again_and_refuses_what_is_not_there(space: Space) -> None:
    cut = space.truncate(5)
    prefix = space.vectors[:, :5].astype(np.float64)
    np.testing.assert_allclose(cut.vectors, prefix / np.linalg.norm(prefix, axis=1, keepdims=True), atol=1e-6)
    assert (cut.dims, cut.ids, cut.known_neighbors) == (5, space.ids, None)
    assert cut.truncate(2).fingerprint != space.truncate(2).fingerprint
    for dims in (0, 9):
        with pytest.raises(InputError, match="wanted 1 to 8"):
            space.truncate(dims)


def test_subset_keeps_the_order_asked_and_forgets_the_graph(space: Space) -> None:
    space.neighbors(3)
    some = space.subset(["t7", "t2", "t9"])
    np.testing.assert_array_equal(some.vectors, space.vectors[[7, 2, 9]])
    assert some.ids == ("t7", "t2", "t9")
    assert some.items.column("label").tolist() == [1, 2, 0]
    assert some.neighbors(2).indices.max() == 2
    with pytest.raises(MissingError, match="nobody"):
        space.subset(["t1", "nobody"])


def test_iterating_gives_every_row_once(space: Space) -> None:
    for chunk in (1, 7, 20, 99):
        assert np.concatenate(list(space.iter_vectors(chunk))).tobytes() == space.vectors.tobytes()
    with pytest.raises(InputError, match="chunk=0"):
        list(space.iter_vectors(0))


def test_a_saved_space_comes_back_whole(texts: Items, encoder, tmp_path: Path) -> None:
    space = encode(texts, encoder, role="document", dims=9, store=tmp_path / "store", progress=False)
    graph = space.neighbors(5)
    back = Space.load(space.save(tmp_path / "saved"))
    assert back.ids == space.ids
    assert back.vectors.tobytes() == space.vectors.tobytes()
    assert back.items.columns.equals(space.items.columns)
    assert back.encoder == space.encoder
    assert (back.metric, back.role, back.task) == ("cosine", "document", None)
    assert back.fingerprint == space.fingerprint
    np.testing.assert_array_equal(back.neighbors(5).indices, graph.indices)


def test_a_saved_graph_is_not_computed_again(space: Space, tmp_path: Path, monkeypatch) -> None:
    space.neighbors(5)
    back = Space.load(space.save(tmp_path / "saved"))
    monkeypatch.setattr("embedscope.spaces.kept.find_neighbors", None)
    assert back.neighbors(4).k == 4


def test_a_loaded_space_reads_its_vectors_late_and_can_be_saved_over_itself(
    space: Space, tmp_path: Path
) -> None:
    expected = space.vectors.copy()
    back = Space.load(space.save(tmp_path / "saved"))
    assert isinstance(back.source, NpyVectors)
    assert not back._kept.has_vectors
    back.truncate(4).save(tmp_path / "saved")
    assert Space.load(tmp_path / "saved").dims == 4
    assert expected.shape == (20, 8)


def test_problems_are_saved_too(tmp_path: Path, encoder) -> None:
    with pytest.warns(EmbedscopeWarning):
        items = Items.from_texts(["a", ""], ids=["x", "y"], on_error="skip")
    space = encode(items, encoder, store=tmp_path / "store", progress=False)
    assert Space.load(space.save(tmp_path / "saved")).problems == space.problems != ()


def test_images_travel_with_their_content(pictures: Items, tmp_path: Path) -> None:
    space = Space.from_arrays(np.eye(4), ids=pictures.ids, items=pictures)
    back = Space.load(space.save(tmp_path / "saved", images="bytes"))
    assert [image.read() for image in back.items.payloads] == [image.read() for image in pictures.payloads]


def test_how_it_looks(encoded: Space, tmp_path: Path) -> None:
    assert repr(encoded) == "Space(texts: 20 texts × 16 dims · test:words · cosine)"
    shown = encoded._repr_html_()
    assert "test:words" in shown
    assert "cat 0" in shown


def test_html_is_escaped() -> None:
    evil = "<img src=x onerror=alert(1)>"
    record = EncoderRecord(evil, frozenset({"text"}), 2)
    items = Items.from_texts([evil], ids=[evil], columns={"label": [evil]}, name=evil)
    space = Space.from_arrays([[1.0, 0.0]], ids=[evil], items=items, encoder=record)
    assert "<img" not in space._repr_html_()
    assert "<img" not in space.search([1.0, 0.0])._repr_html_()


def test_looking_at_a_space_reads_no_vectors(encoded: Space) -> None:
    repr(encoded)
    encoded._repr_html_()
    assert not encoded._kept.has_vectors
