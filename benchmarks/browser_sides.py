"""What each side of the browser benchmark gets: its own code, and the state that its own Python makes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from ipywidgets.widgets.widget import _remove_buffers

import embedscope as es

SIDES = ("embedscope", "jupyter-scatter", "plotly")
# The versions that the figures are about; both are only ever fetched for the benchmark.
PEER = ("jupyter-scatter==1.0.1", "geoindex-rs==0.2.1", "pooch==1.9.0")
CATEGORIES = 20
WIDTH, HEIGHT = 900, 600


def make_points(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Places in 20 bumps of different sizes and the bump that each is of."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, CATEGORIES, n)
    centres, spread = rng.uniform(-8, 8, (CATEGORIES, 2)), rng.uniform(0.4, 1.6, CATEGORIES)
    return (centres[codes] + rng.normal(size=(n, 2)) * spread[codes, None]).astype(np.float32), codes


def names_of(codes: np.ndarray) -> np.ndarray:
    return np.char.add("group ", codes.astype(str))


def map_parts(n: int) -> tuple[es.Space, es.Layout, es.Clusters]:
    """The points as a space; its layout and clusters are given, for they are not what is measured."""
    coords, codes = make_points(n)
    space = es.Space.from_arrays(coords, columns={"group": names_of(codes)})
    layout = es.Layout(coords, "pca", {"trust_k": 15}, 1.0, 1.0, np.ones(n, np.float32), None)
    order = np.argsort(-np.bincount(codes, minlength=CATEGORIES), kind="stable")
    labels = np.argsort(order)[codes].astype(np.int32)
    names = tuple(f"group {code}" for code in order)
    return space, layout, es.Clusters(labels, np.ones(n, np.float32), names, "map", {})


def make_map(n: int) -> es.Map:
    """Our map of these points."""
    space, layout, clusters = map_parts(n)
    return es.map(space, layout=layout, clusters=clusters, color="group", height=HEIGHT)


def embedscope_side(n: int) -> dict[str, Any]:
    return make_map(n).get_state()


@cache
def peer_folder() -> Path:
    """Fetch jupyter-scatter beside the environment, never into it."""
    folder = Path(tempfile.mkdtemp(prefix="jupyter-scatter-"))
    install = ["uv", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), *PEER]
    subprocess.run([sys.executable, "-m", *install], check=True)
    sys.path.append(str(folder))
    return folder


def jupyter_scatter_side(n: int) -> dict[str, Any]:
    peer_folder()
    import jscatter
    import pandas as pd

    coords, codes = make_points(n)
    frame = pd.DataFrame({"x": coords[:, 0], "y": coords[:, 1], "group": pd.Categorical(names_of(codes))})
    scatter = jscatter.Scatter(data=frame, x="x", y="y", color_by="group", width=WIDTH, height=HEIGHT)
    # On a busy machine the mouse seems to rest before a drag, which would begin a lasso and not a pan.
    scatter.widget.lasso_on_long_press = False
    return scatter.widget.get_state()


def plotly_side(n: int) -> dict[str, Any]:
    """One trace a category, as plotly express makes them; its arrays as FigureWidget sends them."""
    import plotly

    coords, codes = make_points(n)
    traces = [
        {
            "type": "scattergl",
            "mode": "markers",
            "name": f"group {code}",
            "marker": {"size": 3},
            "x": coords[codes == code, 0].tobytes(),
            "y": coords[codes == code, 1].tobytes(),
        }
        for code in range(CATEGORIES)
    ]
    layout = {"width": WIDTH, "height": HEIGHT, "dragmode": "pan", "showlegend": False}
    code = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return {
        "_esm": code.read_text(encoding="utf-8"),
        "_css": "",
        "data": traces,
        "layout": layout,
        "config": {},
    }


MAKERS: dict[str, Callable[[int], dict[str, Any]]] = {
    "embedscope": embedscope_side,
    "jupyter-scatter": jupyter_scatter_side,
    "plotly": plotly_side,
}


def write_side(side: str, n: int, folder: Path) -> int:
    """Write a side's code and state where the page finds them; gives the bytes of the state."""
    state = MAKERS[side](n)
    folder.mkdir(parents=True)
    (folder / "code.js").write_text(state.pop("_esm"), encoding="utf-8")
    css = state.pop("_css")
    state, paths, buffers = _remove_buffers(state)
    places, written = [], 0
    with (folder / "state.bin").open("wb") as file:
        for path, buffer in zip(paths, buffers, strict=True):
            data = memoryview(buffer).cast("B")
            places.append({"path": path, "start": written, "stop": written + data.nbytes})
            file.write(data)
            written += data.nbytes
    text = json.dumps({"state": state, "css": css, "buffers": places}, default=float)
    (folder / "state.json").write_text(text, encoding="utf-8")
    return written + len(json.dumps(state, default=float))
