"""Images that cannot be read: found, told by their ids, and left out of a run from its start to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.items.problems import ItemId
from embedscope.training.run_folder import read_json, replace_json
from embedscope.training.training_data import PARTS, TrainingData

_LEFT_OUT = "left_out.json"
_THREADS = 8


def sentence(items: Items, row: int, error: Exception) -> str:
    """Say that an image is left out.

    Parameters
    ----------
    items : Items
        The images.
    row : int
        Which one.
    error : Exception
        Why.

    Returns
    -------
    str
        A sentence with its id and path.
    """
    return f"{_named(items, row)} cannot be read as an image and is left out: {_why(error)}"


def _named(items: Items, row: int) -> str:
    path = getattr(items.payloads[row], "path", None)
    return f"Item {items.ids[row]!r}" + (f" ({path})" if path else "")


def _why(error: Exception) -> str:
    # A file that is gone would be named twice.
    strerror = getattr(error, "strerror", None)
    return f"{strerror or error}."


def readable(items: Items, report: Callable[[str], None]) -> Bool[np.ndarray, " items"]:
    """Look which images can be decoded.

    Parameters
    ----------
    items : Items
        Images.
    report : callable
        Called with a sentence for each that cannot.

    Returns
    -------
    ndarray of bool, shape (items,)
        True where it can. Time: all images are decoded, in 8 threads.
    """
    found = np.ones(len(items), dtype=bool)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="embedscope-images") as threads:
        for row, error in enumerate(threads.map(_error, items.payloads)):
            if error is not None:
                report(sentence(items, row, error))
                found[row] = False
    return found


def _error(payload: object) -> Exception | None:
    try:
        if not isinstance(payload, Image):
            raise TypeError("it is no image")
        payload.open()
    except Exception as error:
        return error
    return None


def refuse_unreadable(items: Items, cause: Exception) -> None:
    """Raise an error that names the first image that cannot be read; nothing where all can.

    Parameters
    ----------
    items : Items
        Images.
    cause : Exception
        What went wrong with them.

    Raises
    ------
    InputError
        With its id and path.
    """
    for row, payload in enumerate(items.payloads):
        error = _error(payload)
        if error is not None:
            raise InputError(
                f"{_named(items, row)} cannot be read as an image: {_why(error)} Put it back, or leave it "
                "out of a new run."
            ) from cause


def without_unreadable(
    data: TrainingData, report: Callable[[str], None], parts: Sequence[str] = PARTS
) -> TrainingData:
    """Leave out the images that cannot be decoded.

    Parameters
    ----------
    data : TrainingData
        Images.
    report : callable
        Called with a sentence for each that is left out.
    parts : sequence of {"train", "validation"}
        Those to look at.

    Returns
    -------
    TrainingData
        The domains keep their numbers.

    Raises
    ------
    InputError
        If a domain loses all that it has to train on.
    """
    for part in parts:
        items: Items | None = getattr(data, part)
        if items is None:
            continue
        kept = readable(items, report)
        if not kept.all():
            data = data.take(part, kept)
    _check_train(data)
    return data


def _check_train(data: TrainingData) -> None:
    there = set(data.domain_numbers(data.train).tolist())
    empty = [name for number, name in enumerate(data.domains) if number not in there]
    if empty:
        raise InputError(f"Not one image to train on of the domain {empty[0]!r} can be read.")


def keep_left_out(folder: Path, whole: TrainingData, left: TrainingData) -> None:
    """Write down which items are left out, so that a resume is on the same ones.

    Parameters
    ----------
    folder : Path
        Of the run's items.
    whole : TrainingData
        All of them.
    left : TrainingData
        What a training is on.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    replace_json(folder / _LEFT_OUT, {part: _lost(whole, left, part) for part in PARTS})


def _lost(whole: TrainingData, left: TrainingData, part: str) -> list[ItemId]:
    before, after = getattr(whole, part), getattr(left, part)
    return [] if before is None else [value for value in before.ids if not after.has_id(value)]


def read_left_out(folder: Path) -> Mapping[str, Sequence[ItemId]] | None:
    """Read what `keep_left_out` wrote.

    Parameters
    ----------
    folder : Path
        Of the run's items.

    Returns
    -------
    mapping of str to sequence, or None
        Ids by part; None before a first step was prepared.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    file = folder / _LEFT_OUT
    return read_json(file) if file.is_file() else None
