"""A distillation in a real JupyterLab: it moves, pauses, is found after a reload and a restart, and stops."""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from page import write_notebook

from embedscope.training.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator

# A busy machine takes minutes to load a net and to make the stem's features.
pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.timeout(2400)]
PATIENCE = 900_000

SETUP = """\
import numpy as np
import embedscope as es

def few(items, column, wanted=None, classes=14):
    if wanted is not None:
        items = items.take(items.column("category") == wanted)
    names = list(dict.fromkeys(items.column("label").tolist()))[:classes]
    return items.take(np.isin(items.column("label").astype(str), names))

items = {
    "flags": few(es.load_items("emoji"), "label", "Flags"),
    "logos": few(es.load_items("logos"), "label"),
}

# A specialist that is quick: it knows where which colours are.
def colours(part):
    pictures = [payload.open().convert("RGB").resize((6, 6)) for payload in part.payloads]
    return es.Space.from_arrays(np.stack([np.asarray(each).ravel() / 255 for each in pictures]), ids=part.ids)

run = es.distill({name: colours(part) for name, part in items.items()}, items, validation=0.4, image_size=32,
                 variants=1, dims=16, n_classes=4, per_class=2, steps=20_000, validations=1_000, device="cpu",
                 folder="watched")
view = es.watch(run)
view"""

AGAIN = """\
import embedscope as es
view = es.watch("watched")
view"""


@pytest.fixture
def shown(lab: Any) -> Iterator[Any]:
    """A notebook whose run works, and is stopped with the test."""
    folder = lab.server.folder / "watched"
    write_notebook(lab.server.folder / "training.ipynb", [SETUP])
    lab.open("training.ipynb")
    lab.run_all(PATIENCE / 1000)
    yield lab
    if (folder / "config.json").is_file():
        run = Run(folder)
        run.stop()
        run.wait(120)


def pane(lab: Any) -> Locator:
    return lab.page.locator(".es-pane-training").last


def wait_for_state(lab: Any, words: str) -> None:
    pane(lab).locator(".es-train-state", has_text=re.compile(f"^{words}$")).wait_for(timeout=PATIENCE)


def step_in_words(lab: Any) -> int:
    words = pane(lab).locator(".es-train-detail").first.inner_text()
    return int(re.search(r"step ([\d,]+)", words)[1].replace(",", ""))


def wait_for_more(lab: Any, step: int) -> None:
    lab.page.wait_for_function(
        """before => {
          const panes = [...document.querySelectorAll('.es-pane-training')];
          const words = panes.at(-1)?.querySelector('.es-train-detail')?.textContent ?? '';
          return Number(/step ([\\d,]+)/.exec(words)?.[1].replaceAll(',', '') ?? -1) > before;
        }""",
        arg=step,
        timeout=PATIENCE,
    )


def wait_for_map(lab: Any) -> None:
    pane(lab).locator(".es-train-stage canvas").first.wait_for(timeout=PATIENCE)
    pane(lab).locator(".es-train-curve").nth(8).wait_for(timeout=PATIENCE, state="attached")


def press(lab: Any, name: str) -> None:
    pane(lab).get_by_role("button", name=name, exact=True).click()


def save(lab: Any) -> None:
    lab.command("docmanager:save")
    lab.page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")


def shut_down_kernels(lab: Any) -> None:
    def call(method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {lab.server.token}"}
        request = urllib.request.Request(f"{lab.server.url}/api/{path}", headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return bytes(reply.read())

    for session in json.loads(call("GET", "sessions")):
        call("DELETE", f"sessions/{session['id']}")


def test_a_run_moves_pauses_is_found_again_and_stops(shown: Any) -> None:
    lab = shown
    wait_for_state(lab, "Running")
    wait_for_map(lab)
    wait_for_more(lab, step_in_words(lab))
    # The text that is there, laid out or not: the labels are made anew while the run goes on.
    names = pane(lab).locator("[data-chart='recall'] .es-train-name")
    assert {*names.all_text_contents()} >= {"flags", "logos", "mean"}

    press(lab, "Pause")
    wait_for_state(lab, "Paused")
    assert lab.python("print(run.state)") == "paused"
    paused = step_in_words(lab)

    # The page is loaded anew: the kernel still has the view.
    save(lab)
    lab.open("training.ipynb")
    wait_for_state(lab, "Paused")
    wait_for_map(lab)
    assert step_in_words(lab) == paused

    # The map of the first step, then the newest again.
    slider = pane(lab).get_by_role("slider", name="Step of the map")
    slider.focus()
    slider.press("Home")
    pane(lab).locator(".es-train-at", has_text=re.compile("^step 0$")).wait_for()
    assert json.loads(lab.python("print([view.map_step, view.training['maps']['shown']])")) == [0, 0]
    press(lab, "Newest")

    press(lab, "Resume")
    wait_for_state(lab, "Running")
    wait_for_more(lab, paused)
    press(lab, "Stop")
    wait_for_state(lab, "Stopped")
    stopped = step_in_words(lab)
    first_map = lab.python("print(float(abs(view._maps.layout(0).coords).sum()))")

    # A new kernel knows nothing of the run: its folder does.
    save(lab)
    shut_down_kernels(lab)
    write_notebook(lab.server.folder / "again.ipynb", [AGAIN])
    lab.open("again.ipynb")
    lab.run_all()
    wait_for_state(lab, "Stopped")
    wait_for_map(lab)
    assert step_in_words(lab) == stopped
    assert lab.python("print(float(abs(view._maps.layout(0).coords).sum()))") == first_map
    press(lab, "Resume")
    wait_for_state(lab, "Running")
    wait_for_more(lab, stopped)
    press(lab, "Stop")
    wait_for_state(lab, "Stopped")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_serious_fault_of_accessibility(shown: Any, theme: str) -> None:
    shown.theme(theme)
    wait_for_map(shown)
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
