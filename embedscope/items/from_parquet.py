"""Files of rows: parquet, CSV and JSON lines, read by pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from embedscope._errors import InputError, MissingError

TABLE_SUFFIXES = frozenset({".parquet", ".csv", ".tsv", ".jsonl", ".ndjson"})


def read_parquet(path: Any, columns: Sequence[str] | None) -> tuple[pa.Table, str]:
    """Read a parquet file, or a folder of them.

    Parameters
    ----------
    path : path
        The file or folder.
    columns : sequence of str, optional
        Read these only.

    Returns
    -------
    table : pyarrow.Table
        All rows.
    name : str
        The file's name without its suffix.

    Raises
    ------
    MissingError
        If it is not there.
    InputError
        If it is no parquet file.
    """
    import pyarrow.parquet

    place = Path(path).expanduser()
    if not place.exists():
        raise MissingError(f"There is no file {str(path)!r}.")
    try:
        return pyarrow.parquet.read_table(place, columns=list(columns) if columns else None), place.stem
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{str(path)!r} cannot be read as parquet: {error}") from error


def read_table(path: Path) -> tuple[pa.Table, str]:
    """Read a parquet, CSV, TSV or JSON-lines file, told by its suffix.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    table : pyarrow.Table
        All rows.
    name : str
        The file's name without its suffix.

    Raises
    ------
    MissingError
        If it is not there.
    InputError
        If its content is not what the suffix says.
    """
    if path.suffix == ".parquet":
        return read_parquet(path, None)
    import pyarrow.csv
    import pyarrow.json

    if not path.is_file():
        raise MissingError(f"There is no file {str(path)!r}.")
    try:
        if path.suffix in (".jsonl", ".ndjson"):
            return pyarrow.json.read_json(path), path.stem
        return pyarrow.csv.read_csv(path, parse_options=_csv_options(path.suffix)), path.stem
    except pa.ArrowInvalid as error:
        raise InputError(f"{str(path)!r} cannot be read as {path.suffix[1:]}: {error}") from error


def _csv_options(suffix: str) -> Any:
    import pyarrow.csv

    # Texts hold line breaks.
    return pyarrow.csv.ParseOptions(delimiter="\t" if suffix == ".tsv" else ",", newlines_in_values=True)
