"""TrainingData: the items of a run by domain and class, and their folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Int64

from embedscope._errors import InputError, StoreError
from embedscope._hashing import hash_bytes, hash_record
from embedscope.evaluation.splits import split_classes
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.spaces.items_table import items_from_table, items_to_table
from embedscope.training.run_folder import RunFolder

LABEL, DOMAIN = "label", "domain"
_PARTS = ("train", "validation")


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Images to train on and, of other classes, to validate on.

    Parameters
    ----------
    train : Items
        Images with the columns ``label`` and ``domain``.
    validation : Items or None
        The same, of other classes; None: no validation.
    domains : tuple of str
        Names of the domains, in the order of their numbers.
    """

    train: Items
    validation: Items | None
    domains: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Hash of the images' contents, their classes and domains, in order."""
        parts = [part for part in (self.train, self.validation) if part is not None]
        contents = [hash_bytes(b"".join(map(part.content_hash, range(len(part))))).hex() for part in parts]
        columns = [[part.column(name).astype(str).tolist() for name in (LABEL, DOMAIN)] for part in parts]
        return hash_record({"contents": contents, "columns": columns, "domains": list(self.domains)})

    def save(self, run: Path) -> None:
        """Keep the items: images with a path by their path, others with their content.

        Parameters
        ----------
        run : Path
            The run's folder; they go below its ``data``.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        folder = RunFolder(run).data
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for part in _PARTS:
                items = getattr(self, part)
                if items is not None:
                    table = items_to_table(items).replace_schema_metadata(
                        {"name": items.name, "domains": "\n".join(self.domains)}
                    )
                    pq.write_table(table, folder / f"{part}.parquet")
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"The items cannot be written to {folder}: {error}.") from error

    @classmethod
    def load(cls, folder: Path) -> TrainingData:
        """Read what `save` wrote.

        Parameters
        ----------
        folder : Path
            The folder.

        Returns
        -------
        TrainingData
            The same.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        try:
            tables = [_read(folder / f"{part}.parquet") for part in _PARTS]
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"The items in {folder} cannot be read: {error}.") from error
        train, validation = tables
        if train is None:
            raise StoreError(f"{folder} has no items to train on.")
        known = train.schema.metadata[b"domains"].decode()
        return cls(
            _items(train), None if validation is None else _items(validation), tuple(known.split("\n"))
        )

    def take(self, part: str, keep: np.ndarray) -> TrainingData:
        """Leave items out.

        Parameters
        ----------
        part : {"train", "validation"}
            Of which part.
        keep : ndarray of bool, shape (items,)
            Those that stay.

        Returns
        -------
        TrainingData
            The domains keep their numbers.
        """
        parts = {name: getattr(self, name) for name in _PARTS}
        parts[part] = parts[part].take(keep)
        return TrainingData(parts["train"], parts["validation"], self.domains)

    def domain_numbers(self, items: Items) -> Int64[np.ndarray, " items"]:
        """Give each item the number of its domain.

        Parameters
        ----------
        items : Items
            One of the parts.

        Returns
        -------
        ndarray of int64, shape (items,)
            From 0.
        """
        numbers = {name: number for number, name in enumerate(self.domains)}
        return np.array([numbers[str(value)] for value in items.column(DOMAIN)], dtype=np.int64)


def _read(file: Path) -> pa.Table | None:
    return pq.read_table(file) if file.is_file() else None


