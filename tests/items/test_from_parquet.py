"""Files of rows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.items.from_parquet import read_table
from embedscope.items.items import Items

FRAME = pl.DataFrame({"text": ["one\nline, more", 'say "two"'], "n": [1, 2]})


def test_parquet_by_file_and_by_folder(tmp_path: Path) -> None:
    for part in ("a", "b"):
        pq.write_table(pa.table({"text": [part], "n": [1]}), tmp_path / f"{part}.parquet")
    assert Items.from_parquet(tmp_path / "a.parquet").payloads == ("a",)
    assert Items.from_parquet(tmp_path).payloads == ("a", "b")
    assert Items.from_parquet(tmp_path / "a.parquet", columns=["text"]).columns.num_columns == 0
    assert Items.from_parquet(tmp_path / "a.parquet", name="mine").name == "mine"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_each_file_reads_as_it_was_written(suffix: str, tmp_path: Path) -> None:
    place = tmp_path / f"rows{suffix}"
    {
        ".csv": FRAME.write_csv,
        ".tsv": lambda where: FRAME.write_csv(where, separator="\t"),
        ".jsonl": FRAME.write_ndjson,
        ".parquet": FRAME.write_parquet,
    }[suffix](place)
    table, name = read_table(place)
    assert (table.to_pydict(), name) == (FRAME.to_dict(as_series=False), "rows")


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_files_that_are_not_there_or_damaged(suffix: str, tmp_path: Path) -> None:
    place = tmp_path / f"rows{suffix}"
    with pytest.raises(MissingError, match="There is no file"):
        read_table(place)
    place.write_bytes(b'{"a": \n\x00"' if suffix == ".jsonl" else b"a,b\n1,2,3\n")
    with pytest.raises(InputError, match="cannot be read as"):
        read_table(place)
