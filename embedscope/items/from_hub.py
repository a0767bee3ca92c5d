"""Data sets of the Hugging Face hub, read by its own package."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from embedscope._errors import FetchError
from embedscope._optional import require


def read_huggingface(path: str, split: str, config: str | None) -> pa.Table:
    """Load one part of a data set as a table.

    Parameters
    ----------
    path : str
        ``"owner/name"`` or a local folder.
    split : str
        Which part.
    config : str, optional
        The data set's configuration.

    Returns
    -------
    pyarrow.Table
        Class numbers are replaced by their names; images are ``{"bytes", "path"}``, not decoded.

    Raises
    ------
    DependencyError
        If the package ``datasets`` is missing.
    FetchError
        If it cannot be loaded: no network, no such data set, no such part.
    """
    datasets = require("datasets", install="'embedscope[huggingface]'", purpose="to load hub data sets")
    try:
        loaded = datasets.load_dataset(path, config, split=split)
    except Exception as error:  # the package raises errors of many types
        raise FetchError(
            f"The data set {path!r} (split {split!r}) could not be loaded: {error}. "
            "Check the name and the network, or give a folder or a parquet file."
        ) from error
    return _plain(loaded, datasets)


def _plain(loaded: Any, datasets: Any) -> pa.Table:
    for name, feature in loaded.features.items():
        if isinstance(feature, datasets.Image):
            loaded = loaded.cast_column(name, datasets.Image(decode=False))
    table = loaded.with_format("arrow")[:]
    for place, (name, feature) in enumerate(loaded.features.items()):
        if isinstance(feature, datasets.ClassLabel):
            names = [_class_name(feature, code) for code in table.column(name).to_pylist()]
            table = table.set_column(place, name, pa.array(names, pa.string()))
    return table.replace_schema_metadata(None)


def _class_name(feature: Any, code: int | None) -> str | None:
    """Name a class; the hub writes -1 where the label is hidden."""
    return None if code is None or code < 0 else str(feature.int2str(code))
