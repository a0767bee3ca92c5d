"""In-shop Clothes Retrieval (DeepFashion): 52,712 photos of 7,982 pieces of clothing."""

from __future__ import annotations

from pathlib import Path

from embedscope._errors import InputError
from embedscope.items.folders.folder_set import ALL, FolderSet, Row
from embedscope.items.items import Items
from embedscope.items.problems import OnError

SET = FolderSet(
    "inshop",
    "In-shop Clothes",
    "https://mmlab.ie.cuhk.edu.hk/projects/DeepFashion/InShopRetrieval.html (img.zip and Eval/)",
)
_SPLITS = ("train", "query", "gallery")
_HEADING = 2
_PARTITION = "list_eval_partition.txt"


def load(path: Path, *, split: str = ALL, check: bool = False, on_error: OnError = "skip") -> Items:
    """Load the folder that holds ``Eval/list_eval_partition.txt`` and ``Img/img/`` or ``img/``.

    Parameters
    ----------
    path : Path
        The folder; the partition may also lie in it directly.
    split : {"train", "query", "gallery", "all"}
        Which part; queries are asked of the gallery.
    check : bool
        Decode every image now.
    on_error : {"raise", "skip", "mark"}
        What happens to an image that is missing or corrupt.

    Returns
    -------
    Items
        The label is the item's id, such as ``"id_00000001"``; ``category`` such as ``"WOMEN/Dresses"``.

    Raises
    ------
    MissingError
        If a file of the layout is not there.
    InputError
        If a line of the partition cannot be read.
    """
    flat = (path / _PARTITION).is_file()
    root = path if flat else SET.root(path, f"Eval/{_PARTITION}", ["In-shop Clothes Retrieval Benchmark"])
    partition = root / _PARTITION if flat else root / "Eval" / _PARTITION
    images = root / "Img" if (root / "Img" / "img").is_dir() else root
    SET.file(images / "img")
    rows = []
    for file, item, split_name in SET.fields(partition, 3, skip=_HEADING):
        if split_name not in _SPLITS:
            raise InputError(
                f"{str(partition)!r}: {file!r} is in {split_name!r}; wanted {', '.join(_SPLITS)}."
            )
        category = "/".join(Path(file).parts[1:3])
        rows.append(Row(file, images / file, item, SET.name, split_name, (("category", category),)))
    return SET.items(rows, split, on_error, check)
