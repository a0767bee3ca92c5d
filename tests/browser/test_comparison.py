"""Two spaces in a real JupyterLab: cell to anchors, bin to pairs, slider to neighbours, map to map."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from page import BENCH, pixels, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

SETUP = """\
import json
import numpy as np
import embedscope as es

rng = np.random.default_rng(0)
group = np.repeat(np.arange(4), 60)
centres = 3 * rng.normal(size=(4, 16))
seen = centres[group] + rng.normal(size=(240, 16))
# The student sees half of the directions, and the last group as part of the third.
mixed = np.where(group == 3, 2, group)
other = np.where((group == 3)[:, None], centres[mixed] + rng.normal(size=(240, 16)), seen)[:, :8]
names = np.array(["ash", "birch", "cedar", "dogwood"])
ids = [f"tree-{i}" for i in range(240)]
items = es.Items.from_texts([f"{names[g]} number {i}" for i, g in enumerate(group)], ids=ids,
                            columns={"label": names[group]}, name="Trees")
teacher = es.Space.from_arrays(seen, ids=ids, items=items)
student = es.Space.from_arrays(other, ids=ids, items=items)
comparison = es.compare(teacher, student, label="label", names=("large", "small"))
scope = es.explore(comparison, color="label")
scope"""


@pytest.fixture
def shown(lab: Any) -> Any:
    """A notebook that has run and shows two spaces of 240 texts."""
    write_notebook(lab.server.folder / "comparison.ipynb", [SETUP])
    lab.page.set_viewport_size({"width": 1400, "height": 1000})
    lab.open("comparison.ipynb")
    lab.run_all()
    lab.scope()
    return lab


def python_json(lab: Any, expression: str) -> Any:
    return json.loads(lab.python(f"print(json.dumps({expression}))"))


def rows_of(nodes: Locator) -> list[int]:
    return nodes.evaluate_all("nodes => nodes.map(node => Number(node.dataset.row))")


def click_cell(scope: Locator, row: int, column: int) -> None:
    """Click the middle of a cell, by the groups' places in their names."""
    grid = scope.get_by_role("grid", name=re.compile("heatmap|divergence", re.I)).first
    grid.scroll_into_view_if_needed()
    facts = grid.evaluate("node => ({...node.dataset})")
    order = [int(place) for place in facts["order"].split()]
    width, height = float(facts["cellWidth"]), float(facts["cellHeight"])
    x = float(facts["left"]) + (order.index(column) + 0.5) * width
    y = float(facts["top"]) + (order.index(row) + 0.5) * height
    grid.click(position={"x": x, "y": y})


def test_a_cell_of_the_heatmap_opens_its_anchors_on_the_map_and_beside_each_other(shown: Any) -> None:
    scope = shown.scope()
    scope.locator(".es-pane-heatmap [data-order]").wait_for()
    click_cell(scope, 3, 3)
    anchors = scope.locator(".es-heat-anchors > li")
    anchors.first.wait_for()
    wanted = python_json(
        shown, "comparison.divergence(by='label').worst_anchors('dogwood', 'dogwood').rows.tolist()"
    )
    scope = shown.scope()
    assert rows_of(scope.locator(".es-heat-anchors > li")) == wanted
    assert python_json(shown, "sorted(scope.selected_rows.tolist())") == sorted(wanted)
    assert python_json(shown, "scope.focus") == f"tree-{wanted[0]}"
    # Its neighbours stand side by side, as Python counts them.
    scope = shown.scope()
    cards = scope.locator(".es-pane-diff [data-side='teacher'][data-row]")
    cards.nth(11).wait_for()
    changes = python_json(
        shown, "[list(map(int, scope.changes.rows[:12])), list(scope.changes.changes[:12])]"
    )
    cards = shown.scope().locator(".es-pane-diff [data-side='teacher'][data-row]")
    assert rows_of(cards) == changes[0]
    assert cards.evaluate_all("nodes => nodes.map(node => node.dataset.change)") == changes[1]


def test_a_bin_of_the_distances_opens_its_pairs(shown: Any) -> None:
    scope = shown.scope()
    kinds = python_json(shown, "comparison.distances(by='label')['all'].teacher.tolist()")
    scope = shown.scope()
    fullest = int(np.argmax(kinds))
    bar = scope.locator(f".es-pane-distributions [data-bin='{fullest}'][data-side='teacher']").first
    bar.scroll_into_view_if_needed()
    bar.click(force=True)
    pairs = scope.locator(".es-pairs-list > li")
    pairs.first.wait_for()
    shown_pairs = pairs.evaluate_all("nodes => nodes.map(node => node.dataset.rows.split(' ').map(Number))")
    selected = python_json(shown, "sorted(scope.selected_rows.tolist())")
    assert selected == sorted({row for pair in shown_pairs for row in pair})
    scope = shown.scope()
    scope.locator(".es-pairs-list > li button").first.click()
    shown.page.wait_for_function("() => document.querySelector('.es-pane-diff [data-side][data-row]')")
    assert python_json(shown, "scope.focus") == f"tree-{shown_pairs[0][0]}"


