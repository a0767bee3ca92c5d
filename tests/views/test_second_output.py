"""Below a live view stands a picture of it, which notebooks keep."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image as PILImage

from embedscope.views.map_widget import Map
from embedscope.views.palette import PALETTE
from embedscope.views.second_output import SecondOutput, notebook_shell

WIDGET = "application/vnd.jupyter.widget-view+json"
SETUP = """\
import numpy as np
import embedscope as es
import ipywidgets
from IPython.display import display
vectors = np.eye(3)[np.repeat([0, 1, 2], 20)] + np.random.default_rng(0).normal(0, 0.1, (60, 3))
space = es.Space.from_arrays(vectors, columns={"tree": np.repeat(["ash", "birch", "cedar"], 20)})
scope = es.map(space, layout="pca", color="tree", title="Trees")"""


CHANGE = "other.set_state({'color_by': 'none'})"
CELLS = {
    "last": "scope",
    "display": "display(scope)",
    "inside": "ipywidgets.VBox([scope])",
    "repr": "print(repr(scope))",
    "select": "scope.selection = list(range(20))",
    "other": "other = es.map(space, layout='pca', color='tree'); other",
    "later": f"""\
import threading, time
before, limit = other._below._shown, time.monotonic() + 60
threading.Timer(0.2, lambda: exec({CHANGE!r}, globals())).start()""",
    "rest": """\
while other._below._shown == before and time.monotonic() < limit:
    time.sleep(0.1)
print(other._below._shown != before)
time.sleep(0.5)""",
    "closed": "other.close(); other.color_by = 'tree'; print(other._below._timer, other._below._shell)",
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[Any]]:
    """What cells put out that a real kernel runs, as nbconvert and papermill do."""
    code = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, *CELLS.values())]
    notebook = nbformat.v4.new_notebook(cells=code)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells[1:]), strict=True))


def kinds(outputs: list[Any]) -> list[str]:
    return ["widget" if WIDGET in output.data else "image" for output in outputs]


def image_of(output: Any) -> np.ndarray:
    opened = PILImage.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    assert opened.text == {"Source": "embedscope"}
    return np.asarray(opened.convert("RGB")).astype(int)


def count_near(image: np.ndarray, color: str) -> int:
    wanted = np.array(list(bytes.fromhex(color[1:])))
    return int((np.abs(image - wanted).max(axis=2) <= 20).sum())


def test_each_way_of_showing_gives_the_widget_and_one_picture_of_it(outputs: dict[str, list[Any]]) -> None:
    assert kinds(outputs["last"]) == kinds(outputs["display"]) == ["widget", "image"]
    assert kinds(outputs["inside"]) == ["widget"]
    for widget, picture in (outputs["last"], outputs["display"]):
        assert picture.data["text/plain"] == widget.data["text/plain"] == outputs["repr"][0].text.strip()
        assert picture.metadata["image/png"]["width"] == 1000


def test_the_pictures_follow_what_later_cells_change(outputs: dict[str, list[Any]]) -> None:
    for name in ("last", "display"):
        image = image_of(outputs[name][1])
        assert count_near(image, PALETTE[0]) > 200
        assert all(count_near(image, color) < 200 for color in PALETTE[1:3]), "the others have not faded"


def test_a_change_from_the_page_is_drawn_once_the_view_rests(outputs: dict[str, list[Any]]) -> None:
    assert outputs["rest"][0].text == "True\n"
    image = image_of(outputs["other"][1])
    assert all(count_near(image, color) == 0 for color in PALETTE[1:3])


def test_a_closed_view_is_drawn_no_more(outputs: dict[str, list[Any]]) -> None:
    assert outputs["closed"][0].text == "None None\n"


def test_outside_a_notebook_nothing_more_is_displayed(space, layout, clusters) -> None:
    shown = Map(space, layout, clusters)
    assert notebook_shell() is None
    with pytest.raises(NotImplementedError):
        shown._ipython_display_()
    code = "from IPython.core.interactiveshell import InteractiveShell\n"
    code += f"shell = InteractiveShell.instance()\nshell.run_cell({SETUP!r})\n"
    code += "shell.run_cell('scope').raise_error()\nshell.run_cell('display(scope)').raise_error()"
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )
    assert said.stdout.count("Map(60 items") == 2


def test_a_picture_that_cannot_be_drawn_leaves_the_view_alone(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> bytes:
        raise OSError("no font")

    output = SecondOutput(fail, lambda: "words", 100)
    output._send(update=False)
    assert "could not be drawn" in caplog.text
    assert "no font" in caplog.text
