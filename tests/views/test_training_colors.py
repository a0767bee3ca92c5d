"""A domain's points have the colour of its line."""

from __future__ import annotations

import pytest

from embedscope.items.items import Items
from embedscope.views.palette import MISSING
from embedscope.views.training_colors import color_choices, training_coloring

DOMAINS = [{"name": "logos", "color": "#0072b2"}, {"name": "emoji", "color": "#e69f00"}]


@pytest.fixture
def items() -> Items:
    columns = {"domain": ["emoji", "emoji", "flags", "emoji"], "label": ["a", "b", "c", "a"]}
    return Items.from_texts(list("wxyz"), columns=columns)


def test_domains_keep_the_order_and_the_colours_of_the_curves(items: Items) -> None:
    found = training_coloring(items, "domain", DOMAINS)
    assert found.names == ("logos", "emoji", "flags")
    assert found.colors == ("#0072b2", "#e69f00", MISSING)
    assert found.codes.tolist() == [1, 1, 2, 1]
    assert found.counts == (0, 3, 1)


def test_classes_and_one_colour(items: Items) -> None:
    classes = training_coloring(items, "label", DOMAINS)
    assert classes.names == ("a", "b", "c")
    assert classes.codes.tolist() == [0, 1, 2, 0]
    assert training_coloring(items, "none", DOMAINS).kind == "none"
    assert training_coloring(items.take([]), "domain", DOMAINS).kind == "none"


def test_the_choices_are_what_it_takes(items: Items) -> None:
    for choice in color_choices():
        assert training_coloring(items, choice["key"], DOMAINS).kind == choice["kind"]
