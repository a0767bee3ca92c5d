"""Every tutorial runs top to bottom, as a person would run it."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from embedscope import tutorials

SOURCES = tutorials.sources()


@pytest.mark.notebook
@pytest.mark.network
@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_tutorial_runs(source, tmp_path) -> None:
    notebook = tutorials.read(source)
    assert notebook.cells[0].cell_type == "markdown"
    assert "?" in notebook.cells[0].source.splitlines()[0]
    assert "assert" in notebook.cells[-1].source
    assert len(notebook.cells) <= 25
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(notebook)


@pytest.mark.notebook
@pytest.mark.network
def test_the_demo_writes_its_results(tmp_path) -> None:
    written = {path.name for path in tutorials.execute_first(tmp_path)}
    assert written == {"01_first_look.ipynb", "map.png", "clusters.csv", "neighbors.csv"}
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    assert len((tmp_path / "neighbors.csv").read_text().splitlines()) == 8_001
