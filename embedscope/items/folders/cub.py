"""CUB-200-2011: 11,788 photos of 200 kinds of birds."""

from __future__ import annotations

from pathlib import Path

from embedscope._errors import InputError
from embedscope.items.folders.folder_set import ALL, FolderSet, Row
from embedscope.items.items import Items
from embedscope.items.problems import OnError

SET = FolderSet("cub", "CUB-200-2011", "https://data.caltech.edu/records/65de6-vp158 (CUB_200_2011.tgz)")
_TRAINED_ON = 100


def load(
    path: Path,
    *,
    split: str = ALL,
    protocol: str = "retrieval",
    check: bool = False,
    on_error: OnError = "skip",
) -> Items:
    """Load the folder ``CUB_200_2011``, or the one it lies in.

    Parameters
    ----------
    path : Path
        Holds ``images/``, ``images.txt``, ``image_class_labels.txt`` and ``classes.txt``.
    split : {"train", "test", "all"}
        Which part.
    protocol : {"retrieval", "classification"}
        Retrieval trains on classes 1 to 100 and tests on 101 to 200; classification splits every class, as
        ``train_test_split.txt`` says.
    check : bool
        Decode every image now.
    on_error : {"raise", "skip", "mark"}
        What happens to an image that is missing or corrupt.

    Returns
    -------
    Items
        Labels such as ``"001.Black_footed_Albatross"``.

    Raises
    ------
    MissingError
        If a file of the layout is not there.
    InputError
        If a line of one cannot be read, or the protocol is unknown.
    """
    if protocol not in ("retrieval", "classification"):
        raise InputError(f"protocol={protocol!r}: wanted 'retrieval' or 'classification'.")
    root = SET.root(path, "images.txt", ["CUB_200_2011"])
    names = dict(SET.fields(root / "classes.txt", 2, last_open=True))
    classes = dict(SET.fields(root / "image_class_labels.txt", 2))
    images = SET.file(root / "images")
    trained = _trained(root, classes, protocol)
    rows = (
        Row(file, images / file, names[classes[number]], SET.name, "train" if trained[number] else "test")
        for number, file in SET.fields(root / "images.txt", 2, last_open=True)
    )
    try:
        return SET.items(rows, split, on_error, check)
    except KeyError as error:
        raise InputError(f"{str(root)!r}: the files do not fit together; {error} has no class.") from error


def _trained(root: Path, classes: dict[str, str], protocol: str) -> dict[str, bool]:
    if protocol == "classification":
        return {number: flag == "1" for number, flag in SET.fields(root / "train_test_split.txt", 2)}
    return {number: int(code) <= _TRAINED_ON for number, code in classes.items()}
