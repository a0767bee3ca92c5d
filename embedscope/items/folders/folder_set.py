"""What the layouts share: where a file should be, and how rows become items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from embedscope._errors import InputError, MissingError
from embedscope.items.items import Items
from embedscope.items.problems import OnError

ALL = "all"


@dataclass(frozen=True)
class FolderSet:
    """A data set and where it comes from.

    Parameters
    ----------
    name : str
        Its scheme: ``"cub"``.
    title : str
        Its full name.
    source : str
        Where a person gets it.
    """

    name: str
    title: str
    source: str

    def root(self, path: Path, marker: str, inside: Sequence[str] = ()) -> Path:
        """Find the folder that holds a file or folder of the layout.

        Parameters
        ----------
        path : Path
            What the person gave.
        marker : str
            Path below the root that must be there.
        inside : sequence of str
            Folders of the archive that the root may be in.

        Returns
        -------
        Path
            ``path``, or the first of ``inside`` that holds the marker.

        Raises
        ------
        MissingError
            If none does: it says what was looked for, and where the data comes from.
        """
        tried = [path, *(path / name for name in inside)]
        for place in tried:
            if (place / marker).exists():
                return place
        if not path.is_dir():
            raise self._missing(f"There is no folder {str(path)!r}.")
        looked = " and ".join(repr(str(place / marker)) for place in tried)
        raise self._missing(f"{str(path)!r} is not in its layout: looked for {looked}.")

    def file(self, place: Path) -> Path:
        """Give a file or folder that must be there.

        Parameters
        ----------
        place : Path
            Where it should be.

        Returns
        -------
        Path
            The same.

        Raises
        ------
        MissingError
            If it is not there.
        """
        if not place.exists():
            raise self._missing(f"There is no {str(place)!r}.")
        return place

    def _missing(self, what: str) -> MissingError:
        return MissingError(f"{self.title}: {what} The data comes from {self.source}.")

    def fields(
        self, file: Path, count: int, *, skip: int = 0, last_open: bool = False
    ) -> Iterator[list[str]]:
        """Read a file of fields between white space.

        Parameters
        ----------
        file : Path
            The file.
        count : int
            Fields a line.
        skip : int
            Lines of a heading.
        last_open : bool
            Whether the last field may hold spaces.

        Yields
        ------
        list of str
            One line's fields; empty lines are passed over.

        Raises
        ------
        MissingError
            If there is no such file.
        InputError
            If a line has other fields: its number is named.
        """
        text = self.file(file).read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            parts = line.split(maxsplit=count - 1) if last_open else line.split()
            if number <= skip or not parts:
                continue
            if len(parts) != count:
                raise InputError(f"{str(file)!r}, line {number}: {len(parts)} fields; wanted {count}.")
            yield [part.strip() for part in parts]

    def items(self, rows: Iterable[Row], split: str, on_error: OnError, check: bool) -> Items:
        """Make items of rows.

        Parameters
        ----------
        rows : iterable of Row
            In the data set's order.
        split : str
            One of its splits, or ``"all"``.
        on_error : {"raise", "skip", "mark"}
            What happens to an image that is missing or corrupt.
        check : bool
            Decode every image now.

        Returns
        -------
        Items
            Columns ``label``, ``domain``, ``split`` and whatever the data set has beside.

        Raises
        ------
        MissingError
            If there is no such split.
        """
        listed = list(rows)
        splits = list(dict.fromkeys(row.split for row in listed))
        if split not in (ALL, *splits):
            raise MissingError(f"{self.title} has no split {split!r}; there are {', '.join((*splits, ALL))}.")
        chosen = [row for row in listed if split in (ALL, row.split)]
        return Items.from_images(
            [row.path for row in chosen],
            ids=[row.id for row in chosen],
            columns=pa.Table.from_pylist([row.columns() for row in chosen]) if chosen else None,
            name=self.name if split == ALL else f"{self.name} {split}",
            check=check,
            on_error=on_error,
        )


@dataclass(frozen=True)
class Row:
    """One image of a data set.

    Parameters
    ----------
    id : str
        Unique in it.
    path : Path
        The file.
    label : str
        Its class.
    domain : str
        Its domain.
    split : str
        As the data set calls it.
    more : tuple of (str, value)
        Other columns.
    """

    id: str
    path: Path
    label: str
    domain: str
    split: str
    more: tuple[tuple[str, object], ...] = ()

    def columns(self) -> dict[str, object]:
        """Give its columns.

        Returns
        -------
        dict of str to value
            Without the id and the file.
        """
        return {"label": self.label, "domain": self.domain, "split": self.split, **dict(self.more)}
