"""Names such as ``"cub:/path"``: which layout, and which folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope.items.items import Items

FOLDER_SETS = ("cars196", "cub", "inshop", "sop", "uned")


def load_folder_set(name: str, **options: Any) -> Items:
    """Load an image data set from the folder that a person has.

    Parameters
    ----------
    name : str
        ``"scheme:/path"``.
    **options
        What the layout takes: ``split``, ``check``, ``on_error``, and its own.

    Returns
    -------
    Items
        Columns ``label``, ``domain``, ``split``.

    Raises
    ------
    InputError
        If no path is given, or an option is unknown.
    MissingError
        If a file of the layout is not there.
    """
    scheme, _, place = name.partition(":")
    if not place:
        raise InputError(f"{name!r} names no folder: write load_items('{scheme}:/path/to/it').")
    module = import_module(f"embedscope.items.folders.{scheme}")
    try:
        items: Items = module.load(Path(place).expanduser(), **options)
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        raise InputError(f"The layout {scheme!r}: {error}. See help({module.__name__}.load).") from error
    return items
