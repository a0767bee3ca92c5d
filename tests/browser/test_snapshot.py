"""What stands in a notebook after a reload: the live map while there is a kernel, else a picture of it."""

from __future__ import annotations

import base64
import io
import json
import urllib.request
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.views.palette import PALETTE

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

SETUP = """\
import numpy as np
import embedscope as es
from IPython.display import display
from PIL import Image

vectors = np.eye(3)[np.repeat([0, 1, 2], 40)] + np.random.default_rng(0).normal(0, 0.1, (120, 3))
space = es.Space.from_arrays(vectors, columns={"tree": np.repeat(["ash", "birch", "cedar"], 40)})
scope = es.map(space, layout="pca", color="tree", title="Trees", height=320)
other = es.map(space, layout="pca", color="none", title="One colour", height=320)"""
CELLS = [SETUP, "scope", "display(other)\ndisplay(Image.new('RGB', (90, 60), '#336699'))"]
# The notebook's own model, not what the page shows of it.
PICTURES = """() => [...jupyterapp.shell.currentWidget.content.widgets]
  .flatMap(cell => cell.model.outputs?.toJSON() ?? []).map(output => output.data?.['image/png']).filter(Boolean)"""


def write_notebook(path: Any) -> None:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    code = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata=kernel), path)


def shut_down_kernels(lab: Any) -> None:
    def call(method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {lab.server.token}"}
        request = urllib.request.Request(f"{lab.server.url}/api/{path}", headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as reply:
            return bytes(reply.read())

    for session in json.loads(call("GET", "sessions")):
        call("DELETE", f"sessions/{session['id']}")


def pictures(lab: Any) -> Locator:
    return lab.page.locator(".jp-RenderedImage img")


def visible(lab: Any) -> list[bool]:
    """Which pictures are seen: that of the first map, that of the second, and the person's own."""
    return [image.is_visible() for image in pictures(lab).all()]


def live(lab: Any) -> None:
    """Wait until both maps are there."""
    for place in (0, 1):
        lab.page.locator(".embedscope").nth(place).locator("canvas").first.wait_for(timeout=30_000)


def count_near(png: str, color: str) -> int:
    image = np.asarray(PILImage.open(io.BytesIO(base64.b64decode(png))).convert("RGB")).astype(int)
    return int((np.abs(image - list(bytes.fromhex(color[1:]))).max(axis=2) <= 20).sum())


@pytest.mark.timeout(300)
def test_a_picture_stands_where_the_map_was_once_its_kernel_is_gone(lab: Any) -> None:
    write_notebook(lab.server.folder / "pictures.ipynb")
    lab.open("pictures.ipynb")
    lab.run_all()
    live(lab)
    lab.page.wait_for_function("() => document.querySelectorAll('.jp-RenderedImage img').length === 3")
    assert visible(lab) == [False, False, True]

    # A change is drawn anew; the new picture is as hidden as the first.
    (first, *_) = lab.page.evaluate(PICTURES)
    assert count_near(first, PALETTE[2]) > 200
    lab.page.locator(".embedscope").first.get_by_label("Colour by").select_option("none")
    lab.page.wait_for_function(f"first => ({PICTURES})()[0] !== first", arg=first)
    assert count_near(lab.page.evaluate(PICTURES)[0], PALETTE[2]) < 50
    assert visible(lab) == [False, False, True]

    # With its kernel alive a reload brings the maps themselves back.
    lab.command("docmanager:save")
    lab.page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")
    lab.open("pictures.ipynb")
    live(lab)
    assert visible(lab) == [False, False, True]

    shut_down_kernels(lab)
    lab.open("pictures.ipynb")
    lab.page.wait_for_function("() => document.querySelectorAll('.jp-RenderedImage img').length === 3")
    pictures(lab).first.wait_for(state="visible")
    assert visible(lab) == [True, True, True]
    assert lab.page.locator(".embedscope").count() == 0
    box = pictures(lab).first.bounding_box()
    assert box is not None
    assert box["width"] > 600
