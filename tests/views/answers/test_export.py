"""Files of the selection are what other tools read."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.views.answers.export import Exports
from embedscope.views.answers.rows import asked_rows
from embedscope.views.channel import Request

TEXTS = ["plain", 'quo"te, comma\nline', "<script>\u202eé", "\ud800"]
CLUSTERS = Clusters(np.array([0, -1, 0, 0], np.int32), np.ones(4, np.float32), ("wood",), "map", {})


@pytest.fixture
def export(about: Callable[..., Request]) -> Callable[..., bytes]:
    columns = pa.table(
        {
            "score": pa.array([0.5, float("nan"), None, 1.0]),
            "when": pa.array([datetime.datetime(2020, 1, 2, 3, 4)] * 4),
            "kind": pa.array(["a", None, "b", "a"]).dictionary_encode(),
            "tags": pa.array([["x", "y"], [], None, ["z"]]),
            "raw": pa.array([b"\x00\xff", None, b"", b"a"]),
            "cluster": pa.array([1, 2, 3, 4]),
            "view": pa.array(list("pqrs"), pa.string_view()),
        }
    )
    items = Items.from_texts(TEXTS, columns=columns)
    answer = Exports(lambda r: asked_rows(r, np.empty(0, np.uint32), 4), lambda: items, lambda: CLUSTERS)
    return lambda rows, kind: answer(about(rows, "export", format=kind)).buffers[0]


def test_csv_is_read_by_others_with_every_text_as_it_was(export: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(export([0, 1, 2], "csv").decode())))
    assert [row["text"] for row in rows] == TEXTS[:3]
    assert [row["id"] for row in rows] == ["0", "1", "2"]
    assert [row["cluster_"] for row in rows] == ["wood", "", "wood"]
    assert rows[0]["tags"] == '["x", "y"]'
    assert rows[0]["raw"] == '"00ff"'
    assert rows[1]["kind"] == ""


def test_json_is_strict_and_keeps_types(export: Any) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    rows = json.loads(export([0, 1, 3], "json"), parse_constant=refuse)
    assert [row["text"] for row in rows] == [TEXTS[0], TEXTS[1], "?"]
    assert [row["score"] for row in rows] == [0.5, None, 1.0]
    assert rows[0]["when"] == "2020-01-02T03:04:00"
    assert rows[0]["tags"] == ["x", "y"]
    assert rows[2]["cluster_"] == "wood"


def test_parquet_keeps_the_frame(export: Any) -> None:
    frame = pq.read_table(io.BytesIO(export([2, 0], "parquet")))
    assert frame.column("id").to_pylist() == [0, 2]
    assert frame.column("raw").to_pylist() == [b"\x00\xff", b""]


def test_nothing_and_unknown_formats_are_refused(export: Any) -> None:
    with pytest.raises(InputError, match="Nothing is selected"):
        export([], "csv")
    with pytest.raises(MissingError, match=r"No format is called 'xlsx'.*csv, json, parquet"):
        export([0], "xlsx")