def _items(table: pa.Table) -> Items:
    return items_from_table(table, "image", table.schema.metadata[b"name"].decode())


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a person gave, domain by domain, with the ids it had.

    Parameters
    ----------
    train : dict of str to Items
        Of each domain.
    validation : dict of str to Items
        Of those that have some.
    """

    train: dict[str, Items]
    validation: dict[str, Items]

    def joined(self) -> TrainingData:
        """Put the domains together.

        Returns
        -------
        TrainingData
            Ids stay where none is twice; else the domain goes before each.
        """
        held = {name: self.validation[name] for name in self.train if name in self.validation}
        twice = _has_twice({**self.train, **{f"{name} ": part for name, part in held.items()}})
        return TrainingData(
            _joined(self.train, prefixed=twice),
            _joined(held, prefixed=twice) if held else None,
            tuple(self.train),
        )


def gather(
    items: Any,
    validation: Any,
    label: str = LABEL,
    *,
    domains: tuple[str, ...] | None = None,
    seed: int = 0,
    needs_labels: bool = True,
) -> Gathered:
    """Bring what a person gives into one shape.

    Parameters
    ----------
    items : Items, what `load_items` takes, or mapping of domain to either
        Images. A single one is split by its column ``domain`` where it has one.
    validation : float, None, or as ``items``
        A share of the classes of each domain, which are then held out; or other items.
    label : str
        Column of the classes.
    domains : tuple of str, optional
        Those that must be there, in this order; by default in the order they come.
    seed : int
        Of the classes that are held out.
    needs_labels : bool
        Without labels every item is a class of its own, and nothing can be held out by class.

    Returns
    -------
    Gathered
        Each with the columns ``label`` and ``domain``.

    Raises
    ------
    InputError
        If a domain has no items, an item no label, or items are no images.
    """
    train = _by_domain(items, label, domains, needs_labels=needs_labels)
    names = tuple(train) if domains is None else domains
    _check_domains(train, names)
    held: dict[str, Items] = {}
    if isinstance(validation, float | int):
        if not 0 <= validation < 1:
            raise InputError(
                f"validation={validation:g} came; wanted a share of the classes below 1, or items."
            )
        if validation > 0:
            train, held = _held_out(train, float(validation), seed)
    elif validation is not None:
        held = _by_domain(validation, label, domains, needs_labels=True)
        unknown = [name for name in held if name not in names]
        if unknown:
            raise InputError(
                f"Validation items came for {unknown[0]!r}, items to train on for "
                f"{', '.join(map(repr, names))}."
            )
    return Gathered({name: train[name] for name in names}, held)


def _by_domain(
    items: Any, label: str, domains: tuple[str, ...] | None, *, needs_labels: bool
) -> dict[str, Items]:
    if isinstance(items, Mapping):
        parts = {str(name): _loaded(part) for name, part in items.items()}
    else:
        whole = _loaded(items)
        if DOMAIN in whole.columns.column_names:
            values = np.array([str(value) for value in whole.column(DOMAIN)])
            parts = {name: whole.take(values == name) for name in dict.fromkeys(values.tolist())}
        else:
            # With one specialist there is no doubt whose items they are.
            name = domains[0] if domains is not None and len(domains) == 1 else whole.name or "images"
            parts = {name: whole}
    return {name: _labelled(part, name, label, needs_labels=needs_labels) for name, part in parts.items()}


def _loaded(items: Any) -> Items:
    found: Items = items if isinstance(items, Items) else load_items(items)
    if found.modality != "image":
        raise InputError(f"{found.name or 'The items'} are {found.modality}s; wanted images.")
    return found.valid


def _labelled(items: Items, domain: str, label: str, *, needs_labels: bool) -> Items:
    if label in items.columns.column_names:
        given = items.columns.column(label).to_pylist()
        labels = [None if value is None else str(value) for value in given]
    elif needs_labels:
        raise InputError(
            f"The items of {domain!r} have no column {label!r}; they have "
            f"{', '.join(items.columns.column_names) or 'none'}. Name the one of the classes with label=."
        )
    else:
        labels = [str(value) for value in items.ids]
    missing = sum(value is None for value in labels)
    if missing:
        raise InputError(f"{missing:,} items of {domain!r} have no {label!r}: leave them out.")
    columns = {LABEL: pa.array(labels, pa.string()), DOMAIN: pa.array([domain] * len(items), pa.string())}
    return Items(items.ids, items.payloads, "image", pa.table(columns), name=domain)


def _check_domains(parts: Mapping[str, Items], names: tuple[str, ...]) -> None:
    empty = [name for name in names if not len(parts.get(name, ()))]
    if empty or not names:
        what = f"The specialist {empty[0]!r} has no items of its domain" if empty else "No domain has items"
        raise InputError(f"{what}; items came for {', '.join(map(repr, parts)) or 'none'}.")
    unknown = [name for name in parts if name not in names]
    if unknown:
        raise InputError(
            f"Items came for {unknown[0]!r}, and specialists for {', '.join(map(repr, names))}: leave the "
            "items out, or give a specialist."
        )


def _held_out(
    parts: Mapping[str, Items], share: float, seed: int
) -> tuple[dict[str, Items], dict[str, Items]]:
    train: dict[str, Items] = {}
    held: dict[str, Items] = {}
    for name, items in parts.items():
        split = split_classes(items, parts={"train": 1 - share, "held": share}, seed=seed)
        train[name], held[name] = split["train"], split["held"]
    return train, held


def _has_twice(parts: Mapping[str, Items]) -> bool:
    ids = [value for part in parts.values() for value in part.ids]
    return len(set(ids)) < len(ids) or len({type(value) for value in ids}) > 1


def _joined(parts: Mapping[str, Items], *, prefixed: bool) -> Items:
    ids: list[Any] = [
        f"{name}/{value}" if prefixed else value for name, part in parts.items() for value in part.ids
    ]
    return Items(
        tuple(ids),
        tuple(payload for part in parts.values() for payload in part.payloads),
        "image",
        pa.concat_tables([part.columns for part in parts.values()]),
        name=", ".join(parts),
    )
