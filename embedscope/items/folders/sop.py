"""Stanford Online Products: 120,053 photos of 22,634 products."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from embedscope.items.folders.folder_set import ALL, FolderSet, Row
from embedscope.items.items import Items
from embedscope.items.problems import OnError

SET = FolderSet(
    "sop",
    "Stanford Online Products",
    "https://cvgl.stanford.edu/projects/lifted_struct/ (Stanford_Online_Products.zip)",
)
_FILES = {"train": "Ebay_train.txt", "test": "Ebay_test.txt"}


def load(path: Path, *, split: str = ALL, check: bool = False, on_error: OnError = "skip") -> Items:
    """Load the folder ``Stanford_Online_Products``, or the one it lies in.

    Parameters
    ----------
    path : Path
        Holds ``Ebay_train.txt``, ``Ebay_test.txt`` and the images' folders ``bicycle_final`` to
        ``toaster_final``.
    split : {"train", "test", "all"}
        Which part; the classes are disjoint.
    check : bool
        Decode every image now.
    on_error : {"raise", "skip", "mark"}
        What happens to an image that is missing or corrupt.

    Returns
    -------
    Items
        The label is the product's number; ``category`` is one of 12.

    Raises
    ------
    MissingError
        If a file of the layout is not there.
    InputError
        If a line of one cannot be read.
    """
    root = SET.root(path, _FILES["train"], ["Stanford_Online_Products"])
    return SET.items(_rows(root), split, on_error, check)


def _rows(root: Path) -> Iterator[Row]:
    for split, name in _FILES.items():
        for _, product, _, file in SET.fields(root / name, 4, skip=1, last_open=True):
            category = file.split("/")[0].removesuffix("_final")
            yield Row(file, root / file, product, SET.name, split, (("category", category),))
