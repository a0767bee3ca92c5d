"""Executed notebooks: tidy, small, and known to be stale when their sources change."""

from __future__ import annotations

import nbformat
import pytest

from embedscope import tutorials
from embedscope._errors import InputError
from embedscope.tutorials.__main__ import main
from embedscope.tutorials.executed import LARGEST

SOURCE = """\
# %% [markdown]
# # Does it run?

# %%
import embedscope as es
import tqdm
from tqdm.auto import tqdm as any_bar

for _ in any_bar(tqdm.tqdm(range(300), mininterval=0), mininterval=0):
    pass
open("result.txt", "w").write("done")

# %%
es.map(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]], columns={"label": ["x", "y", "x"]}), color="label")

# %%
assert True
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with one small tutorial in it."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/01_small.py").write_text(SOURCE)
    return tmp_path / "notebooks"


def test_a_tutorial_is_executed_beside_its_source(folder) -> None:
    (written,) = tutorials.execute_into(folder, [folder / "01_small.py"])
    assert sorted(path.name for path in folder.iterdir()) == ["01_small.ipynb", "01_small.py"]
    notebook = nbformat.read(written, 4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info", "embedscope"}
    assert [cell.id for cell in notebook.cells] == ["cell-01", "cell-02", "cell-03", "cell-04"]
    assert all("execution" not in cell.metadata for cell in notebook.cells)
    bars, view = notebook.cells[1].outputs, notebook.cells[2].outputs
    assert [output.output_type for output in bars] == ["execute_result"], "the progress bar left something"
    kinds = {kind for output in view for kind in output.data}
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} <= kinds


def test_executing_again_gives_the_same_file(folder) -> None:
    source = folder / "01_small.py"
    (first,) = tutorials.execute_into(folder, [source])
    before = first.read_bytes()
    tutorials.execute_into(folder, [source])
    assert first.read_bytes() == before


def test_a_notebook_is_stale_when_its_source_changes(folder) -> None:
    source = folder / "01_small.py"
    assert tutorials.stale_notebooks(folder) == (
        "notebooks/01_small.ipynb is not there; type: make notebooks",
    )
    source.write_text("# %%\n1 + 1\n")
    tutorials.execute_into(folder, [source])
    assert tutorials.stale_notebooks(folder) == ()
    source.write_bytes(b"# %%\r\n1 + 1\r\n")
    assert tutorials.stale_notebooks(folder) == (), "the ends of lines are no change"
    source.write_text("# %%\n1 + 2\n")
    assert tutorials.stale_notebooks(folder) == (
        "notebooks/01_small.ipynb is not of 01_small.py as it is now; type: make notebooks",
    )
    source.unlink()
    assert tutorials.stale_notebooks(folder) == ("notebooks/01_small.ipynb has no source; remove it.",)


def test_a_large_notebook_is_refused_and_not_written(folder) -> None:
    source = folder / "01_small.py"
    source.write_text(f"# %%\n'x' * {LARGEST}\n")
    with pytest.raises(InputError, match="show fewer or smaller pictures"):
        tutorials.execute_into(folder, [source])
    assert not (folder / "01_small.ipynb").exists()


def test_the_makefile_makes_and_checks(folder) -> None:
    (folder / "01_small.py").write_text("# %%\n1 + 1\n")
    with pytest.raises(SystemExit, match=r"01_small\.ipynb is not there"):
        main(["check", str(folder)])
    main(["make", str(folder), "--only", "01"])
    main(["check", str(folder)])
    assert nbformat.read(folder / "01_small.ipynb", 4).cells[0].outputs[0].data["text/plain"] == "2"
