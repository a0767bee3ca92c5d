"""What tests read off a page and do with the mouse."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
from PIL import Image as PILImage

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# A workbench, and three times twenty texts to choose.
BENCH = """\
import embedscope as es
trees = [f"{tree} {word}" for tree in ("ash", "birch", "cedar") for word in
         "leaf root bark seed twig wood bud stem sap crown shade height age ring mast knot bole fork burr limb".split()]
bench = es.workbench()
bench"""


def write_notebook(path: Any, cells: list[str]) -> None:
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    # Without a kernelspec JupyterLab asks which kernel to start, and waits.
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata=kernel), path)


def pixels(points: Locator) -> np.ndarray:
    picture = PILImage.open(io.BytesIO(points.screenshot())).convert("RGB")
    return np.asarray(picture).astype(int)


def colourful(points: Locator) -> int:
    """How many pixels are neither ground nor letters."""
    return int((np.ptp(pixels(points), axis=2) > 60).sum())


def drag_lasso(lab: Any, points: Locator) -> None:
    """Draw around the left half of the map with the mouse, beside its tools."""
    box = points.bounding_box()
    assert box is not None
    corners = [(0.07, 0.98), (0.5, 0.98), (0.5, 0.02), (0.07, 0.02), (0.07, 0.95)]
    path = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    lab.page.get_by_role("button", name=re.compile("Lasso")).first.click()
    lab.page.mouse.move(*path[0])
    lab.page.mouse.down()
    for x, y in path[1:]:
        lab.page.mouse.move(x, y, steps=12)
    lab.page.mouse.up()


def lasso_count(words: Locator) -> int:
    """How many points the page says are selected, once it says so and not what it said before."""
    words.filter(has_text=re.compile(r"^(?!5 selected)[\d,]+ selected")).wait_for()
    return int(re.match(r"[\d,]+", words.inner_text())[0].replace(",", ""))
