"""From two words to a comparison, its gate and its report: what the magics and the command line share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from embedscope._errors import EmbedscopeError, InputError, MissingError
from embedscope.comparison.comparison import Comparison, K, compare
from embedscope.comparison.condition import read_conditions
from embedscope.comparison.gate import Gate, check
from embedscope.comparison.report import Report
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.spaces.encode import encode
from embedscope.spaces.folder import RECORD
from embedscope.spaces.space import Space

_OF_ENCODING = ("device", "role", "task", "batch_size", "sample")
_READERS: dict[str, Callable[[Path], Space]] = {".parquet": Space.from_parquet, ".npy": Space.from_npy}


def is_saved_space(word: Any) -> bool:
    """Tell whether a word names vectors on disk.

    Parameters
    ----------
    word : object
        What was typed, or a path.

    Returns
    -------
    bool
        True for the folder of a saved space, and for whatever ends with .parquet or .npy.

    Examples
    --------
    >>> is_saved_space("teacher.parquet"), is_saved_space("minilm")
    (True, False)
    """
    if not isinstance(word, str | Path):
        return False
    place = Path(word).expanduser()
    return place.suffix.lower() in _READERS or (place / RECORD).is_file()


def read_space(path: str | Path) -> Space:
    """Read a saved space, a parquet or an npy file.

    Parameters
    ----------
    path : str or Path
        A folder of `Space.save`, or a file.

    Returns
    -------
    Space
        What is there.

    Raises
    ------
    MissingError
        If it is not there.
    InputError
        If it cannot be read.
    StoreError
        If a saved space is damaged.

    Examples
    --------
    >>> import tempfile
    >>> path = Space.from_arrays({"a": [1.0, 0.0]}).save(Path(tempfile.mkdtemp()) / "space")
    >>> read_space(path).ids
    ('a',)
    """
    place = Path(path).expanduser()
    try:
        return _READERS.get(place.suffix.lower(), Space.load)(place)
    except EmbedscopeError:
        raise
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"{place} cannot be read: {' '.join(str(error).split())}.") from error


def compare_words(teacher: Any, student: Any, items: Any, options: argparse.Namespace) -> Comparison:
    """Compare what two words stand for.

    Parameters
    ----------
    teacher, student : Space, str or object
        Spaces, saved ones, or encoders and their names.
    items : object or None
        What the encoders encode, as `embedscope.load_items` takes it, or a space of it.
    options : Namespace
        What `arguments.add_compare_options` reads.

    Returns
    -------
    Comparison
        Of which the conditions and the groups that were asked for are known to make sense.

    Raises
    ------
    InputError
        If options do not go together, or a condition cannot be read.
    MissingError
        If there is no such space, encoder or column.
    """
    read_conditions(options.fail_if or (), options.k or K)
    sides = (teacher, student)
    encoders = [side for side in sides if not isinstance(side, Space) and not is_saved_space(side)]
    _check_encoding(encoders, items, options)
    loaded = _load(items, options) if encoders else None
    spaces = (_space(teacher, loaded, options), _space(student, loaded, options))
    names = options.names or _file_names(sides, spaces)
    comparison = compare(*spaces, label=options.label, domain=options.domain, names=names)
    if options.by is not None:
        comparison.groups(options.by)
    return comparison


def _check_encoding(encoders: list[Any], items: Any, options: argparse.Namespace) -> None:
    given = [f"--{name.replace('_', '-')}" for name in _OF_ENCODING if getattr(options, name) is not None]
    if encoders and items is None:
        raise MissingError(
            f"{encoders[0]!r} is no saved space: no folder of Space.save, .parquet or .npy file. If it is an "
            "encoder, say what it encodes: --items DATA."
        )
    if not encoders and (items is not None or given):
        raise InputError(
            f"{(['--items'] * (items is not None) + given)[0]} goes with encoders, and both sides are spaces "
            "already: leave it out."
        )


def _load(items: Any, options: argparse.Namespace) -> Items:
    source = items.items if isinstance(items, Space) else items
    return load_items(source, sample=options.sample, seed=options.seed)


def _space(side: Any, items: Items | None, options: argparse.Namespace) -> Space:
    if isinstance(side, Space):
        return side
    if is_saved_space(side):
        return read_space(side)
    return encode(
        items,
        side,
        role=options.role,
        task=options.task,
        device=options.device,
        batch_size=options.batch_size,
    )


def _file_names(sides: tuple[Any, Any], spaces: tuple[Space, Space]) -> tuple[str, ...] | None:
    """Call two files whose encoders nobody knows by their own names; None: nothing better is known."""
    known = all(space.encoder for space in spaces)
    if known or sides[0] == sides[1] or not all(map(is_saved_space, sides)):
        return None
    names = tuple(Path(side).name for side in sides)
    return names if len(set(names)) == len(names) else tuple(map(str, sides))


def judge(comparison: Comparison, options: argparse.Namespace) -> Gate | None:
    """Check the conditions of ``--fail-if``.

    Parameters
    ----------
    comparison : Comparison
        What is judged.
    options : Namespace
        What `arguments.add_compare_options` reads.

    Returns
    -------
    Gate or None
        None where there are no conditions.

    Raises
    ------
    InputError
        If a measure is not defined for such items.
    """
    if not options.fail_if:
        return None
    return check(
        comparison,
        options.fail_if,
        by=options.by,
        min_items=options.min_items,
        k=options.k or K,
        seed=options.seed,
    )


def report_of(comparison: Comparison, options: argparse.Namespace) -> Report:
    """Make the report with the groups, the neighbours and the seed of the options.

    Parameters
    ----------
    comparison : Comparison
        What is reported.
    options : Namespace
        What `arguments.add_compare_options` reads.

    Returns
    -------
    Report
        The page.
    """
    return comparison.report(options.by, k=options.k or K, seed=options.seed)
