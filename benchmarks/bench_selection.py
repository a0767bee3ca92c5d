"""A large selection's way to Python, and what a point costs in the kernel and on the wire.

Without a browser: the message that a front end sends for 300,000 of a million rows, until
``map.selection`` holds the ids. With one: from the mouse button's release in a real JupyterLab until the
kernel has the ids.

    python benchmarks/bench_selection.py [--no-lab]
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.util
import json
import re
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np
from browser_pages import chromium
from browser_sides import make_map, map_parts
from ipywidgets.widgets.widget import _remove_buffers
from rows import row

import embedscope as es

POINTS, SELECTED, RUNS = 1_000_000, 300_000, 5
SETUP = f"""\
import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from browser_sides import make_map
scope = make_map({POINTS})
arrived = []
scope.observe(lambda change: arrived.append((time.time(), len(change["new"]))), "selection")
scope"""
RELEASED = "() => addEventListener('pointerup', () => { window.released = Date.now() }, true)"


def selection_message(count: int) -> dict[str, Any]:
    """What a front end sends when so many rows are selected."""
    rows = np.sort(np.random.default_rng(0).choice(POINTS, count, replace=False)).astype("<u4")
    state = {"selection_rows": {"dtype": "uint32", "shape": [count]}}
    content = {"method": "update", "state": state, "buffer_paths": [["selection_rows", "data"]]}
    return {"content": {"data": content}, "buffers": [memoryview(rows.tobytes())]}


def in_python() -> float:
    """Median milliseconds from the message to the ids; a selection of another size lies between two runs."""
    scope, times = make_map(POINTS), []
    for _ in range(RUNS):
        scope._handle_msg(selection_message(1000))
        message = selection_message(SELECTED)
        begin = time.perf_counter()
        scope._handle_msg(message)
        assert len(scope.selection) == SELECTED
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def point_costs() -> tuple[float, float]:
    """Bytes a point that a map keeps in the kernel beside its space, and that travel to the page."""
    space, layout, clusters = map_parts(POINTS)
    gc.collect()
    tracemalloc.start()
    scope = es.map(space, layout=layout, clusters=clusters, color="group")
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    buffers = _remove_buffers(scope.get_state())[2]
    return kept / POINTS, sum(memoryview(buffer).nbytes for buffer in buffers) / POINTS


def lab_tools() -> ModuleType:
    """What the browser tests open JupyterLab with."""
    path = Path(__file__).parents[1] / "tests" / "browser" / "conftest.py"
    spec = importlib.util.spec_from_file_location("lab_tools", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def in_lab() -> tuple[float, int]:
    """Milliseconds from the release of the mouse to the ids in the kernel, and how many they are."""
    tools = lab_tools()
    with contextlib.ExitStack() as stack:
        folder, home = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        server = stack.enter_context(tools.running_lab(folder, home))
        page = stack.enter_context(chromium()).new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(180_000)
        lab = tools.Lab(page, server)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        cells = [nbformat.v4.new_code_cell(SETUP)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "lasso.ipynb")
        lab.open("lasso.ipynb")
        lab.run_all(seconds=600)
        points = lab.scope().locator(".es-points")
        page.evaluate(RELEASED)
        _drag(lab, points.bounding_box())
        page.locator(".es-selected").filter(has_text=re.compile(r"\d selected")).first.wait_for()
        at, count = json.loads(lab.python("import json; print(json.dumps(arrived[-1]))"))
        return 1000 * at - page.evaluate("() => released"), count


def _drag(lab: Any, box: dict[str, float]) -> None:
    """Draw a lasso around the left of the map, beside its tools."""
    # Bars lie over the upper left corner: a press on them draws nothing.
    corners = [(0.08, 0.98), (0.4, 0.98), (0.4, 0.02), (0.08, 0.02), (0.08, 0.95)]
    path = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    lab.page.get_by_role("button", name=re.compile("Lasso")).first.click()
    lab.page.mouse.move(*path[0])
    lab.page.mouse.down()
    for x, y in path[1:]:
        # Drawn in software, a million points take a second a frame: few moves, or the release comes late.
        lab.page.mouse.move(x, y, steps=2)
    lab.page.mouse.up()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-lab", action="store_true", help="leave JupyterLab out")
    options = parser.parse_args()
    kept, wire = point_costs()
    row("map of 1M points: bytes a point in the kernel", kept, "B")
    row("map of 1M points: bytes a point on the wire", wire, "B", "a limit", "<= 12")
    name = f"selection of {SELECTED:,} of {POINTS:,} points"
    met = row(f"{name}: message to ids in the kernel", in_python(), "ms", "a limit", "<= 1000")
    if not options.no_lab:
        elapsed, count = in_lab()
        name = f"lasso of {count:,} of {POINTS:,} points in JupyterLab: release to ids in the kernel"
        met = row(name, elapsed, "ms", "a limit", "<= 1000") and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
