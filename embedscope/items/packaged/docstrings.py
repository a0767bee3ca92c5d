"""Docstrings and the functions they describe, taken out of pinned wheels by their syntax tree."""

from __future__ import annotations

import ast
import json
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_pip, make_folder
from embedscope.items.card import Card
from embedscope.items.pairs import Pairs

CARD = Card(
    name="docstrings",
    kind="pairs",
    source="PyPI scikit-learn 1.9.1, scikit-image 0.26.0, networkx 3.6.1 (pip)",
    licence="BSD-3-Clause",
    items=4_144,
    columns=("package", "module", "function"),
    good_for="find the code that does what a sentence says",
    task="retrieval",
    options="packages=('scikit-learn', 'scikit-image', 'networkx')",
)
_SHORTEST = 20
# How functions are found; a new number parses all again.
_PARSING = 1
_UNDERLINES = frozenset("-=~^")


@dataclass(frozen=True)
class _Wheel:
    version: str
    pattern: str
    hashes: tuple[str, ...]


# Wheels for Windows are built from files with other line ends.
_WHEELS = {
    "scikit-learn": _Wheel(
        "1.9.1",
        "sklearn/*/*.py",
        (
            "f027e020383138eb9fa5d739db9df3696049ba5422955a93193c28e9bb060e5d",
            "7b0755c3d8323df2671e29b6207df518c000df5695f3fae8901267dc4fc3ddc2",
        ),
    ),
    "scikit-image": _Wheel(
        "0.26.0",
        "skimage/*/*.py",
        (
            "4fff57b8322d3bef122a7628981c2faff4c17fcac749a3da245e72f0c5f6b312",
            "7189417624c3637a7f05790c41c938dae2b6710b9b1383fb11202c08114871ee",
        ),
    ),
    "networkx": _Wheel(
        "3.6.1", "networkx/*.py", ("89482668f050fe4ae2785c52a76f8a50cc3111411c3985966ed13acf0a888fad",)
    ),
}


def load_pairs(
    *,
    path: PathLike | None = None,
    on_error: str = "skip",
    packages: tuple[str, ...] = tuple(_WHEELS),
) -> Pairs:
    """Load docstrings and functions.

    Parameters
    ----------
    path : path, optional
        A folder that holds the wheels, or into which all of them were unpacked.
    on_error : {"raise", "skip"}
        What happens to a row that cannot be used.
    packages : tuple of str
        Which wheels.

    Returns
    -------
    Pairs
        Queries are the prose at the beginning of a docstring, documents the function without its
        docstring; each query and each function comes once. Columns ``package``, ``module``, ``function``.

    Raises
    ------
    FetchError
        If a package cannot be fetched.
    MissingError
        If there is no such package.

    Notes
    -----
    The files are parsed and never imported. Tests are left out.
    """
    rows: list[dict[str, Any]] = []
    for package in packages:
        if package not in _WHEELS:
            raise unknown_name("package of docstrings", package, _WHEELS)
        rows.extend(_read_kept(package, path))
    return Pairs.from_frame(pa.Table.from_pylist(_once(rows)), name=CARD.name, on_error=on_error)


def _read_kept(package: str, path: PathLike | None) -> list[dict[str, Any]]:
    """Parse a package once; the thousands of functions found are kept in one file."""
    wheel = _WHEELS[package]

    def fill(folder: Path) -> None:
        rows = list(_read(package, path))
        (folder / "functions.json").write_text(json.dumps(rows), encoding="utf-8")

    kept = make_folder(f"docstrings-{package}-{wheel.version}-{_PARSING}", fill)
    found: list[dict[str, Any]] = json.loads((kept / "functions.json").read_bytes())
    return found


def _read(package: str, path: PathLike | None) -> Iterator[dict[str, Any]]:
    wheel = _WHEELS[package]
    brought = None if path is None else _find_wheel(Path(path).expanduser(), package)
    folder = fetch_pip(package, wheel.version, {wheel.pattern: wheel.hashes}, path=brought)
    for file in sorted((folder / wheel.pattern.partition("/")[0]).rglob("*.py")):
        if not {"tests", "conftest.py"} & {*file.parts}:
            module = ".".join(file.relative_to(folder).with_suffix("").parts)
            for row in functions_of(file.read_text(encoding="utf-8")):
                yield {**row, "package": package, "module": module}


def _find_wheel(place: Path, package: str) -> Path:
    stem = package.replace("-", "_")
    wheels = sorted(place.glob(f"{stem}-*.whl")) if place.is_dir() else []
    return wheels[0] if wheels else place


def functions_of(source: str) -> Iterator[dict[str, str]]:
    r"""Find the functions of a file that have a docstring.

    Parameters
    ----------
    source : str
        Python.

    Yields
    ------
    dict
        ``query`` (the docstring's prose), ``document`` (the function without it), ``function`` (its name).

    Examples
    --------
    >>> code = 'def add(a, b):\n    "Give the sum of two numbers."\n    return a + b\n'
    >>> [row["document"] for row in functions_of(code)]
    ['def add(a, b):\n    return a + b']
    """
    with warnings.catch_warnings():
        # Their old escapes are not the reader's business.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        tree = ast.parse(source)
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(node.body) > 1:
            query = prose_of(ast.get_docstring(node) or "")
            if len(query) >= _SHORTEST:
                yield {"query": query, "document": _without_docstring(node, lines), "function": node.name}


def _without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> str:
    docstring, end = node.body[0], node.end_lineno or node.lineno
    head = lines[node.lineno - 1 : docstring.lineno - 1]
    body = lines[docstring.end_lineno : end]
    return textwrap.dedent("\n".join([*head, *body])).strip()


def prose_of(docstring: str) -> str:
    r"""Take the paragraphs in front of a docstring's first section, list or example.

    Parameters
    ----------
    docstring : str
        Its indentation is already taken away.

    Returns
    -------
    str
        One paragraph a line.

    Examples
    --------
    >>> prose_of("Add numbers.\n\nParameters\n----------\na : int")
    'Add numbers.'
    """
    paragraphs = []
    for block in docstring.split("\n\n"):
        lines = block.strip().splitlines()
        underlined = len(lines) > 1 and {*lines[1].strip()} <= _UNDERLINES and bool(lines[1].strip())
        if underlined or not lines or lines[0].startswith((".. ", ">>>", ":", "- ", "* ")):
            break
        paragraphs.append(" ".join(" ".join(lines).split()))
    return "\n".join(paragraphs)


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the first of rows that share a query or a function: a copy would be a second right answer."""
    queries: set[str] = set()
    documents: set[str] = set()
    kept = []
    for row in rows:
        if row["query"] not in queries and row["document"] not in documents:
            queries.add(row["query"])
            documents.add(row["document"])
            kept.append(row)
    return kept
