"""The map in a real JupyterLab: seen, lassoed, read and set from Python, in both themes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from embedscope import tutorials

sys.path.insert(0, str(Path(__file__).parent))
from page import colourful, drag_lasso, lasso_count, pixels, write_notebook

pytestmark = pytest.mark.browser

SETUP = """\
import numpy as np
import embedscope as es

rng = np.random.default_rng(0)
centres = rng.normal(size=(4, 32))
group = np.repeat(np.arange(4), 125)
vectors = centres[group] + rng.normal(scale=0.25, size=(500, 32))
names = np.array(["ash", "birch", "cedar", "dogwood"])
items = es.Items.from_texts(
    [f"a sentence about {names[g]}, number {i}" for i, g in enumerate(group)],
    ids=[f"tree-{i}" for i in range(500)],
    columns={"tree": names[group], "height": rng.normal(20, 4, 500)},
    name="Trees",
)
"""
SHOW = """\
space = es.Space.from_arrays(vectors, ids=items.ids, items=items)
scope = es.map(space, color="tree")
scope"""


@pytest.fixture
def shown(lab: Any) -> Any:
    """A notebook that has run and shows a map of 500 points."""
    write_notebook(lab.server.folder / "trees.ipynb", [SETUP, SHOW])
    lab.open("trees.ipynb")
    lab.run_all()
    lab.scope()
    return lab


def test_the_map_is_drawn_and_says_what_it_shows(shown: Any) -> None:
    scope = shown.scope()
    assert colourful(scope.locator(".es-points")) > 1000
    text = scope.inner_text()
    assert "Trees" in text
    assert "500 texts" in text
    assert "trustworthiness" in text
    assert re.search(r"ash\s+125", text)


def test_a_lasso_reaches_python_and_python_reaches_the_page(shown: Any) -> None:
    scope = shown.scope()
    drag_lasso(shown, scope.locator(".es-points"))
    words = scope.locator(".es-selected")
    counted = lasso_count(words)
    got = json.loads(shown.python("import json; print(json.dumps(scope.selection))"))
    assert 0 < counted < 500
    assert len(got) == counted
    inside = shown.python(
        "x = scope.layout.coords[scope.selected_rows, 0]; print(x.max() < scope.layout.coords[:, 0].max())"
    )
    assert inside == "True"

    shown.python("scope.selection = ['tree-7', 'tree-3', 'tree-499']")
    words.filter(has_text=re.compile(r"^3 selected")).wait_for()
    assert json.loads(shown.python("print(json.dumps(scope.selected_items.ids))")) == [
        "tree-3",
        "tree-7",
        "tree-499",
    ]
    shown.python("scope.selection = []")
    words.filter(has_text="selected").wait_for(state="detached")


def test_a_legend_entry_isolates_and_the_menu_recolours(shown: Any) -> None:
    scope = shown.scope()
    points = scope.locator(".es-points")
    before = colourful(points)
    scope.get_by_role("button", name=re.compile("birch")).click()
    scope.locator(".es-category[aria-pressed='true']").wait_for()
    shown.page.wait_for_timeout(400)
    assert 0 < colourful(points) < before / 2

    scope.get_by_label("Colour by").select_option("height")
    scope.locator(".es-ramp").wait_for()
    assert shown.python("print(scope.color_by, scope.coloring.kind)") == "height number"
    shown.python("scope.color_by = 'cluster'")
    scope.locator(".es-category").first.wait_for()


def test_a_hover_card_shows_the_text_and_the_columns(shown: Any) -> None:
    scope = shown.scope()
    points = scope.locator(".es-points")
    box = points.bounding_box()
    assert box is not None
    rows, columns = np.nonzero(np.ptp(pixels(points), axis=2) > 60)
    leftmost = columns.argmin()
    shown.page.mouse.move(box["x"] + float(columns[leftmost]) + 3, box["y"] + float(rows[leftmost]))
    card = scope.locator(".es-card")
    card.filter(has_text="a sentence about").wait_for()
    ident = re.search(r"tree-\d+", card.inner_text())[0]
    row = shown.python(f"r = items.ids.index('{ident}'); print(items.payloads[r], names[group[r]], sep='|')")
    assert all(part in card.inner_text() for part in row.split("|"))
    term = card.locator("dt").first.bounding_box()
    assert term is not None
    assert term["height"] < 30, "a column's name is broken over lines"


def test_the_map_follows_the_dark_theme(shown: Any) -> None:
    scope = shown.scope()
    points = scope.locator(".es-points")
    light = np.median(pixels(points), axis=(0, 1))
    shown.theme("JupyterLab Dark")
    shown.page.wait_for_timeout(600)
    dark = np.median(pixels(points), axis=(0, 1))
    assert light.min() > 200
    assert dark.max() < 60
    assert colourful(points) > 1000


@pytest.mark.network
@pytest.mark.notebook
@pytest.mark.timeout(1500)
def test_the_first_tutorial_runs_and_its_map_answers(lab: Any) -> None:
    source = next(source for source in tutorials.sources() if source.stem == "01_first_look")
    nbformat.write(tutorials.read(source), lab.server.folder / "01_first_look.ipynb")
    lab.open("01_first_look.ipynb")
    lab.run_all(seconds=1200)
    scope = lab.scope()
    assert colourful(scope.locator(".es-points")) > 1000
    drag_lasso(lab, scope.locator(".es-points"))
    words = scope.locator(".es-selected")
    counted = lasso_count(words)
    assert int(lab.python("print(len(scope.selection))")) == counted
    lab.python("scope.selection = list(items.ids[:4])")
    words.filter(has_text=re.compile(r"^4 selected")).wait_for()