def test_the_slider_of_dims_ranks_the_neighbours_anew(shown: Any) -> None:
    shown.python("scope.focus = 'tree-200'")
    scope = shown.scope()
    own = scope.locator(".es-pane-diff [data-side='student'][data-row]")
    own.nth(11).wait_for()
    full = rows_of(own)
    scope.locator("[data-dims-of='student']").click()
    opens = scope.get_by_role("button", name="Try fewer dims")
    opens.click()
    slider = scope.get_by_role("slider", name=re.compile("Dims of"))
    slider.focus()
    slider.press("Home")
    shown.page.wait_for_function(
        """before => {
          const cards = [...document.querySelectorAll(".es-pane-diff [data-side='student'][data-row]")];
          return cards.length === 12 && cards.some((card, i) => Number(card.dataset.row) !== before[i]);
        }""",
        arg=full,
    )
    cut = rows_of(scope.locator(".es-pane-diff [data-side='student'][data-row]"))
    wanted = python_json(shown, "comparison.reranker('student').nearest(200, 1, 12)[0].tolist()")
    assert cut == wanted


def test_the_maps_morph_and_stand_side_by_side_with_one_selection(shown: Any) -> None:
    scope = shown.scope()
    before = pixels(scope.locator(".es-pane-maps .es-points").first)
    slider = scope.get_by_role("slider", name=re.compile("From the map of large"))
    slider.focus()
    slider.press("End")
    shown.page.wait_for_timeout(800)
    after = pixels(scope.locator(".es-pane-maps .es-points").first)
    assert (np.abs(after - before).max(axis=2) > 60).mean() > 0.005
    assert python_json(shown, "scope.morph") == 1
    scope = shown.scope()
    scope.get_by_role("button", name="Side by side").click()
    canvases = scope.locator(".es-pane-maps .es-points canvas")
    canvases.nth(1).wait_for()
    shown.python("scope.selection = items.ids[:60]")
    scope = shown.scope()
    scope.locator(".es-selected").filter(has_text=re.compile("^60 selected")).first.wait_for()
    shown.python("scope.morph = 0.5; scope.selection = []")


def test_labels_given_in_the_view_group_the_heatmap_anew(shown: Any) -> None:
    shown.python(
        "scope.selection = items.ids[:120]; scope.label_selection('left', 'side'); "
        "scope.selection = items.ids[120:]; scope.label_selection('right', 'side')"
    )
    scope = shown.scope()
    menu = scope.locator(".es-pane-heatmap select", has=shown.page.locator("option", has_text="side")).first
    menu.select_option("side")
    shown.page.wait_for_function(
        "() => document.querySelector('.es-pane-heatmap [data-order]')?.dataset.order.split(' ').length === 2"
    )


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_serious_fault_of_accessibility(shown: Any, theme: str) -> None:
    shown.theme(theme)
    shown.python("scope.focus = 'tree-200'; scope.selection = items.ids[:5]")
    scope = shown.scope()
    scope.locator(".es-pane-diff [data-side='student'][data-row]").nth(11).wait_for()
    scope.locator(".es-pane-heatmap [data-order]").wait_for()
    shown.page.add_script_tag(
        path=str(Path(__file__).parents[2] / "widgets/node_modules/axe-core/axe.min.js")
    )
    faults = shown.page.evaluate(
        """async () => {
          const found = await axe.run(document.querySelector('.embedscope'));
          return found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
            .map(({ id, nodes }) => [id, nodes.map(node => node.html.slice(0, 200))]);
        }"""
    )
    assert faults == []


@pytest.mark.network
def test_the_workbench_takes_a_teacher_and_a_student_to_their_comparison(lab: Any) -> None:
    write_notebook(lab.server.folder / "pair.ipynb", [BENCH])
    lab.open("pair.ipynb")
    lab.run_all()
    form = lab.page.locator(".es-pane-workbench")
    form.get_by_role("radio", name=re.compile("trees")).click()
    form.get_by_role("radio", name=re.compile("wordllama")).click()
    form.get_by_role("button", name="Compare with…").click()
    student = form.get_by_role("radiogroup", name=re.compile("Compare with|Student"))
    student.get_by_role("radio", name=re.compile("minilm")).first.click()
    form.get_by_role("button", name=re.compile("^Embed")).click()
    view = lab.page.locator(".embedscope").nth(1)
    view.locator(".es-pane-maps canvas").first.wait_for(timeout=240_000)
    assert lab.python("print(bench.comparison.names, len(bench.comparison))").endswith(" 60")
    line = form.locator("code").inner_text()
    assert "compare" in line
    assert "wordllama" in line
    assert lab.python(f"print(({line}).comparison.ids == bench.comparison.ids)") == "True"
