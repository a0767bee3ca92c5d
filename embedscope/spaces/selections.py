"""Named selections of a space, kept with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from embedscope._cache import cache_dir
from embedscope._errors import InputError, MissingError, StoreError
from embedscope._table import Table
from embedscope.items.items import Items
from embedscope.items.problems import ItemId
from embedscope.spaces.selections_file import (
    FILE_NAME,
    NamedIds,
    SelectionsFile,
    is_known,
    parse_selections,
    write_selections,
)

NAME_CHARACTERS = 80


@dataclass(frozen=True)
class Selection:
    """Some items of a space, under a name.

    Parameters
    ----------
    name : str
        What it is called.
    ids : tuple of str or of int
        Its items, in the order of the space.

    Examples
    --------
    >>> Selection("odd ones", ("a", "c"))
    Selection('odd ones', 2 items)
    """

    name: str
    ids: tuple[ItemId, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"Selection({self.name!r}, {len(self):,} item{'' if len(self) == 1 else 's'})"


class NoSelectionError(MissingError, KeyError):
    """No selection has that name. A KeyError too, so that mappings' own ``get`` and ``in`` work."""

    def __str__(self) -> str:
        return str(self.args[0])


if TYPE_CHECKING:
    _ByName = MutableMapping[str, Selection]
else:
    # Checks of types at run time would read the file to look into a mapping with parameters.
    _ByName = MutableMapping


