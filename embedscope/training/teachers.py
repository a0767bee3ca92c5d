"""Teachers: the specialists of a distillation, as what travels to its worker, and their vectors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float32

from embedscope._errors import InputError, MissingError
from embedscope._hashing import hash_record
from embedscope.encoders.load import check_name
from embedscope.items.items import Items
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.training.gathered import Gathered
from embedscope.training.run import Run
from embedscope.training.training_data import DOMAIN
from embedscope.training.unreadable import refuse_unreadable

_VECTORS = "vectors:"
_SHORT = 16


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


def as_teacher(specialist: Any, domain: str, gathered: Gathered) -> Teacher:
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
    if isinstance(specialist, Space):
        space = _matched(specialist, domain, gathered)
    else:
        # Where it computes was said when it was made.
        space = _encoded(_in_run(domain, gathered), specialist, None)
    return Teacher(_VECTORS + space.fingerprint, space)


def _encoded(items: Items, encoder: Any, device: str | None) -> Space:
    try:
        return encode(items, encoder, device=device)
    except FileNotFoundError as error:
        refuse_unreadable(items, error)
        raise


def _matched(space: Space, domain: str, gathered: Gathered) -> Space:
    """Take the items' vectors out of a space, under the ids that the items have in the run."""
    items = _together(domain, [gathered.train, gathered.validation])
    unknown = [value for value in items.ids if not space.items.has_id(value)]
    if unknown:
        raise InputError(
            f"The specialist {domain!r} has vectors of {len(space):,} items, but none of {len(unknown):,} of "
            f"the {len(items):,} items of its domain, for example {unknown[0]!r}: their ids do not match."
        )
    chosen = space.subset(items.ids)
    return Space.from_arrays(np.asarray(chosen.vectors), ids=list(_in_run(domain, gathered).ids))


def _in_run(domain: str, gathered: Gathered) -> Items:
    data = gathered.joined()
    parts = [part for part in (data.train, data.validation) if part is not None]
    return _together(domain, [{domain: part.take(part.column(DOMAIN) == domain)} for part in parts])


def _together(domain: str, parts: Sequence[Mapping[str, Items]]) -> Items:
    own = [part[domain] for part in parts if domain in part]
    ids = tuple(value for items in own for value in items.ids)
    if len(set(ids)) < len(ids):
        raise InputError(
            f"Items to train on and to validate on of {domain!r} have ids in common: vectors are found by "
            "their ids, so that each item needs one of its own."
        )
    payloads = tuple(payload for items in own for payload in items.payloads)
    return Items(ids, payloads, "image", pa.concat_tables([items.columns for items in own]), name=domain)


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
            teacher.space.save(vectors_folder(folder, name))


def vectors_folder(folder: Path, domain: str) -> Path:
    """Give the folder of a specialist's vectors.

    Parameters
    ----------
    folder : Path
        Of the run's teachers.
    domain : str
        Any name; one that is no plain file name becomes its hash.

    Returns
    -------
    Path
        Below the folder.

    Examples
    --------
    >>> vectors_folder(Path("teachers"), "emoji").name
    'emoji'
    """
    is_plain = re.fullmatch(r"\w[\w .-]{0,80}", domain) is not None
    return folder / (domain if is_plain else hash_record({"domain": domain})[:_SHORT])


def teach_vectors(
    source: str, folder: Path, items: Items, device: str | None = None
) -> Float32[np.ndarray, "items dims"]:
    """Give a specialist's vectors of items.

    Parameters
    ----------
    source : str
        See `Teacher`.
    folder : Path
        Of its vectors, where it came as such.
    items : Items
        Of its domain.
    device : str, optional
        For an encoder.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        In the order of the items. What was encoded before is read from the store.

    Raises
    ------
    InputError
        If an image cannot be read.
    """
    if source.startswith(_VECTORS):
        space = Space.load(folder).subset(items.ids)
    else:
        space = _encoded(items, source, device)
    return np.ascontiguousarray(space.vectors, dtype=np.float32)
