"""Executed tutorials: with results to look at, small, and of their sources as they are."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope.tutorials.sources import read, sources

LARGEST = 1_000_000
_VIEW = "application/vnd.jupyter.widget-view+json"
_CELL_SECONDS = 900
_OUTPUT_SECONDS = 40
_TRIES = 3
_STATE = "application/vnd.jupyter.widget-state+json"
_BAR = re.compile(r"\d+%\|")
_CONTROLS = "@jupyter-widgets/controls"


def execute_first(folder: Path) -> tuple[Path, ...]:
    """Execute tutorial 01 in a folder; its results are written there.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Returns
    -------
    tuple of Path
        The executed notebook and the files that it wrote.
    """
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    source = sources()[0]
    nbformat.write(_execute(source, folder), folder / f"{source.stem}.ipynb")  # type: ignore[no-untyped-call]
    return tuple(sorted(folder.iterdir()))


def execute_into(folder: Path, only: Sequence[Path] | None = None) -> tuple[Path, ...]:
    """Execute tutorials in fresh kernels, and write them as they are kept in the repository.

    What the tutorials write lands in a folder that is thrown away.

    Parameters
    ----------
    folder : Path
        Where the notebooks go.
    only : sequence of Path, optional
        The sources; all of them when nothing is said.

    Returns
    -------
    tuple of Path
        The notebooks that were written.

    Raises
    ------
    InputError
        If a notebook is larger than `LARGEST` bytes; it is not written.
    """
    written = []
    for source in sources() if only is None else only:
        with tempfile.TemporaryDirectory() as place:
            notebook = _execute(source, Path(place))
        # Names of what lies there begin where a reader's own would.
        text = _as_text(tidy(notebook, source)).replace(f"{place}/", "")
        size = len(text.encode())
        if size > LARGEST:
            raise InputError(
                f"{source.stem}.ipynb would have {size:,} bytes, and {LARGEST:,} are allowed: "
                "show fewer or smaller pictures."
            )
        target = folder / f"{source.stem}.ipynb"
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return tuple(written)


def stale_notebooks(folder: Path) -> tuple[str, ...]:
    """Find out, without executing anything, which executed notebooks are not of their sources.

    Parameters
    ----------
    folder : Path
        Sources and notebooks lie in it.

    Returns
    -------
    tuple of str
        A sentence for each that is missing, stale or left over; none when all is well.
    """
    found = []
    wanted = {source.with_suffix(".ipynb"): source for source in sorted(folder.glob("[0-9][0-9]_*.py"))}
    for notebook, source in wanted.items():
        name = f"{folder.name}/{notebook.name}"
        if not notebook.is_file():
            found.append(f"{name} is not there; type: make notebooks")
        elif _source_of(notebook) != _digest(source):
            found.append(f"{name} is not of {source.name} as it is now; type: make notebooks")
    left = sorted({*folder.glob("*.ipynb")} - {*wanted})
    return (*found, *(f"{folder.name}/{path.name} has no source; remove it." for path in left))


def tidy(notebook: Any, source: Path) -> Any:
    """Take out what differs from run to run and what only a kernel could use.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed one; it is changed.
    source : Path
        What it was made of.

    Returns
    -------
    nbformat.NotebookNode
        The same, with the source's hash in its metadata.
    """
    kept = {key: notebook.metadata[key] for key in ("kernelspec", "language_info")}
    kept["language_info"] = {"name": "python"}
    notebook.metadata = {**kept, "embedscope": {"source_sha256": _digest(source)}}
    views = 0
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{place + 1:02}"
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(_VIEW)
            if view is not None:
                # Without its kernel it names nothing.
                views += 1
                view["model_id"] = f"{views:032x}"
    return notebook


def _execute(source: Path, folder: Path) -> Any:
    """Run a tutorial in a kernel of its own, and again where the kernel's last word on a cell was lost."""
    from nbclient.exceptions import CellTimeoutError

    tries = _TRIES
    while True:
        try:
            return _execute_once(source, folder)
        except CellTimeoutError as error:
            tries -= 1
            # A subscriber that comes late misses messages, rarely, and then waits for them for ever.
            if tries == 0 or "IOPub" not in str(error):
                raise


def _execute_once(source: Path, folder: Path) -> Any:
    from nbclient import NotebookClient

    from embedscope._progress import progress_bar

    notebook = read(source)
    with progress_bar(len(notebook.cells), f"Executing {source.stem}", unit="cell") as bar:
        # On a busy machine outputs come late; by default nbclient goes on without them after four seconds.
        late: dict[str, Any] = {
            "iopub_timeout": _OUTPUT_SECONDS,
            "raise_on_iopub_timeout": True,
            "coalesce_streams": True,
        }
        where = {"metadata": {"path": str(folder)}}
        client = NotebookClient(notebook, timeout=_CELL_SECONDS, resources=where, **late)
        client.on_cell_executed = lambda **_event: bar.update(1)
        client.execute()
    # Widgets' state would be most of the file, and nothing without their kernel.
    states = notebook.metadata.pop("widgets", {}).get(_STATE, {}).get("state", {})
    bars = {model for model, state in states.items() if state["model_module"] == _CONTROLS}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_progress(output, bars)]
    return notebook


def _is_progress(output: Any, bars: set[str]) -> bool:
    """Tell a progress bar, which means nothing once it is full, from a result."""
    if output.output_type == "stream" and output.name == "stderr":
        return all(_BAR.search(line) or not line.strip() for line in re.split(r"[\r\n]", output.text))
    return output.get("data", {}).get(_VIEW, {}).get("model_id") in bars


def _as_text(notebook: Any) -> str:
    import nbformat

    return f"{nbformat.writes(notebook).rstrip()}\n"  # type: ignore[no-untyped-call]


def _digest(source: Path) -> str:
    # Git may have written the lines' ends in another way.
    return hashlib.sha256(source.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _source_of(notebook: Path) -> str | None:
    metadata = json.loads(notebook.read_bytes()).get("metadata", {})
    known: str | None = metadata.get("embedscope", {}).get("source_sha256")
    return known
