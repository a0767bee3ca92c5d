"""What a person gives to train on, in whatever shape, as items by domain and class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError
from embedscope.evaluation.splits import split_classes
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.items.problems import ItemId
from embedscope.training.training_data import DOMAIN, LABEL, TrainingData


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a person gave, domain by domain, with the ids it had.

    Parameters
    ----------
    train : dict of str to Items
        Of each domain.
    validation : dict of str to Items
        Of those that have some.
    has_labels : bool
        False: every item to train on is a class of its own.
    """

    train: dict[str, Items]
    validation: dict[str, Items]
    has_labels: bool = True

    def joined(self) -> TrainingData:
        """Put the domains together.

        Returns
        -------
        TrainingData
            Ids stay where none is twice; else the domain goes before each, and before that the part where it
            takes that to tell them apart.
        """
        held = {name: self.validation[name] for name in self.train if name in self.validation}
        pattern = "{domain}/{id}" if _has_twice([*self.train.values(), *held.values()]) else ""
        # The same ids of one domain in both parts: row numbers, most often.
        meet = any(set(part.ids) & set(self.train[name].ids) for name, part in held.items())
        validation = _joined(held, f"validation/{pattern}" if meet else pattern) if held else None
        return TrainingData(_joined(self.train, pattern), validation, tuple(self.train))


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
        A share of the classes of each domain, which are then held out where there are labels; or other items.
    label : str
        Column of the classes.
    domains : tuple of str, optional
        Those that must be there, in this order; by default in the order they come.
    seed : int
        Of the classes that are held out.
    needs_labels : bool
        Whether to refuse items without labels. Else, where a domain has none, every item is a class of its
        own.

    Returns
    -------
    Gathered
        Each with the columns ``label`` and ``domain``.

    Raises
    ------
    InputError
        If a domain has no items, an item no label, or items are no images.
    """
    found = _by_domain(items, domains)
    names = tuple(found) if domains is None else domains
    _check_domains(found, names)
    has_labels = needs_labels or all(label in part.columns.column_names for part in found.values())
    train = {name: _labelled(found[name], name, label if has_labels else None) for name in names}
    held: dict[str, Items] = {}
    if isinstance(validation, float | int):
        if not 0 <= validation < 1:
            raise InputError(
                f"validation={validation:g} came; wanted a share of the classes below 1, or items."
            )
        if validation > 0 and has_labels:
            train, held = _held_out(train, float(validation), seed)
    elif validation is not None:
        # With one domain there is no doubt whose items they are.
        others = _by_domain(validation, names)
        held = {name: _labelled(part, name, label) for name, part in others.items() if len(part)}
        unknown = [name for name in held if name not in names]
        if unknown:
            raise InputError(
                f"Validation items came for {unknown[0]!r}, items to train on for "
                f"{', '.join(map(repr, names))}."
            )
    return Gathered(train, held, has_labels)


def _by_domain(items: Any, domains: tuple[str, ...] | None) -> dict[str, Items]:
    if isinstance(items, Mapping):
        parts = {str(name): _loaded(part) for name, part in items.items()}
    else:
        whole = _loaded(items)
        if DOMAIN in whole.columns.column_names:
            values = np.array([str(value) for value in whole.column(DOMAIN)])
            parts = {name: whole.take(values == name) for name in dict.fromkeys(values.tolist())}
        else:
            name = domains[0] if domains is not None and len(domains) == 1 else whole.name or "images"
            parts = {name: whole}
    return parts


def _loaded(items: Any) -> Items:
    found: Items = items if isinstance(items, Items) else load_items(items)
    if found.modality != "image":
        raise InputError(f"{found.name or 'The items'} are {found.modality}s; wanted images.")
    return found.valid


def _labelled(items: Items, domain: str, label: str | None) -> Items:
    labels = [str(value) for value in items.ids] if label is None else _labels(items, domain, label)
    columns = {LABEL: pa.array(labels, pa.string()), DOMAIN: pa.array([domain] * len(items), pa.string())}
    return Items(items.ids, items.payloads, "image", pa.table(columns), name=domain)


def _labels(items: Items, domain: str, label: str) -> list[str]:
    if label not in items.columns.column_names:
        raise InputError(
            f"The items of {domain!r} have no column {label!r}; they have "
            f"{', '.join(items.columns.column_names) or 'none'}. Name the one of the classes with label=."
        )
    given = items.columns.column(label).to_pylist()
    # A frame's missing value is a number that is not itself.
    missing = [row for row, value in enumerate(given) if value is None or value != value]
    if missing:
        raise InputError(
            f"{len(missing):,} of {len(items):,} items of {domain!r} have no {label!r}, for example "
            f"{items.ids[missing[0]]!r}: leave them out first, with items.take(mask)."
        )
    return [str(value) for value in given]


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
        try:
            split = split_classes(items, parts={"train": 1 - share, "held": share}, seed=seed)
        except InputError as error:
            raise InputError(
                f"Of {name!r} no classes can be held out: {error} Give items as validation, or None."
            ) from error
        train[name], held[name] = split["train"], split["held"]
    return train, held


def _has_twice(parts: Iterable[Items]) -> bool:
    ids = [value for part in parts for value in part.ids]
    return len(set(ids)) < len(ids) or len({type(value) for value in ids}) > 1


def _joined(parts: Mapping[str, Items], pattern: str) -> Items:
    ids: list[ItemId] = [
        pattern.format(domain=name, id=value) if pattern else value
        for name, part in parts.items()
        for value in part.ids
    ]
    return Items(
        tuple(ids),
        tuple(payload for part in parts.values() for payload in part.payloads),
        "image",
        pa.concat_tables([part.columns for part in parts.values()]),
        name=", ".join(parts),
    )
