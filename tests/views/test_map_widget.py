"""The map widget: what travels, what it answers, what it draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.layouts.layout import Layout
from embedscope.views.map_widget import Map
from embedscope.views.wire import from_wire


@pytest.fixture
def shown(space, layout, clusters) -> Map:
    return Map(space, layout, clusters)


def test_all_that_it_shows_is_a_plain_result(shown: Map, space, layout, clusters) -> None:
    assert shown.space is space
    assert shown.layout is layout
    assert shown.clusters is clusters
    assert repr(shown) == f"Map({shown.universe['facts']})"
    assert shown.universe["title"] == "Trees"


def test_its_state_is_json_and_buffers_with_the_page_box_beside(shown: Map) -> None:
    state = shown.get_state()
    assert state["layout"] == f"IPY_MODEL_{shown.box.model_id}"
    assert isinstance(state["coords"]["data"], bytes)
    plain = {key: value for key, value in state.items() if not isinstance(value, dict)}
    json.dumps(plain)
    mime = shown._repr_mimebundle_()
    assert mime is not None
    shown.set_state({"layout": "IPY_MODEL_x"})
    assert isinstance(shown.layout, Layout)


def test_a_point_takes_at_most_twelve_bytes_on_the_wire(shown: Map) -> None:
    for key in ("label", "size"):
        shown.color_by = key
        arrays = [shown.coords, shown.color.get("codes"), shown.color.get("values"), shown.selection_rows]
        sent = sum(len(array["data"]) for array in arrays if array)
        assert sent / len(shown.space) == {"label": 10, "size": 12}[key]


def test_places_keep_the_layouts_shape(shown: Map, layout) -> None:
    coords = from_wire(shown.coords)
    assert coords.shape == (60, 2)
    assert np.abs(coords).max() == pytest.approx(1)
    slope, _ = np.polyfit(
        layout.coords.ravel() - np.tile(layout.coords.mean(0), 60), (coords - coords.mean(0)).ravel(), 1
    )
    np.testing.assert_allclose(
        (coords - coords.mean(0)) / slope, layout.coords - layout.coords.mean(0), atol=1e-4
    )


def test_clusters_colour_it_first_and_name_it(shown: Map) -> None:
    assert shown.color_by == "cluster"
    assert shown.color["names"] == ["oak wood", "pine cone", "elm leaf", "unclustered"]
    assert [label["name"] for label in shown.labels] == ["oak wood", "pine cone", "elm leaf"]
    assert [shown.color["names"][label["code"]] for label in shown.labels] == [
        label["name"] for label in shown.labels
    ]


def test_either_side_recolours_it(shown: Map) -> None:
    shown.color_by = "label"
    assert shown.color["names"] == ["oak", "pine", "elm"]
    assert shown.coloring.counts == (30, 20, 10)
    shown.set_state({"color_by": "size"})
    assert shown.color["kind"] == "number"


def test_an_unknown_column_says_what_there_is_and_changes_nothing(shown: Map) -> None:
    with pytest.raises(MissingError, match=r"'lable'.*Did you mean 'label'"):
        shown.color_by = "lable"
    assert shown.color_by == "cluster"
    with pytest.raises(MissingError, match="No column is called 'colour'"):
        shown.hover_columns = ["label", "colour"]
    assert shown.hover_columns == ["label", "size", "note"]


def test_values_of_ones_own_colour_it_at_once(shown: Map) -> None:
    shown.color_with(np.arange(60.0), title="rank")
    assert (shown.color_by, shown.color["kind"]) == ("rank", "number")
    assert "rank" in [choice["key"] for choice in shown.color_choices]
    shown.color_with(["x", "y"] * 30, title="rank")
    assert (shown.color_by, shown.color["names"]) == ("rank", ["x", "y"])


def test_a_hover_card_gets_its_text_over_the_channel(shown: Map, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(shown, "send", lambda content, buffers: sent.append(content))
    shown.hover_columns = ["label"]
    shown._handle_custom_msg({"type": "request", "id": 3, "kind": "payload", "rows": [59]}, [])
    (reply,) = sent
    assert reply["result"][0]["text"] == "text number 59"
    assert reply["result"][0]["columns"] == {"label": "elm"}


def test_parts_of_other_items_are_refused(space, layout, clusters) -> None:
    short = Layout(layout.coords[:5], "umap", {}, 1.0, 1.0, layout.point_trust[:5])
    with pytest.raises(InputError, match="The layout is of 5 items, and the space has 60"):
        Map(space, short, clusters)
    with pytest.raises(InputError, match="The clusters are of 59 items"):
        Map(
            space,
            layout,
            type(clusters)(clusters.labels[1:], clusters.probabilities[1:], clusters.names, "map", {}),
        )


def test_pictures_are_written_and_follow_the_theme(shown: Map, tmp_path: Path) -> None:
    light = shown.to_png(tmp_path / "map.png", width=400, height=300, scale=1)
    assert (tmp_path / "map.png").read_bytes() == light
    shown.theme = "dark"
    dark = shown.to_png(width=400, height=300, scale=1)
    assert dark != light
    assert shown.to_png(width=400, height=300, scale=1, theme="light") == light
    assert shown.to_svg(tmp_path / "map.svg", width=400, height=300) == (tmp_path / "map.svg").read_text(
        "utf-8"
    )
