"""Queries of every kind become vectors; what is none says what is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import InputError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.payloads import Image
from embedscope.spaces import queries
from embedscope.spaces.queries import name_query, query_vector, reload_encoder


def never():
    raise AssertionError("a vector needs no encoder")


@pytest.fixture
def red(tmp_path: Path) -> Path:
    PILImage.new("RGB", (4, 4), "red").save(tmp_path / "red.png")
    return tmp_path / "red.png"


@pytest.mark.parametrize("kind", [list, tuple, np.asarray, "tensor"])
def test_a_vector_is_taken_as_it_is(kind) -> None:
    if kind == "tensor":
        kind = pytest.importorskip("torch").tensor
    assert query_vector(kind([1.0, 2.0]), 2, never).tolist() == [[1, 2]]


def test_a_vector_of_other_dims_or_not_finite_is_refused() -> None:
    with pytest.raises(InputError, match="The query has 3 dims, the space 2"):
        query_vector([1.0, 2.0, 3.0], 2, never)
    with pytest.raises(InputError, match="the query hold"):
        query_vector([1.0, np.inf], 2, never)


def test_a_text_goes_through_the_encoder_on_the_other_side(encoder) -> None:
    for role, asked in ((None, None), ("document", "query"), ("query", "query")):
        found = query_vector("a cat", 16, lambda: encoder, role=role)
        assert encoder.roles[-1] == asked
        np.testing.assert_array_equal(found, encoder.encode(["a cat"], role=asked))


def test_a_truncated_space_truncates_the_query(encoder) -> None:
    found = query_vector("a cat", 5, lambda: encoder)
    assert found.shape == (1, 5)
    assert np.linalg.norm(found) == pytest.approx(1)


def test_an_image_by_path_pil_or_bytes_is_the_same_query(make_encoder, red: Path) -> None:
    encoder = make_encoder(modalities=("image",))
    with PILImage.open(red) as picture:
        picture.load()
        asked = [red, str(red), Image(path=red), Image(data=red.read_bytes()), picture]
    for query in asked:
        query_vector(query, 16, lambda: encoder)
    pixels = {payload.open().getpixel((0, 0)) for payload in encoder.seen}
    assert pixels == {(255, 0, 0)}
    assert len(encoder.seen) == 5


def test_a_str_is_a_text_where_the_encoder_takes_texts(make_encoder, red: Path) -> None:
    both = make_encoder(modalities=("text", "image"))
    query_vector(str(red), 16, lambda: both)
    query_vector(red, 16, lambda: both)
    assert both.seen[0] == str(red)
    assert isinstance(both.seen[1], Image)


def test_an_image_for_a_text_encoder_says_what_it_takes(encoder, red: Path) -> None:
    with pytest.raises(InputError, match="The query is an image; the encoder 'test:words' takes text"):
        query_vector(red, 16, lambda: encoder)


def test_a_file_that_is_no_image_is_named(make_encoder, tmp_path: Path) -> None:
    encoder = make_encoder(modalities=("image",))
    (tmp_path / "notes.png").write_text("no image")
    for query in (tmp_path / "notes.png", "a red flower", Image(data=b"junk")):
        with pytest.raises(InputError, match="no image that can be read"):
            query_vector(query, 16, lambda: encoder)


def test_what_is_no_query_is_refused(encoder) -> None:
    with pytest.raises(InputError, match=r"A query is a text, an image .* got int"):
        query_vector(7, 16, lambda: encoder)


def test_queries_are_named_in_one_line(red: Path) -> None:
    assert name_query("a\n<b>  cat") == "'a <b> cat'"
    assert len(name_query("word " * 10_000)) <= 62
    assert name_query(red) == "red.png"
    assert name_query(Image(data=b"")) == "an image"


def test_a_space_of_arrays_says_how_it_can_be_searched() -> None:
    with pytest.raises(InputError, match=r"made from arrays and has no encoder.*Search by a vector"):
        reload_encoder(None)


def test_an_encoder_that_cannot_be_loaded_says_why() -> None:
    gone = EncoderRecord("nonesuch:model", frozenset({"text"}), 4)
    with pytest.raises(
        InputError, match=r"'nonesuch:model' of this space cannot be loaded again: .*by a vector"
    ):
        reload_encoder(gone)


def test_another_encoder_under_the_same_name_is_found_out(encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "load_encoder", lambda name: encoder)
    record = encoder.record
    assert reload_encoder(record) is encoder
    assert reload_encoder(replace(record, parameters={**record.parameters, "dtype": "bfloat16"})) is encoder
    with pytest.raises(InputError, match="seed was 9 and is 0"):
        reload_encoder(replace(record, parameters={"seed": 9}))
    with pytest.raises(InputError, match="dims was 99 and is 16"):
        reload_encoder(replace(record, dims=99))
