"""What a map can be coloured by, listed and made."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.views.choices import ColorChoices, check_color, color_keys


@pytest.fixture
def choices(space, layout, clusters) -> ColorChoices:
    return ColorChoices(space.items, layout, clusters)


def test_clusters_columns_trust_and_density_are_listed(choices) -> None:
    listed = [(choice["key"], choice["kind"]) for choice in choices.listing()]
    assert listed == [
        ("cluster", "category"),
        ("label", "category"),
        ("size", "number"),
        ("note", "category"),
        ("trust", "number"),
        ("density", "number"),
        ("none", "none"),
    ]


def test_every_listed_choice_can_be_made(choices, space) -> None:
    for choice in choices.listing():
        coloring = choices.make(choice["key"])
        assert coloring.kind == choice["kind"]
        assert coloring.column == choice["key"]
        assert coloring.rgb(len(space)).shape == (len(space), 3)


def test_integers_of_few_values_are_listed_as_what_they_become(space, layout, clusters) -> None:
    items = space.items.with_column("digit", np.arange(60) % 10).with_column("year", np.arange(60))
    choices = ColorChoices(items, layout, clusters)
    kinds = {choice["key"]: choice["kind"] for choice in choices.listing()}
    assert (kinds["digit"], kinds["year"]) == ("category", "number")
    assert (choices.make("digit").kind, choices.make("year").kind) == ("category", "number")


def test_trust_and_clusters_come_from_the_results(choices, layout, clusters) -> None:
    assert choices.make("trust").values.tolist() == layout.point_trust.tolist()
    coloring = choices.make("cluster")
    assert [coloring.names[code] for code in coloring.codes] == [
        clusters.name_of(label) for label in clusters.labels
    ]


def test_free_text_is_not_listed_but_can_be_named(space, layout, clusters) -> None:
    items = space.items.take(np.arange(60))
    many = [f"a note on {row}" for row in range(600)]
    from embedscope.items.items import Items

    items = Items.from_texts(["x"] * 600, columns={"note": many, "label": ["a", "b"] * 300})
    choices = ColorChoices(items, layout, clusters)
    assert [c["key"] for c in choices.listing()][1] == "label"
    assert "note" not in [c["key"] for c in choices.listing()]
    assert choices.make("note").names[-1] == "345 others"


def test_a_column_called_like_a_choice_of_the_map_has_a_longer_key(space, layout, clusters) -> None:
    items = space.items.with_column("cluster", ["mine"] * 60)
    choices = ColorChoices(items, layout, clusters)
    assert choices.make("column:cluster").names == ("mine",)
    assert choices.make("cluster").names[0] == "oak wood"
    assert {"key": "column:cluster", "title": "cluster", "kind": "category"} in choices.listing()


def test_an_unknown_name_says_what_there_is(space) -> None:
    with pytest.raises(MissingError, match=r"'lable'.*Did you mean 'label'"):
        check_color("lable", color_keys(space.items))


def test_values_of_ones_own(choices) -> None:
    assert choices.add("parity", ["odd", "even"] * 30) == "parity"
    assert choices.make("parity").counts == (30, 30)
    assert choices.add("parity", np.arange(60.0)) == "parity"
    assert choices.make("parity").kind == "number"
    assert choices.add("label", ["x"] * 60) == "given:label"
    assert choices.make("given:label").title == "label"
    assert choices.make("label").names == ("oak", "pine", "elm")
    with pytest.raises(InputError, match="59 values came to colour 60 items"):
        choices.add("short", ["x"] * 59)