class Selections(_ByName):
    """The named selections of a space: a mapping from name to `Selection`.

    Set a name to a list of ids to save them. Names keep their letters; white space in them is folded.

    Parameters
    ----------
    items : Items
        The space's.
    home : Path or callable
        Folder that holds ``selections.json``, or gives it when it is first needed.

    Notes
    -----
    A space that was saved or loaded keeps them in its folder; another one in the user's cache, under the
    hash of its vectors and ids, so that they are there again when the same data is encoded again. A subset
    or a truncation is a space of its own and starts with none. Several processes may change them at once.

    Examples
    --------
    >>> from embedscope.spaces.space import Space
    >>> space = Space.from_arrays([[0, 1], [1, 0], [1, 1]], ids=["a", "b", "c"])
    >>> space.selections["odd  ones"] = ["c", "a"]
    >>> space.selections["odd ones"].ids
    ('a', 'c')
    >>> del space.selections["odd ones"]
    """

    def __init__(self, items: Items, home: Path | Callable[[], Path]) -> None:
        self._items = items
        self._home = home
        self._opened: SelectionsFile | None = None
        self._seen: NamedIds | None = None
        self._observers: list[Callable[[], None]] = []
        self._lock = RLock()

    @property
    def path(self) -> Path:
        """The file that keeps them."""
        return self._file().path

    def __getitem__(self, name: str) -> Selection:
        wanted, held = _folded(name), self._read()
        if wanted not in held:
            known = f"There are: {', '.join(held)}." if held else "There is none yet."
            raise NoSelectionError(f"No selection is called {wanted!r}. {known}")
        return Selection(wanted, held[wanted])

    def __setitem__(self, name: str, ids: Any) -> None:
        wanted = clean_name(name)
        chosen = ids.ids if isinstance(ids, Selection) else ids
        if isinstance(chosen, str):
            raise InputError(f"A selection is a list of ids; a single text came: {chosen[:40]!r}.")
        plain: list[ItemId] = chosen.tolist() if isinstance(chosen, np.ndarray) else list(chosen)
        rows = sorted(set(self._items.rows_of(plain).tolist()))
        with self._changing() as held:
            held[wanted] = tuple(self._items.ids[row] for row in rows)

    def __delitem__(self, name: str) -> None:
        wanted = self[name].name
        with self._changing() as held:
            held.pop(wanted, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()

    def counts(self) -> dict[str, int]:
        """Count the items of each selection, of all of them at one moment.

        Returns
        -------
        dict of str to int
            By name.
        """
        return {name: len(ids) for name, ids in self._read().items()}

    def to_table(self) -> Table:
        """List the selections.

        Returns
        -------
        Table
            Name and number of items of each.
        """
        rows = list(self.counts().items())
        title = f"{len(rows)} saved selection{'' if len(rows) == 1 else 's'}"
        return Table(("selection", "items"), rows, title)

    def observe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call something after each change.

        Parameters
        ----------
        callback : callable
            Takes nothing; called on the thread that made the change, or that found another process's.

        Returns
        -------
        callable
            Ends it.
        """
        with self._lock:
            self._observers.append(callback)

        def stop() -> None:
            with self._lock:
                if callback in self._observers:
                    self._observers.remove(callback)

        return stop

    def write_to(self, folder: Path, replaced: Path) -> None:
        """Write a copy into a folder that is being made.

        Parameters
        ----------
        folder : Path
            There is no ``selections.json`` in it yet.
        replaced : Path
            The folder whose place it takes: selections in that one are taken along where all their ids are
            of this space, so that saving an encoded space once more loses none.
        """
        held = {**self._known_in(replaced), **self._read()}
        if held:
            write_selections(folder / FILE_NAME, held)

    def _known_in(self, folder: Path) -> NamedIds:
        path = folder / FILE_NAME
        if not path.is_file() or path == self.path:
            return {}
        try:
            found = parse_selections(path)
        except (OSError, ValueError) as error:
            raise StoreError(
                f"The selections that are in {path} already cannot be read: {error}. Move the file away, or "
                "save to another folder."
            ) from error
        knows = self._items.has_id
        return {name: ids for name, ids in found.items() if all(is_known(value, knows) for value in ids)}

    def move_to(self, folder: Path) -> None:
        """Keep further changes in another folder, which has a copy.

        Parameters
        ----------
        folder : Path
            The folder of the saved space.
        """
        with self._lock:
            self._home, self._opened = folder, None
        self._read()

    def _file(self) -> SelectionsFile:
        with self._lock:
            if self._opened is None:
                in_cache = callable(self._home)
                home = self._home() if callable(self._home) else self._home
                self._opened = SelectionsFile(home / FILE_NAME, self._items.has_id, make_folder=in_cache)
            return self._opened

    @contextmanager
    def _changing(self) -> Iterator[NamedIds]:
        with self._lock:
            with self._file().changing() as held:
                yield held
            self._seen = dict(held)
        self._tell()

    def _read(self) -> NamedIds:
        with self._lock:
            try:
                file = self._file()
            except StoreError:
                # Where no folder can be, none was kept; who saves one hears why.
                return {}
            held = file.read()
            changed = self._seen is not None and held != self._seen
            self._seen = held
        if changed:
            self._tell()
        return held

    def _tell(self) -> None:
        with self._lock:
            observers = list(self._observers)
        for observer in observers:
            observer()


def cache_home(key: str) -> Path:
    """Give the folder for the selections of a space that lies in no folder.

    Parameters
    ----------
    key : str
        Hash of its vectors and ids.

    Returns
    -------
    Path
        Below the user's cache; not made before something is saved in it.

    Raises
    ------
    StoreError
        If there can be no cache.
    """
    try:
        return cache_dir("selections") / key
    except OSError as error:
        raise StoreError(
            f"The cache for saved selections cannot be made: {error}. Set EMBEDSCOPE_CACHE to a folder that "
            "can be written to."
        ) from error


def clean_name(name: object) -> str:
    r"""Check a name that is to be given.

    Parameters
    ----------
    name : object
        What was typed.

    Returns
    -------
    str
        White space folded, control characters left out, composed as Unicode says.

    Raises
    ------
    InputError
        If it is no text, or not 1 to 80 characters long.

    Examples
    --------
    >>> clean_name("  odd \n ones ")
    'odd ones'
    """
    if not isinstance(name, str):
        raise InputError(f"A name is a text; {type(name).__name__} came.")
    folded = _folded(name)
    if not 1 <= len(folded) <= NAME_CHARACTERS:
        raise InputError(f"A name has 1 to {NAME_CHARACTERS} characters; {len(folded):,} came.")
    return folded


def _folded(name: str) -> str:
    printable = "".join(" " if char.isspace() else char for char in str(name))
    # Cc are control characters, Cs lone surrogates, which no file takes.
    kept = "".join(char for char in printable if unicodedata.category(char) not in ("Cc", "Cs"))
    return " ".join(unicodedata.normalize("NFC", kept).split())
