"""Parquet and npy, ours and anybody's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image as PILImage

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.spaces.files import ids_path, read_ids
from embedscope.spaces.space import Space

RECORD = EncoderRecord("test:files", frozenset({"text"}), 8, {"weights": "abc"})


@pytest.fixture
def space(texts: Items, vectors: np.ndarray) -> Space:
    return Space.from_arrays(vectors[:20], ids=texts.ids, items=texts, metric="euclidean", encoder=RECORD)


def same(one: Space, other: Space) -> bool:
    return (
        one.ids == other.ids
        and one.vectors.tobytes() == other.vectors.tobytes()
        and one.items.payloads == other.items.payloads
    )


def test_our_parquet_comes_back_with_metric_encoder_and_columns(space: Space, tmp_path: Path) -> None:
    back = Space.from_parquet(space.to_parquet(tmp_path / "space.parquet"))
    assert same(back, space)
    assert back.metric == "euclidean"
    assert back.encoder == RECORD
    assert back.items.name == space.items.name
    assert back.items.columns.equals(space.items.columns)


def test_other_tools_read_our_parquet(space: Space, tmp_path: Path) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    path = space.to_parquet(tmp_path / "space.parquet")
    for frame in (pandas.read_parquet(path), polars.read_parquet(path)):
        assert list(frame.columns) == ["id", "text", "label", "vector"]
        assert np.stack(list(frame["vector"])).astype(np.float32).tobytes() == space.vectors.tobytes()


def test_columns_called_like_ours_are_kept(tmp_path: Path) -> None:
    items = Items.from_texts(["a"], ids=["x"], columns={"id": [1], "vector": [2], "text": ["t"]})
    space = Space.from_arrays([[1.0]], ids=["x"], items=items)
    back = Space.from_parquet(space.to_parquet(tmp_path / "space.parquet"))
    assert same(back, space)
    assert back.items.columns.column_names == ["id", "vector", "text"]


def test_images_come_back_by_path_or_content(pictures: Items, tmp_path: Path) -> None:
    PILImage.new("RGB", (4, 4), "red").save(tmp_path / "red.png")
    for items in (pictures, Items.from_images([tmp_path / "red.png"])):
        space = Space.from_arrays(np.eye(len(items)), ids=items.ids, items=items)
        back = Space.from_parquet(space.to_parquet(tmp_path / "space.parquet"))
        assert back.items.modality == "image"
        assert [image.read() for image in back.items.payloads] == [image.read() for image in items.payloads]


def test_an_image_space_in_memory_and_by_path_takes_the_contents(pictures: Items, tmp_path: Path) -> None:
    PILImage.new("RGB", (4, 4), "red").save(tmp_path / "red.png")
    mixed = Items.from_images([tmp_path / "red.png", pictures.payloads[0].read()], ids=["path", "bytes"])
    space = Space.from_arrays(np.eye(2), ids=mixed.ids, items=mixed)
    back = Space.from_parquet(space.to_parquet(tmp_path / "space.parquet"))
    assert [image.data is not None for image in back.items.payloads] == [True, True]


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.float64()), pa.large_list(pa.float32()), pa.list_(pa.float16(), 2)]
)
def test_anybodys_parquet_is_read(kind: pa.DataType, tmp_path: Path) -> None:
    rows = [[1, 0], [0, 1]] if kind != pa.list_(pa.float16(), 2) else np.eye(2, dtype=np.float16).tolist()
    values = pa.array([[np.float16(n) for n in row] for row in rows] if "half" in str(kind) else rows, kind)
    pq.write_table(pa.table({"key": ["a", "b"], "emb": values, "n": [1, 2]}), tmp_path / "any.parquet")
    space = Space.from_parquet(tmp_path / "any.parquet", id="key", vector="emb")
    assert space.ids == ("a", "b")
    assert space.vectors.tolist() == [[1, 0], [0, 1]]
    assert space.items.column("n").tolist() == [1, 2]
    assert (space.metric, space.encoder) == ("cosine", None)


def test_without_ids_rows_are_numbered(tmp_path: Path) -> None:
    pq.write_table(pa.table({"vector": [[1.0], [2.0]]}), tmp_path / "any.parquet")
    assert Space.from_parquet(tmp_path / "any.parquet").ids == (0, 1)


def test_a_row_without_text_keeps_its_vector_and_is_reported(tmp_path: Path) -> None:
    frame = pa.table({"text": ["a", ""], "vector": [[1.0, 0.0], [0.0, 1.0]]})
    pq.write_table(frame, tmp_path / "any.parquet")
    with pytest.warns(EmbedscopeWarning, match="1 of 2"):
        space = Space.from_parquet(tmp_path / "any.parquet")
    assert len(space) == 2
    assert space.problems[0].id == 1


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ({"vector": [[1.0], None]}, "rows without a vector"),
        ({"vector": [[1.0], [1.0, 2.0]]}, "several lengths"),
        ({"vector": ["no", "list"]}, "wanted a list of numbers"),
        ({"numbers": [[1.0], [2.0]]}, "no column 'vector'"),
        ({"vector": [[1.0], [float("nan")]]}, "row 1"),
        ({"vector": [[1.0], [2.0]], "id": ["x", "x"]}, "comes twice"),
    ],
)
def test_vectors_that_are_none_are_refused(frame, told: str, tmp_path: Path) -> None:
    pq.write_table(pa.table(frame), tmp_path / "any.parquet")
    with pytest.raises(InputError, match=told):
        Space.from_parquet(tmp_path / "any.parquet")


def test_a_missing_file_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="There is no file"):
        Space.from_parquet(tmp_path / "none.parquet")
    with pytest.raises(MissingError, match="There is no file"):
        Space.from_npy(tmp_path / "none.npy")
    pq.write_table(pa.table({"vector": [[1.0]]}), tmp_path / "any.parquet")
    with pytest.raises(MissingError, match="No column is called 'key'"):
        Space.from_parquet(tmp_path / "any.parquet", id="key")


def test_npy_comes_back_with_its_ids(space: Space, tmp_path: Path) -> None:
    path = space.to_npy(tmp_path / "v.npy")
    back = Space.from_npy(path)
    assert back.ids == space.ids
    assert back.vectors.tobytes() == space.vectors.tobytes()
    assert read_ids(path) == list(space.ids)
    shuffled = space.items.take(np.arange(20)[::-1])
    matched = Space.from_npy(path, items=shuffled)
    assert matched.vectors.tobytes() == space.vectors[::-1].tobytes()


def test_anybodys_npy_is_read(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.eye(3))
    assert not ids_path(tmp_path / "v.npy").exists()
    assert Space.from_npy(tmp_path / "v.npy").ids == (0, 1, 2)
    assert Space.from_npy(tmp_path / "v.npy", ids="abc").ids == ("a", "b", "c")


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"no .npy file of numbers"):
        Space.from_npy(tmp_path / "v.npy")
