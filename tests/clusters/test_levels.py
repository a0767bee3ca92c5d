"""Clusters of clusters and clusters within them: nested, named, and only where there is something to show."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.clusters import levels as levels_module
from embedscope.clusters.cluster import Clusters, cluster
from embedscope.clusters.levels import cluster_levels, parents_of
from embedscope.items.items import Items
from embedscope.spaces.space import Space

GROUPS, PARTS, EACH = 20, 3, 24


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """Twenty islands in five archipelagos, each island of three hills."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(GROUPS), PARTS * EACH)
    hill = np.tile(np.repeat(np.arange(PARTS), EACH), GROUPS)
    sea = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 5, endpoint=False)]) * 60
    island = rng.permutation([[x, y] for x in (-6.0, 6.0) for y in (-6.0, 6.0)])
    centre = sea[group % 5] + island[group // 5]
    bump = np.array([[0.0, 1.2], [1.0, -0.8], [-1.0, -0.8]])[hill]
    return (centre + bump + rng.normal(0, 0.12, (len(group), 2))).astype(np.float32)


@pytest.fixture(scope="module")
def base() -> Clusters:
    labels = np.repeat(np.arange(GROUPS), PARTS * EACH).astype(np.int32)
    labels[::50] = -1
    names = tuple(f"island {label}" for label in range(GROUPS))
    return Clusters(labels, np.ones(len(labels), np.float32), names, "map", {})


@pytest.fixture(scope="module")
def levels(places: np.ndarray, base: Clusters) -> tuple[Clusters, ...]:
    return cluster_levels(places, places, base)


def test_archipelagos_islands_and_hills(levels: tuple[Clusters, ...], base: Clusters) -> None:
    coarse, middle, fine = levels
    assert middle is base
    assert len(coarse) == 7
    assert len(fine) == GROUPS * PARTS
    assert [level.parameters.get("level") for level in levels] == ["coarse", None, "fine"]
    # Islands of two archipelagos never meet; two of the five are cut once, to make a third of twenty.
    sea_of = [set(np.unique(base.labels[coarse.labels == label]) % 5) for label in range(len(coarse))]
    assert all(len(seas) == 1 for seas in sea_of)


def test_each_level_lies_within_the_one_above(levels: tuple[Clusters, ...]) -> None:
    for above, below in itertools.pairwise(levels):
        parents = parents_of(below, above)
        inside = below.labels >= 0
        np.testing.assert_array_equal(above.labels[inside], parents[below.labels[inside]])
    for level in levels[::2]:
        assert len(set(level.names)) == len(level.names) == level.labels.max() + 1
        assert (np.diff(level.sizes) <= 0).all()


def test_without_words_parts_are_numbered_within_their_parent(levels: tuple[Clusters, ...]) -> None:
    _, base, fine = levels
    parents = parents_of(fine, base)
    assert all(name.startswith(f"island {parent}.") for name, parent in zip(fine.names, parents, strict=True))


def test_names_of_parts_say_what_differs_within_the_parent(places: np.ndarray, base: Clusters) -> None:
    hill = np.tile(np.repeat(["alder", "birch", "cedar"], EACH), GROUPS)
    island = np.repeat([f"isle{chr(97 + i)}" for i in range(GROUPS)], PARTS * EACH)
    texts = [f"{here} {tree} shore" for here, tree in zip(island, hill, strict=True)]
    items = Items.from_texts(texts)
    space = Space.from_arrays(places, ids=items.ids, items=items)
    coarse, _, fine = cluster_levels(space, places, base)
    for label, name in enumerate(fine.names):
        (tree,) = set(hill[fine.labels == label])
        assert name.split(",")[0].split()[0] == tree
    assert len(set(fine.names)) == len(fine)
    for label, name in enumerate(coarse.names):
        assert set(name.split(", ")) & set(island[coarse.labels == label])


def test_images_are_named_by_their_labels(places: np.ndarray, base: Clusters) -> None:
    hill = np.tile(np.repeat(["alder", "birch", "cedar"], EACH), GROUPS)
    pictures = [np.zeros((2, 2, 3), np.uint8)] * len(hill)
    from PIL import Image as PILImage

    items = Items.from_images([PILImage.fromarray(p) for p in pictures[: len(hill)]], columns={"label": hill})
    space = Space.from_arrays(places, ids=items.ids, items=items)
    fine = cluster_levels(space, places, base)[-1]
    for label, name in enumerate(fine.names):
        assert name.split()[0] in set(hill[fine.labels == label])


def test_a_cluster_that_stays_keeps_its_name(places: np.ndarray, base: Clusters) -> None:
    labels = base.labels.copy()
    lone = np.flatnonzero(labels == 4)[:30]
    labels[labels == 4] = -1
    labels[lone] = 4
    fine = cluster_levels(places, places, Clusters(labels, base.probabilities, base.names, "map", {}))[-1]
    assert fine.names[fine.labels[lone[0]]] == "island 4"
    np.testing.assert_array_equal(np.flatnonzero(fine.labels == fine.labels[lone[0]]), lone)


@pytest.mark.parametrize("n", [0, 1, 12, 60])
def test_small_and_shapeless_inputs_have_the_base_alone(n: int) -> None:
    points = np.random.default_rng(0).uniform(size=(n, 2)).astype(np.float32)
    labels = np.where(np.arange(n) % 2, 0, -1).astype(np.int32)
    found = Clusters(labels, np.ones(n, np.float32), ("all",) if n > 1 else (), "map", {})
    assert cluster_levels(points, points, found) == (found,)


def test_the_same_input_gives_the_same_levels(places: np.ndarray, levels: tuple[Clusters, ...]) -> None:
    again = cluster_levels(places, places, levels[1])
    for one, other in zip(levels, again, strict=True):
        np.testing.assert_array_equal(one.labels, other.labels)
        assert one.names == other.names


def test_clusters_of_other_items_are_refused(places: np.ndarray, base: Clusters) -> None:
    with pytest.raises(InputError, match="1,440 items, the layout is of 1,439"):
        cluster_levels(places[1:], places[1:], base)


def test_found_clusters_nest_too(places: np.ndarray) -> None:
    found = cluster(places, places, min_cluster_size=20)
    levels = cluster_levels(places, places, found)
    for above, below in itertools.pairwise(levels):
        inside = below.labels >= 0
        np.testing.assert_array_equal(above.labels[inside], parents_of(below, above)[below.labels[inside]])


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if clusters of 72 items were large."""
    for name in ("_FEWEST_SAMPLED", "_MOST_SAMPLED", "_SAMPLED"):
        monkeypatch.setattr(levels_module, name, 48)


@pytest.mark.usefixtures("sampled")
def test_large_clusters_are_opened_on_a_sample_of_their_items(
    places: np.ndarray, base: Clusters, levels: tuple[Clusters, ...]
) -> None:
    coarse, _, fine = cluster_levels(places, places, base)
    np.testing.assert_array_equal(coarse.labels, levels[0].labels)
    hill = np.arange(len(places)) // EACH
    assert len(fine) == GROUPS * PARTS
    assert all(len(set(hill[fine.labels == label])) == 1 for label in range(len(fine)))
    # Of 72 items 48 were looked at; nearly all have a part nevertheless, and those in no cluster have none.
    assert (fine.labels[base.labels >= 0] >= 0).mean() > 0.95
    assert (fine.labels[base.labels < 0] == -1).all()
    assert (fine.probabilities[base.labels < 0] == 0).all()


@pytest.mark.usefixtures("sampled")
def test_no_more_texts_are_read_than_are_sampled(places: np.ndarray, base: Clusters) -> None:
    read: set[int] = set()

    class Counted(list[str]):
        def __getitem__(self, row: Any) -> Any:
            read.add(row)
            return super().__getitem__(row)

    hill = np.tile(np.repeat(["alder", "birch", "cedar"], EACH), GROUPS)
    texts = Counted(f"{tree} shore of item {row}" for row, tree in enumerate(hill))
    items = replace(Items.from_texts(list(texts)), payloads=texts)
    space = Space.from_arrays(places, ids=items.ids, items=items)
    read.clear()
    fine = cluster_levels(space, places, base)[-1]
    assert {name.split(",")[0].split()[0] for name in fine.names} == {"alder", "birch", "cedar"}
    # At most 48 of each of 20 clusters for the parts, and 48 of each of 7 for what is merged.
    assert 0 < len(read) <= 48 * (GROUPS + 7) < len(texts)


def test_maps_of_very_many_items_have_no_finer_level(
    places: np.ndarray, base: Clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels_module, "_MOST_OPENED", len(places) - 1)
    coarse, last = cluster_levels(places, places, base)
    assert last is base
    assert len(coarse) == 7
