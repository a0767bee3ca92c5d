"""What a selection is made of, as the table pane tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout
from embedscope.views.answers.composition import Compositions, composition_of
from embedscope.views.channel import Request
from embedscope.views.choices import ColorChoices

N = 600


@pytest.fixture(scope="module")
def choices() -> ColorChoices:
    rng = np.random.default_rng(0)
    columns = {
        "label": rng.choice(list("abcdefghijklmnop"), N),
        "few": rng.choice(["<b>", None], N),
        "many": [f"v{row % 300}" for row in range(N)],
        "score": rng.normal(size=N),
        **{f"extra{i}": rng.choice(["x", "y"], N) for i in range(5)},
    }
    items = Items.from_texts([f"text {row}" for row in range(N)], columns=columns)
    layout = Layout(rng.normal(size=(N, 2)).astype(np.float32), "pca", {}, 1.0, 1.0, np.ones(N, np.float32))
    labels = rng.integers(-1, 3, N).astype(np.int32)
    return ColorChoices(
        items, layout, Clusters(labels, np.ones(N, np.float32), ("one", "two", "three"), "map", {})
    )


def ask(choices: ColorChoices, shown: str, rows: np.ndarray) -> list[dict[str, Any]]:
    coloring = choices.make(shown)
    answer = Compositions(lambda _: rows.astype(np.uint32), lambda: choices, lambda: coloring)
    found = answer(Request("composition"))
    json.dumps(found.result, allow_nan=False)
    return found.result


def test_clusters_come_first_then_what_is_shown_then_four_others_of_few_values(choices: ColorChoices) -> None:
    rows = np.arange(100)
    assert [part["key"] for part in ask(choices, "few", rows)] == [
        "cluster",
        "few",
        "label",
        "extra0",
        "extra1",
        "extra2",
    ]
    assert [part["key"] for part in ask(choices, "score", rows)] == [
        "cluster",
        "label",
        "few",
        "extra0",
        "extra1",
    ]
    assert ask(choices, "many", rows)[1]["key"] == "many"


def test_shares_are_counts_with_a_test_and_the_colours_of_what_is_shown(choices: ColorChoices) -> None:
    label = choices.items.column("label")
    rows = np.unique(np.concatenate([np.flatnonzero(label == "c"), np.arange(60)]))
    cluster, shown = ask(choices, "label", rows)[:2]
    first = shown["shares"][0]
    assert (first["name"], first["count"], first["total"]) == (
        "c",
        (label == "c").sum(),
        (label == "c").sum(),
    )
    assert first["ratio"] == pytest.approx(N / len(rows))
    assert first["q_value"] < 1e-6
    coloring = choices.make("label")
    assert first["color"] == coloring.colors[coloring.names.index("c")]
    assert (len(shown["shares"]), shown["more"]) == (8, 8)
    assert all(share["color"] is None for share in cluster["shares"])
    assert {share["name"] for share in cluster["shares"]} == {"one", "two", "three", "unclustered"}


def test_nothing_selected_has_no_composition(choices: ColorChoices) -> None:
    assert ask(choices, "label", np.empty(0)) == []
    with pytest.raises(InputError, match="holds no categories"):
        composition_of(choices.make("score"), np.array([0], np.uint32))


def test_other_colours_and_other_choices_are_seen_by_the_same_answer(choices: ColorChoices) -> None:
    now: dict[str, Any] = {"choices": choices, "coloring": choices.make("label")}
    answer: Callable[[Request], Any] = Compositions(
        lambda _: np.arange(50, dtype=np.uint32), lambda: now["choices"], lambda: now["coloring"]
    )
    assert answer(Request("composition")).result[1]["key"] == "label"
    now["coloring"] = choices.make("few")
    assert answer(Request("composition")).result[1]["key"] == "few"
