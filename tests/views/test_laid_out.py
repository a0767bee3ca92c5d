"""Another layout moves the points; the clusters, their names and the selection stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.clusters.cluster import Clusters
from embedscope.layouts.layout import Layout
from embedscope.layouts.layout import layout as lay_out
from embedscope.views.map_widget import Map
from embedscope.views.wire import from_wire


@pytest.fixture
def shown(space, layout, clusters) -> Map:
    return Map(space, layout, clusters)


@pytest.fixture(scope="module")
def turned(layout) -> Layout:
    """The same map, turned by a right angle, mirrored and moved."""
    coords = np.ascontiguousarray(layout.coords[:, ::-1]) + np.float32(50)
    return Layout(coords, "umap", {"turned": True}, 0.5, 0.5, layout.point_trust[::-1].copy())


def places(shown: Map) -> np.ndarray:
    return np.array(from_wire(shown.coords))


def test_pca_is_computed_when_it_is_chosen(shown: Map, space) -> None:
    before, names = places(shown), [label["name"] for label in shown.labels]
    assert shown.layout_by == "umap"
    assert [choice["key"] for choice in shown.layout_choices] == ["umap", "pca"]
    shown.selection = ["id-1"]
    shown.set_state({"layout_by": "pca"})
    assert shown.layout.method == "pca"
    np.testing.assert_allclose(shown.layout.coords, lay_out(space, method="pca").coords)
    assert np.abs(places(shown) - before).max() > 0.1
    assert f"PCA, trustworthiness {shown.layout.trustworthiness:.2f}" in shown.universe["facts"]
    assert [label["name"] for label in shown.labels] == names
    assert shown.selection == ["id-1"]
    members = places(shown)[shown.clusters.labels == 0]
    largest = next(label for label in shown.labels if label["name"] == "oak wood")
    assert [largest["x"], largest["y"]] in members.tolist()


def test_a_layout_is_shown_as_the_first_one_lies(shown: Map, turned: Layout) -> None:
    before = places(shown)
    shown.layout = turned
    assert shown.layout is turned
    np.testing.assert_allclose(places(shown), before, atol=1e-4)
    assert shown.layout_by == "UMAP 2"


def test_there_and_back_ends_where_it_began(shown: Map, layout: Layout) -> None:
    before = places(shown)
    shown.layout_by = "pca"
    shown.layout_by = "umap"
    assert shown.layout is layout
    np.testing.assert_allclose(places(shown), before, atol=1e-5)


def test_trust_and_density_follow_the_layout(shown: Map, turned: Layout) -> None:
    shown.color_by = "trust"
    shown.layout = turned
    np.testing.assert_allclose(from_wire(shown.color["values"]), turned.point_trust)
    assert "trustworthiness 0.50" in shown.universe["facts"]


def test_one_message_moves_everything(shown: Map, turned: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.color_by = "trust"
    sent: list[set[str]] = []
    monkeypatch.setattr(
        shown, "send_state", lambda key=None: sent.append({key} if isinstance(key, str) else set(key))
    )
    shown.layout = turned
    assert any({"coords", "labels", "universe", "color", "layout_by"} <= keys for keys in sent)


def test_a_layout_that_is_handed_in_can_be_chosen(shown: Map, turned: Layout) -> None:
    before = places(shown)
    key = shown.add_layout(turned, title="Turned")
    assert {"key": key, "title": "Turned"} in shown.layout_choices
    np.testing.assert_array_equal(places(shown), before)
    shown.layout_by = key
    assert shown.layout is turned
    assert shown.add_layout(turned, title="Once more") == key


def test_what_does_not_fit_is_refused_and_changes_nothing(shown: Map, layout: Layout) -> None:
    short = Layout(layout.coords[:5], "umap", {}, 1.0, 1.0, layout.point_trust[:5])
    with pytest.raises(InputError, match="The layout is of 5 items, and the space has 60"):
        shown.layout = short
    with pytest.raises(InputError, match="of 5 items"):
        shown.add_layout(short, title="short")
    with pytest.raises(MissingError, match=r"'pcaa'.*Did you mean 'pca'"):
        shown.layout_by = "pcaa"
    assert shown.layout is layout
    assert (shown.layout_by, len(shown.layout_choices)) == ("umap", 2)


def test_a_layout_that_cannot_be_made_leaves_the_one_before(
    shown: Map, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Layout:
        raise MemoryError("too large")

    monkeypatch.setattr("embedscope.views.layout_choices.lay_out", fail)
    with pytest.raises(MemoryError, match="too large"):
        shown.layout_by = "pca"
    assert (shown.layout_by, shown.layout) == ("umap", layout)


def test_the_page_hears_that_its_choice_was_set_back(shown: Map, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Layout:
        raise MemoryError("too large")

    monkeypatch.setattr("embedscope.views.layout_choices.lay_out", fail)
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(shown, "_send", lambda message, buffers=None: sent.append(message.get("state", {})))
    with pytest.raises(MemoryError):
        shown.set_state({"layout_by": "pca"})
    assert [state["layout_by"] for state in sent if "layout_by" in state][-1] == "umap"


def test_few_items_have_no_other_layout(space, layout, clusters) -> None:
    few = space.subset([f"id-{row}" for row in range(5)])
    five = Layout(layout.coords[:5], "pca", {}, 1.0, 1.0, layout.point_trust[:5])
    groups = Clusters(clusters.labels[:5], clusters.probabilities[:5], clusters.names, "map", {})
    shown = Map(few, five, groups)
    assert [choice["key"] for choice in shown.layout_choices] == ["pca"]


def test_levels_are_there_for_python_and_on_the_wire(space, layout, clusters) -> None:
    shown = Map(space, layout, clusters)
    assert shown.cluster_levels == (clusters,)
    assert all((label["min_zoom"], label["max_zoom"]) == (1.0, None) for label in shown.labels)
