"""The front door: its exact names, its speed, and that a room never shadows a verb."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import embedscope as es

NAMES = [
    "Bandwidth",
    "Clusters",
    "Comparison",
    "Explorer",
    "Items",
    "Layout",
    "Map",
    "Pairs",
    "Run",
    "Space",
    "__version__",
    "cluster",
    "compare",
    "datasets",
    "distill",
    "encode",
    "encoders",
    "evaluate",
    "explore",
    "finetune",
    "layout",
    "load_encoder",
    "load_items",
    "load_pairs",
    "map",
    "mine_negatives",
    "runs",
    "soup",
    "train_specialist",
    "watch",
    "workbench",
]


def fresh(code: str) -> str:
    """Run code in a process of its own and give what it printed."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_the_front_door_has_exactly_these_names() -> None:
    assert es.__all__ == NAMES
    assert dir(es) == sorted(NAMES)


def test_type_checkers_see_the_same_names(repo) -> None:
    tree = ast.parse((repo / "embedscope/__init__.py").read_text())
    block = next(n for n in tree.body if isinstance(n, ast.If))
    seen = {a.asname or a.name for n in ast.walk(block) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert seen - {"InteractiveShell"} == set(NAMES) - {"__version__"}


def test_every_name_is_there_and_says_what_it_is() -> None:
    for name in NAMES:
        assert getattr(es, name).__doc__, name


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(AttributeError, match="load_items"):
        es.explode  # noqa: B018


def test_import_is_light() -> None:
    heavy = [
        "torch",
        "transformers",
        "umap",
        "lancedb",
        "plotly",
        "matplotlib",
        "pandas",
        "sklearn",
        "pyarrow",
    ]
    loaded = fresh(f"import sys, embedscope; print([m for m in {heavy} if m in sys.modules])")
    assert loaded.strip() == "[]"


@pytest.mark.parametrize(
    "name",
    [
        "Run",
        "compare",
        "distill",
        "evaluate",
        "explore",
        "map",
        "runs",
        "train_specialist",
        "watch",
        "workbench",
    ],
)
def test_what_shows_compares_and_trains_loads_torch_when_it_computes(name: str) -> None:
    assert (
        fresh(f"import sys, embedscope; embedscope.{name}; print('torch' in sys.modules)").strip() == "False"
    )


@pytest.mark.parametrize(
    "room",
    [
        "clusters",
        "comparison",
        "encoders",
        "evaluation",
        "items",
        "layouts",
        "neighbors",
        "spaces",
        "training",
        "views",
    ],
)
def test_verbs_work_twice_and_after_their_room_was_imported(room: str) -> None:
    code = f"""
import embedscope
import embedscope.{room}
import embedscope as es
import numpy as np
import pkgutil, importlib
for module in pkgutil.iter_modules(embedscope.{room}.__path__, "embedscope.{room}."):
    importlib.import_module(module.name)
space = es.Space.from_arrays(np.random.default_rng(0).normal(size=(40, 8)).astype("float32"))
for _ in range(2):
    assert es.datasets() is not None and es.encoders() is not None
    assert len(es.load_items(["a", "b"])) == 2
    layout = es.layout(space, method="pca")
    assert es.cluster(space, layout).labels.shape == (40,)
    assert callable(es.encode) and callable(es.load_encoder) and callable(es.load_pairs) and callable(es.map)
    assert callable(es.explore) and callable(es.workbench)
    assert callable(es.distill) and callable(es.evaluate) and callable(es.train_specialist)
    assert callable(es.runs) and callable(es.watch)
    assert isinstance(es.compare(space, space.truncate(4)), es.Comparison)
print("fine")
"""
    assert fresh(code).strip() == "fine"
