"""Teachers: the specialists of a distillation, as what travels to its worker, and their vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float32

from embedscope._errors import InputError, MissingError
from embedscope.encoders.load import check_name
from embedscope.items.items import Items
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.training.run import Run
from embedscope.training.training_data import Gathered

_VECTORS = "vectors:"


@dataclass(frozen=True, eq=False)
class Teacher:
    """One specialist.

    Parameters
    ----------
    source : str
        An encoder's name; or "vectors:" and what they are known by.
    space : Space or None
        The vectors, to be kept in the run's folder.
    """

    source: str
    space: Space | None = None


def as_teacher(specialist: Any, domain: str, gathered: Gathered, device: str | None) -> Teacher:
    """Bring a specialist into the shape that travels.

    Parameters
    ----------
    specialist : str, Path, Run, Space or Encoder
        A name or a folder is loaded by the worker. A space's ids are those of the items. An encoder in memory
        encodes the items here and now.
    domain : str
        Its domain.
    gathered : Gathered
        The items.
    device : str, optional
        For an encoder in memory.

    Returns
    -------
    Teacher
        Checked.

    Raises
    ------
    InputError
        If a space lacks an item, or a run has left no model yet.
    """
    if isinstance(specialist, Run):
        try:
            specialist.model  # noqa: B018 - says what is wrong where there is none
        except MissingError as error:
            raise InputError(f"The specialist {domain!r}: {error}") from error
        return Teacher(f"trained:{specialist.folder.model.absolute()}")
    if isinstance(specialist, Path) or (isinstance(specialist, str) and Path(specialist).is_dir()):
        return Teacher(f"trained:{Path(specialist).expanduser().absolute()}")
    if isinstance(specialist, str):
        check_name(specialist)
        return Teacher(specialist)
    items = _all_items(domain, gathered)
    space = specialist if isinstance(specialist, Space) else encode(items, specialist, device=device)
    unknown = [value for value in items.ids if not space.items.has_id(value)]
    if unknown:
        raise InputError(
            f"The specialist {domain!r} has vectors of {len(space):,} items, but none of {len(unknown):,} of "
            f"the {len(items):,} items of its domain, for example {unknown[0]!r}: their ids do not match."
        )
    chosen = space.subset(items.ids)
    return Teacher(_VECTORS + chosen.fingerprint, _renamed(chosen, domain, gathered))


def _all_items(domain: str, gathered: Gathered) -> Items:
    parts = [part[domain] for part in (gathered.train, gathered.validation) if domain in part]
    if len(parts) == 1:
        return parts[0]
    ids = {value for part in parts for value in part.ids}
    if len(ids) < sum(map(len, parts)):
        raise InputError(f"Items of {domain!r} are both to train on and to validate on.")
    return Items(
        tuple(value for part in parts for value in part.ids),
        tuple(payload for part in parts for payload in part.payloads),
        "image",
        pa.concat_tables([part.columns for part in parts]),
        name=domain,
    )


def _renamed(space: Space, domain: str, gathered: Gathered) -> Space:
    """Give the vectors the ids that the items have when the domains are put together."""
    data = gathered.joined()
    known = {
        old: new
        for part, joined in ((gathered.train, data.train), (gathered.validation, data.validation))
        if joined is not None and domain in part
        for old, new in zip(part[domain].ids, joined.take(joined.column("domain") == domain).ids, strict=True)
    }
    return Space.from_arrays(np.asarray(space.vectors), ids=[known[value] for value in space.ids])


def keep_teachers(teachers: Mapping[str, Teacher], folder: Path) -> None:
    """Write the vectors of those that came as such.

    Parameters
    ----------
    teachers : mapping of str to Teacher
        By domain.
    folder : Path
        Gets a space a domain.
    """
    for name, teacher in teachers.items():
        if teacher.space is not None:
            folder.mkdir(parents=True, exist_ok=True)
            teacher.space.save(folder / name)


def teach_vectors(
    source: str, folder: Path, items: Items, device: str | None = None
) -> Float32[np.ndarray, "items dims"]:
    """Give a specialist's vectors of items.

    Parameters
    ----------
    source : str
        See `Teacher`.
    folder : Path
        Of its space, where it came as vectors.
    items : Items
        Of its domain.
    device : str, optional
        For an encoder.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        In the order of the items. What was encoded before is read from the store.
    """
    if source.startswith(_VECTORS):
        space = Space.load(folder).subset(items.ids)
    else:
        space = encode(items, source, device=device)
    return np.ascontiguousarray(space.vectors, dtype=np.float32)
