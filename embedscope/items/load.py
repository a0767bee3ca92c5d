"""Load items and pairs by name, or from whatever a person has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from embedscope._errors import InputError, MissingError
from embedscope.items.cards import PACKAGED, card, packaged_module
from embedscope.items.columns import as_columns, is_frame
from embedscope.items.folders.schemes import FOLDER_SETS, load_folder_set
from embedscope.items.from_hub import read_huggingface
from embedscope.items.from_images import SUFFIXES
from embedscope.items.from_parquet import TABLE_SUFFIXES, read_table
from embedscope.items.from_texts import is_missing
from embedscope.items.items import Items, OnError
from embedscope.items.pairs import Pairs

_HUB = "hf:"
_LONGEST_PATH = 1000


def load_items(
    name: Any,
    *,
    path: str | os.PathLike[str] | None = None,
    sample: int | None = None,
    seed: int = 0,
    on_error: OnError = "skip",
    **options: Any,
) -> Items:
    """Load items: a packaged data set, or what a person has.

    Parameters
    ----------
    name : str, path, data frame or iterable
        The name of a packaged data set (see `embedscope.datasets`); a folder of images or of parquet files; a
        parquet, CSV, TSV or JSON-lines file; ``"hf:owner/name"``; a folder in the layout of a known image
        data set, as ``"cub:/path"`` (also ``cars196:``, ``sop:``, ``inshop:``, ``uned:``); a data frame; a
        list of texts or of images; `Items`.
    path : path, optional
        Of a packaged data set: its package, for those who bring it themselves.
    sample : int, optional
        Draw so many at random.
    seed : int
        For the draw.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used; see `Items.from_texts`.
    **options
        What the loader takes: ``split``, ``text``, ``image``, ``id``, ``columns`` and so on.

    Returns
    -------
    Items
        In the order of the source.

    Raises
    ------
    MissingError
        If there is no such data set, folder or file.
    FetchError
        If a package cannot be fetched, or is not what it should be.
    InputError
        If an option is unknown, or the input cannot be used.

    Examples
    --------
    >>> load_items(["a cat", "a dog"]).payloads
    ('a cat', 'a dog')
    >>> load_items("newsgroups", sample=2000)  # doctest: +SKIP
    """
    items = _load(name, path, on_error, options)
    return items if sample is None else items.sample(sample, seed)


def _load(
    name: Any, path: str | os.PathLike[str] | None, on_error: OnError, options: dict[str, Any]
) -> Items:
    if isinstance(name, Items):
        return name
    if isinstance(name, str) and name in PACKAGED:
        found: Items = _load_packaged(name, "load", path=path, on_error=on_error, **options)
        return found
    if path is not None:
        raise InputError(f"path= goes with a packaged data set ({', '.join(PACKAGED)}); got {name!r}.")
    if isinstance(name, str) and name.startswith(_HUB):
        return Items.from_huggingface(name.removeprefix(_HUB), on_error=on_error, **options)
    if isinstance(name, str) and name.partition(":")[0] in FOLDER_SETS and ":" in name:
        return load_folder_set(name, on_error=on_error, **options)
    if isinstance(name, str | os.PathLike):
        return _load_place(Path(name).expanduser(), on_error, options)
    if is_frame(name):
        return Items.from_frame(name, on_error=on_error, **options)
    return _load_values(name, on_error, options)


def load_pairs(
    name: Any,
    *,
    path: str | os.PathLike[str] | None = None,
    sample: int | None = None,
    seed: int = 0,
    on_error: str = "skip",
    **options: Any,
) -> Pairs:
    """Load queries and documents that belong together: a packaged data set, or what a person has.

    Parameters
    ----------
    name : str, path or data frame
        The name of a packaged data set of pairs (see `embedscope.datasets`); a parquet, CSV, TSV or
        JSON-lines file; ``"hf:owner/name"``; a data frame; `Pairs`.
    path : path, optional
        Of a packaged data set: its package, for those who bring it themselves.
    sample : int, optional
        Draw so many matches at random.
    seed : int
        For the draw.
    on_error : {"raise", "skip"}
        What happens to a row that cannot be used.
    **options
        What the loader takes; for a frame ``query``, ``document`` and ``negative`` name its columns.

    Returns
    -------
    Pairs
        In the order of the source.

    Raises
    ------
    MissingError
        If there is no such data set, file or column.
    FetchError
        If a package cannot be fetched, or is not what it should be.
    InputError
        If an option is unknown, or the input cannot be used.

    Examples
    --------
    >>> load_pairs({"query": ["2 + 2?"], "document": ["4"]}).documents.payloads
    ('4',)
    >>> load_pairs("quran", source="en", target="fr")  # doctest: +SKIP
    """
    pairs = _load_pairs(name, path, on_error, options)
    return pairs if sample is None else pairs.sample(sample, seed)


def _load_pairs(
    name: Any, path: str | os.PathLike[str] | None, on_error: str, options: dict[str, Any]
) -> Pairs:
    if isinstance(name, Pairs):
        return name
    if isinstance(name, str) and name in PACKAGED:
        found: Pairs = _load_packaged(name, "load_pairs", path=path, on_error=on_error, **options)
        return found
    if path is not None:
        raise InputError(f"path= goes with a packaged data set ({', '.join(PACKAGED)}); got {name!r}.")
    if isinstance(name, str) and name.startswith(_HUB):
        hub = {key: options.pop(key) for key in ("split", "config") if key in options}
        frame = read_huggingface(name.removeprefix(_HUB), hub.get("split", "train"), hub.get("config"))
        return Pairs.from_frame(frame, on_error=on_error, **{"name": name, **options})
    if isinstance(name, str | os.PathLike):
        place = Path(name).expanduser()
        if place.suffix.lower() not in TABLE_SUFFIXES:
            packaged_module(str(name))
        frame, title = read_table(place)
        return Pairs.from_frame(frame, on_error=on_error, **{"name": title, **options})
    if isinstance(name, Mapping):
        name = as_columns(name, len(next(iter(name.values()), ())))
    return Pairs.from_frame(name, on_error=on_error, **options)


def _load_packaged(name: str, verb: str, **options: Any) -> Any:
    module = packaged_module(name)
    loader = getattr(module, verb, None)
    if loader is None:
        other = "load_pairs" if verb == "load" else "load_items"
        raise MissingError(f"{name!r} does not load this way: type {other}({name!r}).")
    if PACKAGED[name] != name:
        # One file holds several data sets.
        options["name"] = name
    try:
        return loader(**options)
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        known = card(name).options or "no options"
        raise InputError(f"The data set {name!r} takes {known}; {error}.") from error


def _load_place(place: Path, on_error: OnError, options: dict[str, Any]) -> Items:
    if place.is_dir() and any(place.glob("*.parquet")):
        return Items.from_parquet(place, on_error=on_error, **options)
    if place.is_dir():
        return Items.from_images(place, on_error=on_error, **options)
    if place.suffix.lower() in TABLE_SUFFIXES:
        frame, found = read_table(place)
        return Items.from_frame(frame, on_error=on_error, **{"name": found, **options})
    if place.is_file():
        known = ", ".join(sorted(TABLE_SUFFIXES))
        raise InputError(f"{str(place)!r} is not read: give a folder of images, or a file in {known}.")
    if len(place.parts) == 1 and not place.suffix:
        packaged_module(str(place))
    raise MissingError(f"There is no folder or file {str(place)!r}.")


def _load_values(values: Any, on_error: OnError, options: dict[str, Any]) -> Items:
    if not isinstance(values, Iterable):
        raise InputError(
            f"Items are made of a name, a folder, a file, a frame or a list; got {type(values).__name__}."
        )
    listed = list(values)
    first = next((value for value in listed if not is_missing(value)), "")
    make = Items.from_texts if isinstance(first, str) and not _is_image_path(first) else Items.from_images
    return make(listed, on_error=on_error, **options)


def _is_image_path(text: str) -> bool:
    short = len(text) < _LONGEST_PATH and "\n" not in text
    return short and Path(text).suffix.lower() in SUFFIXES and Path(text).is_file()
