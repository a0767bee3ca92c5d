"""Stanford Cars: 16,185 photos of 196 models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope.items.folders.folder_set import ALL, FolderSet, Row
from embedscope.items.items import Items
from embedscope.items.problems import OnError

SET = FolderSet(
    "cars196",
    "Cars196",
    "http://ai.stanford.edu/~jkrause/cars/car_dataset.html (car_ims.tgz and cars_annos.mat)",
)
_TRAINED_ON = 98


def load(
    path: Path,
    *,
    split: str = ALL,
    protocol: str = "retrieval",
    check: bool = False,
    on_error: OnError = "skip",
) -> Items:
    """Load the folder that holds ``cars_annos.mat`` and ``car_ims/``.

    Parameters
    ----------
    path : Path
        The folder.
    split : {"train", "test", "all"}
        Which part.
    protocol : {"retrieval", "classification"}
        Retrieval trains on classes 1 to 98 and tests on 99 to 196; classification splits every class, as the
        annotations say.
    check : bool
        Decode every image now.
    on_error : {"raise", "skip", "mark"}
        What happens to an image that is missing or corrupt.

    Returns
    -------
    Items
        Labels such as ``"AM General Hummer SUV 2000"``.

    Raises
    ------
    MissingError
        If a file of the layout is not there.
    InputError
        If the annotations are not what they should be, or the protocol is unknown.
    """
    if protocol not in ("retrieval", "classification"):
        raise InputError(f"protocol={protocol!r}: wanted 'retrieval' or 'classification'.")
    root = SET.root(path, "cars_annos.mat", ["cars196", "Cars196", "cars"])
    SET.file(root / "car_ims")
    names, annotations = _read(root / "cars_annos.mat")
    rows = []
    for annotation in annotations:
        file, code = str(annotation.relative_im_path), int(getattr(annotation, "class"))
        if not 1 <= code <= len(names):
            raise InputError(f"cars_annos.mat: {file!r} is of class {code}; there are {len(names)}.")
        trained = code <= _TRAINED_ON if protocol == "retrieval" else not int(annotation.test)
        rows.append(Row(file, root / file, names[code - 1], SET.name, "train" if trained else "test"))
    return SET.items(rows, split, on_error, check)


def _read(file: Path) -> tuple[list[str], list[Any]]:
    import numpy as np
    from scipy.io import loadmat

    try:
        held = loadmat(file, squeeze_me=True, struct_as_record=False)
        names, annotations = np.atleast_1d(held["class_names"]), np.atleast_1d(held["annotations"])
    except Exception as error:  # scipy raises errors of many types on a damaged file
        raise InputError(f"{str(file)!r} cannot be read as Cars196's annotations: {error}.") from error
    return [str(name) for name in names], list(annotations)
