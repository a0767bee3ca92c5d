"""Pictures of few items wait for the levels of their clusters; those of many take what is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from embedscope.clusters.cluster import Clusters
from embedscope.clusters.levels import cluster_levels
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space
from embedscope.views import depth as depth_module
from embedscope.views.map_widget import Map

GROUPS, EACH = 20, 4


@pytest.fixture(scope="module")
def parts() -> tuple[Space, Layout, Clusters]:
    """Twenty islands: enough for names of groups of them."""
    centres = np.random.default_rng(0).uniform(-9, 9, (GROUPS, 2))
    places = np.repeat(centres, EACH, axis=0).astype(np.float32)
    labels = np.repeat(np.arange(GROUPS), EACH).astype(np.int32)
    ones = np.ones(len(labels), np.float32)
    names = tuple(f"island {label}" for label in range(GROUPS))
    return (
        Space.from_arrays(places),
        Layout(places, "pca", {}, 1.0, 1.0, ones),
        Clusters(labels, ones, names, "map", {}),
    )


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Levels of eighty items are found on a thread, once this is set."""
    gate = threading.Event()

    def find(*given: Any) -> tuple[Clusters, ...]:
        assert gate.wait(60)
        return cluster_levels(*given)

    monkeypatch.setattr(depth_module, "cluster_levels", find)
    monkeypatch.setattr(depth_module, "_AT_ONCE", 1)
    yield gate
    gate.set()


def test_a_picture_of_many_items_takes_the_names_that_are_there(
    parts: tuple[Space, Layout, Clusters], gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depth_module, "_FEW", 1)
    monkeypatch.setattr(depth_module, "_SECONDS_BEFORE", 0.01)
    shown = Map(*parts)
    arrived = threading.Event()
    shown.observe(lambda _: arrived.set(), "labels")
    assert sorted(label.name for label in shown.picture().labels) == sorted(parts[2].names)
    assert not arrived.is_set()
    gate.set()
    # The change of this trait is what draws the picture below the view anew.
    assert arrived.wait(60)
    names = {label.name for label in shown.picture().labels}
    assert len(shown.cluster_levels) == 2
    assert names == {*shown.cluster_levels[0].names, *parts[2].names}


def test_a_picture_of_few_items_waits_for_all_names(
    parts: tuple[Space, Layout, Clusters], gate: threading.Event
) -> None:
    shown = Map(*parts)
    threading.Timer(0.2, gate.set).start()
    names = {label.name for label in shown.picture().labels}
    assert names == {*shown.cluster_levels[0].names, *parts[2].names}


def test_a_search_that_failed_is_not_waited_for(
    parts: tuple[Space, Layout, Clusters], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> tuple[Clusters, ...]:
        raise MemoryError("too large")

    monkeypatch.setattr(depth_module, "cluster_levels", fail)
    monkeypatch.setattr(depth_module, "_AT_ONCE", 1)
    monkeypatch.setattr(depth_module, "_MOST_SECONDS", threading.TIMEOUT_MAX)
    shown = Map(*parts)
    assert len(shown.picture().labels) == GROUPS
    assert "could not be opened or merged" in caplog.text
