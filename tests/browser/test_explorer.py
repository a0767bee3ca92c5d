"""The explorer in a real JupyterLab: walk, search, select, keep, compare with the whole, lose a context, wait for a kernel."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from page import BENCH, colourful, drag_lasso, pixels, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

SETUP = """\
import numpy as np
import embedscope as es
from embedscope.encoders.protocol import EncoderRecord

class Letters:
    "How often each letter occurs: small, and what it says can be foreseen."
    record = EncoderRecord("letters", frozenset({"text"}), 26)

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        rows = [[0.01 + text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in payloads]
        vectors = np.asarray(rows, np.float32).reshape(-1, 26)[:, :dims]
        if progress:
            progress(len(rows))
        return np.ascontiguousarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

rng = np.random.default_rng(0)
names = np.array(["ash", "birch", "cedar", "dogwood"])
group = np.repeat(np.arange(4), 60)
marks = ["".join(rng.choice(list("aeiou"), 3)) for _ in group]
items = es.Items.from_texts(
    [f"{names[g]} {names[g]} {names[g]} {mark}" for g, mark in zip(group, marks)],
    ids=[f"tree-{i}" for i in range(240)],
    columns={"tree": names[group], "height": rng.normal(20, 4, 240).round(1)},
    name="Trees",
)
space = es.encode(items, Letters(), progress=False)
"""
SHOW = """\
scope = es.explore(space, color="tree")
scope"""
LOSE = """() => {
  const key = Object.getOwnPropertySymbols(globalThis).find(key => String(key).includes('embedscope.renderers'));
  globalThis[key].renderer.canvas.getContext('webgl').getExtension('WEBGL_lose_context').loseContext();
}"""


@pytest.fixture
def shown(lab: Any) -> Any:
    """A notebook that has run and shows an explorer of 240 texts."""
    write_notebook(lab.server.folder / "explorer.ipynb", [SETUP, SHOW])
    lab.open("explorer.ipynb")
    lab.run_all()
    lab.scope()
    return lab


def cards(scope: Locator) -> Locator:
    return scope.locator(".es-near-walk")


def search(scope: Locator, words: str) -> Locator:
    box = scope.get_by_role("searchbox")
    box.fill(words)
    return box


def test_a_walk_through_the_neighbours_goes_to_python_and_back(shown: Any) -> None:
    scope = shown.scope()
    assert "Click a point" in scope.locator(".es-pane-neighbors").inner_text()
    shown.python("scope.focus = 'tree-70'")
    scope.locator(".es-at-hand").get_by_text("tree-70").first.wait_for()
    cards(scope).nth(11).wait_for()
    found = "[int(row) for row in items.rows_of(space.neighbors_of('tree-70', 12).ids)]"
    wanted = json.loads(shown.python(f"import json; print(json.dumps({found}))"))
    rows = scope.locator(".es-neighbor").evaluate_all("nodes => nodes.map(node => Number(node.dataset.row))")
    assert rows == wanted

    cards(scope).nth(2).click()
    shown.page.wait_for_function(
        "row => document.querySelector('.es-neighbor')?.dataset.row !== row", arg=str(rows[0])
    )
    assert shown.python("print(scope.focus)") == f"tree-{rows[2]}"
    scope.get_by_role("button", name=re.compile("Back")).first.click()
    scope.locator(f".es-neighbor[data-row='{rows[0]}']").wait_for()
    assert shown.python("print(scope.focus)") == "tree-70"


def test_a_click_on_a_point_asks_for_its_neighbours_and_keeps_the_selection(shown: Any) -> None:
    shown.python("scope.selection = items.ids[:60]")
    scope = shown.scope()
    # The table opens below the map: only then does everything stand still.
    scope.locator(".es-row").first.wait_for()
    points = scope.locator(".es-points")
    # A screenshot scrolls to what it takes, and so comes first.
    rows, columns = np.nonzero(np.ptp(pixels(points), axis=2) > 60)
    box = points.bounding_box()
    assert box is not None
    leftmost = columns.argmin()
    shown.page.mouse.click(box["x"] + float(columns[leftmost]) + 3, box["y"] + float(rows[leftmost]))
    cards(scope).nth(5).wait_for()
    assert shown.python("print(scope.focus.startswith('tree-'), len(scope.selection))") == "True 60"


def test_words_are_found_at_once_and_their_meaning_on_enter(shown: Any) -> None:
    scope = shown.scope()
    before = colourful(scope.locator(".es-points"))
    box = search(scope, "BIRCH")
    scope.locator(".es-search-count").filter(has_text=re.compile(r"^60$")).wait_for()
    shown.page.wait_for_timeout(500)
    assert 0 < colourful(scope.locator(".es-points")) < before * 0.7, (
        "what does not hold the words does not fade"
    )
    scope.locator(".es-search-count").click()
    scope.locator(".es-selected").filter(has_text=re.compile("^60 selected")).wait_for()
    assert shown.python("print({items.column('tree')[r] for r in scope.selected_rows})") == "{'birch'}"

    box.fill("cedar cedar")
    box.press("Enter")
    cards(scope).nth(5).wait_for()
    rows = scope.locator(".es-neighbor").evaluate_all("nodes => nodes.map(node => Number(node.dataset.row))")
    assert all(120 <= row < 180 for row in rows)
    assert shown.python("print(scope.neighbors.items.column('tree')[0])") == "cedar"


def test_a_lasso_fills_the_table_and_a_selection_is_kept_by_name(shown: Any) -> None:
    scope = shown.scope()
    drag_lasso(shown, scope.locator(".es-points"))
    scope.locator(".es-row").first.wait_for()
    counted = int(shown.python("print(len(scope.selection))"))
    assert 0 < counted < 240
    assert f"{counted}" in scope.locator(".es-table-words").inner_text()
    share = scope.locator(".es-share").first
    share.wait_for()
    assert "×" in share.inner_text()

    shown.python("scope.selections['left'] = scope.selection; scope.selection = []")
    scope.locator(".es-selected").filter(has_text="selected").wait_for(state="detached")
    shown.python("scope.selection = scope.selections['left'].ids")
    scope.locator(".es-selected").filter(has_text=re.compile(f"^{counted} selected")).wait_for()
    shown.python("scope.label_selection('odd', column='review')")
    options = scope.get_by_label("Colour by").locator("option")
    options.filter(has_text="review").wait_for(state="attached")
    assert shown.python("print(list(scope.items.column('review')).count('odd'))") == str(counted)
    # A second explorer of the same space finds it again: a selection lives with its space.
    assert shown.python("print(len(es.explore(space).selections['left'].ids))") == str(counted)


def test_two_explorers_on_one_page_keep_apart_and_share_a_context(shown: Any) -> None:
    shown.python(
        "from IPython.display import display; other = es.explore(space, title='Other', color='height')"
    )
    shown.page.evaluate(
        """async () => {
          const { commands, shell } = jupyterapp;
          await commands.execute('notebook:insert-cell-below');
          shell.currentWidget.content.activeCell.model.sharedModel.setSource('other');
          await commands.execute('notebook:run-cell');
        }"""
    )
    second = shown.page.locator(".embedscope").nth(1)
    second.locator("canvas").first.wait_for()
    shown.python("other.selection = ['tree-1', 'tree-2']")
    second.locator(".es-selected").filter(has_text=re.compile("^2 selected")).wait_for()
    assert shown.python("print(scope.selection, other.color_by)") == "[] height"
    contexts = shown.page.evaluate(
        "() => Object.getOwnPropertySymbols(globalThis).filter(key => String(key).includes('embedscope')).length"
    )
    assert contexts == 1


def test_a_lost_context_comes_back_with_its_points_and_its_selection(shown: Any) -> None:
    scope = shown.scope()
    shown.python("scope.selection = items.ids[:60]")
    scope.locator(".es-selected").filter(has_text=re.compile("^60 selected")).wait_for()
    shown.page.mouse.move(5, 5)
    shown.page.wait_for_timeout(800)
    before = pixels(scope.locator(".es-points"))
    shown.page.evaluate(LOSE)
    shown.page.wait_for_timeout(1500)
    after = pixels(scope.locator(".es-points"))
    changed = (np.abs(before - after).max(axis=2) > 40).mean()
    assert changed < 0.005, f"{changed:.1%} of the pixels differ"
    assert colourful(scope.locator(".es-points")) > 300


def test_a_busy_kernel_is_said_and_what_was_asked_comes(shown: Any) -> None:
    scope = shown.scope()
    shown.page.evaluate(
        """() => {
          const { commands, shell } = jupyterapp;
          const notebook = shell.currentWidget.content;
          notebook.activeCellIndex = notebook.widgets.length - 1;
          commands.execute('notebook:insert-cell-below').then(() => {
            notebook.activeCell.model.sharedModel.setSource('import time; time.sleep(6)');
            commands.execute('notebook:run-cell');
          });
        }"""
    )
    shown.page.wait_for_timeout(800)
    search(scope, "dogwood")
    # Kernels that answer beside the running cell have the number at once; the others make one wait, and it is said.
    scope.locator(".es-search-count:text-is('60'), .es-notice.es-shown:has-text('busy')").first.wait_for(
        timeout=4000
    )
    scope.locator(".es-search-count").filter(has_text=re.compile(r"^60$")).wait_for(timeout=15_000)
    shown.wait_idle()


def test_the_explorer_follows_the_dark_theme(shown: Any) -> None:
    scope = shown.scope()
    shown.python("scope.focus = 'tree-3'; scope.selection = items.ids[:9]")
    scope.locator(".es-row").first.wait_for()
    shown.theme("JupyterLab Dark")
    shown.page.wait_for_timeout(600)
    for pane in (".es-points", ".es-pane-neighbors", ".es-pane-table", ".es-header"):
        ground = np.median(pixels(scope.locator(pane)), axis=(0, 1))
        assert ground.max() < 60, pane


@pytest.mark.network
def test_the_workbench_goes_from_a_choice_to_a_map(lab: Any) -> None:
    write_notebook(lab.server.folder / "bench.ipynb", [BENCH])
    lab.open("bench.ipynb")
    lab.run_all()
    form = lab.page.locator(".es-pane-workbench")
    form.get_by_role("radio", name=re.compile("trees")).click()
    form.get_by_role("radio", name=re.compile("wordllama")).click()
    form.get_by_role("button", name="Embed and explore").click()
    explorer = lab.page.locator(".embedscope").nth(1)
    explorer.locator("canvas").first.wait_for(timeout=120_000)
    assert colourful(explorer.locator(".es-points")) > 100
    line = form.locator("code").inner_text()
    assert "wordllama" in line
    assert lab.python("print(len(bench.explorer.space))") == "60"
    assert lab.python(f"print(({line}).space.ids == bench.explorer.space.ids)") == "True"
