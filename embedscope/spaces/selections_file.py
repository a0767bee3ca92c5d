"""The file of a space's named selections: written whole, read again when another process changed it."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from filelock import FileLock, Timeout

from embedscope._errors import StoreError
from embedscope.items.problems import ItemId
from embedscope.items.warn import warn

FORMAT = 1
FILE_NAME = "selections.json"
_LOCK_SECONDS = 20.0

NamedIds: TypeAlias = dict[str, tuple[ItemId, ...]]
_Stamp: TypeAlias = tuple[int, int, int] | None


class SelectionsFile:
    """Selections on disk.

    Parameters
    ----------
    path : Path
        The file; it need not be there.
    knows : callable
        Tells whether an id is one of the space's.
    make_folder : bool
        Whether its folder is made where it is missing; a saved space's is not, for it would be half of one.

    Notes
    -----
    A change replaces the file in one step under a lock, so that no reader sees half of it and no writer
    loses another's. A file that cannot be understood is kept aside under a new name, with a warning.
    """

    def __init__(self, path: Path, knows: Callable[[ItemId], bool], *, make_folder: bool = False) -> None:
        self.path = path
        self._knows = knows
        self._make_folder = make_folder
        self._stamp: _Stamp = None
        self._held: NamedIds = {}

    def read(self) -> NamedIds:
        """Give what the file holds now.

        Returns
        -------
        dict of str to tuple
            Ids by name; empty where there is no file.

        Raises
        ------
        StoreError
            If it is there and cannot be read.
        """
        stamp = _stamp_of(self.path)
        if stamp != self._stamp:
            self._held = self._parse() if stamp is not None else {}
            self._stamp = stamp
        return dict(self._held)

    @contextmanager
    def changing(self) -> Iterator[NamedIds]:
        """Hold the file for oneself, give what it holds, and write what is left in the dict afterwards.

        Yields
        ------
        dict of str to tuple
            To be changed in place.

        Raises
        ------
        StoreError
            If the file cannot be written, or another process holds it for 20 s.
        """
        try:
            if self._make_folder:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            elif not self.path.parent.is_dir():
                raise FileNotFoundError("the folder is gone")
            with FileLock(self._lock_path, timeout=_LOCK_SECONDS):
                held = self.read()
                yield held
                write_selections(self.path, held)
                self._held, self._stamp = held, _stamp_of(self.path)
        except Timeout as error:
            raise StoreError(
                f"Another process holds {self.path} for {_LOCK_SECONDS:.0f} s. Wait for it, or delete "
                f"{self._lock_path} if there is none."
            ) from error
        except OSError as error:
            if isinstance(error, StoreError):
                raise
            raise StoreError(
                f"The selections cannot be written to {self.path}: {error}. Save the space to a folder that "
                "can be written to: space.save(folder)."
            ) from error

    @property
    def _lock_path(self) -> Path:
        return self.path.with_name(f".{self.path.name}.lock")

    def _parse(self) -> NamedIds:
        try:
            held = parse_selections(self.path)
            _check_ids(held, self._knows)
            return held
        except (ValueError, RecursionError) as error:
            aside = self.path.with_name(f"{self.path.stem}.damaged-{uuid.uuid4().hex[:8]}.json")
            self.path.replace(aside)
            warn(
                f"The saved selections in {self.path} cannot be used: {error}. The file is kept as "
                f"{aside.name}; the space goes on without them."
            )
            return {}
        except OSError as error:
            raise StoreError(f"The selections in {self.path} cannot be read: {error}.") from error


def write_selections(path: Path, selections: Mapping[str, tuple[ItemId, ...]]) -> None:
    """Write selections to a file that appears whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    selections : mapping of str to tuple
        Ids by name.
    """
    content = {"format": FORMAT, "selections": {name: list(ids) for name, ids in selections.items()}}
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def parse_selections(path: Path) -> dict[str, tuple[Any, ...]]:
    """Read a file of selections.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict of str to tuple
        Ids by name.

    Raises
    ------
    ValueError
        If it is no such file.
    """
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else type(content).__name__
        raise ValueError(f"format {found!r} is not known, {FORMAT} is")
    named = content.get("selections")
    if not isinstance(named, dict) or not all(isinstance(ids, list) for ids in named.values()):
        raise ValueError("it holds no lists of ids by name")
    return {str(name): tuple(ids) for name, ids in named.items()}


def _check_ids(held: Mapping[str, tuple[Any, ...]], knows: Callable[[ItemId], bool]) -> None:
    for name, ids in held.items():
        unknown = [value for value in ids if not is_known(value, knows)]
        if unknown:
            raise ValueError(f"{name!r} holds {len(unknown)} unknown ids, such as {unknown[0]!r}")


def is_known(value: object, knows: Callable[[ItemId], bool]) -> bool:
    """Tell whether something is an id of the space.

    Parameters
    ----------
    value : object
        Of a file.
    knows : callable
        Tells whether an id is one of the space's.

    Returns
    -------
    bool
        False also for true and 1.0, which are equal to the id 1 and are not ids.

    Examples
    --------
    >>> is_known(1, {1}.__contains__), is_known(True, {1}.__contains__)
    (True, False)
    """
    if isinstance(value, str):
        return knows(value)
    return type(value) is int and knows(value)


def _stamp_of(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
