"""At every zoom each cluster has one name: its own, that of the cluster around it, or those of its parts."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from embedscope.clusters.cluster import Clusters
from embedscope.clusters.levels import cluster_levels, parents_of
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space
from embedscope.views.depth import Depth
from embedscope.views.labels import MapLabel
from embedscope.views.level_labels import level_labels

GROUPS, EACH = 24, 60


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """Islands on a circle; every other one has two hills."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(GROUPS), EACH)
    angle = 2 * np.pi * group / GROUPS
    hill = np.where(group % 2 == 0, np.where(np.arange(len(group)) % 2, 0.02, -0.02), 0)
    coords = np.stack([np.cos(angle), np.sin(angle) + hill], axis=1)
    return (coords + rng.normal(0, 0.003, coords.shape)).astype(np.float32)


@pytest.fixture(scope="module")
def levels(places: np.ndarray) -> tuple[Clusters, ...]:
    labels = np.repeat(np.arange(GROUPS), EACH).astype(np.int32)
    names = tuple(f"island {label}" for label in range(GROUPS))
    return cluster_levels(
        places, places, Clusters(labels, np.ones(len(labels), np.float32), names, "map", {})
    )


@pytest.fixture(scope="module")
def labels(places: np.ndarray, levels: tuple[Clusters, ...]) -> tuple[MapLabel, ...]:
    return level_labels(places, levels)


def at(labels: tuple[MapLabel, ...], zoom: float) -> list[MapLabel]:
    return [one for one in labels if one.min_zoom <= zoom and (one.max_zoom is None or zoom < one.max_zoom)]


def test_few_names_from_afar_and_more_from_near(labels, levels) -> None:
    assert [len(level) for level in levels][:2] == [8, 24]
    counts = [len(at(labels, zoom)) for zoom in (1, 1.39, 1.4, 2.4, 5)]
    assert counts == [8, 8, 24, 24, len(levels[2])]
    assert len(levels[2]) > 24


@pytest.mark.parametrize("zoom", [1.0, 1.2, 1.4, 1.9, 2.2, 2.49, 2.5, 4, 50])
def test_no_cluster_is_without_a_name_and_none_has_two(labels, levels, zoom: float) -> None:
    coarse, base, fine = levels
    names = [one.name for one in at(labels, zoom)]
    assert len(set(names)) == len(names)
    above, parts = parents_of(base, coarse), parents_of(fine, base)
    for label in range(len(base)):
        below = {fine.names[part] for part in np.flatnonzero(parts == label)}
        own, around = base.names[label] in names, coarse.names[above[label]] in names
        assert own or around or below <= set(names)
        assert own + around <= 1


def test_a_cluster_without_parts_keeps_its_name_for_good(labels, levels) -> None:
    _, base, fine = levels
    lasting = {one.name for one in labels if one.min_zoom == 1.4 and one.max_zoom is None}
    parts = np.bincount(parents_of(fine, base), minlength=len(base))
    assert lasting == {base.names[label] for label in np.flatnonzero(parts == 1)}


def test_codes_are_the_colours_of_the_base(labels, levels, places) -> None:
    coarse, base, _ = levels
    for one in labels:
        row = int(np.flatnonzero((places == np.array([one.x, one.y], np.float32)).all(axis=1))[0])
        if one.name in coarse.names:
            inside = np.flatnonzero(parents_of(base, coarse) == coarse.names.index(one.name))
            assert one.code in inside
        else:
            assert one.code == base.labels[row]


def test_without_other_levels_names_are_always_there(places, levels) -> None:
    alone = level_labels(places, [levels[1]])
    assert len(alone) == GROUPS
    assert {(one.min_zoom, one.max_zoom) for one in alone} == {(1.0, None)}


def test_many_items_are_opened_on_a_thread_and_told_once(places, levels) -> None:
    told: list[tuple[int, bool]] = []
    done = threading.Event()

    def tell() -> None:
        told.append((len(depth.known), threading.current_thread() is threading.main_thread()))
        done.set()

    layout = Layout(places, "pca", {}, 1.0, 1.0, np.ones(len(places), np.float32))
    depth = Depth(Space.from_arrays(places), layout, levels[1])
    assert depth.known == (levels[1],)
    depth.start(tell)
    assert len(depth.find()) == 3
    assert done.wait(10)
    assert told == [(3, False)]
