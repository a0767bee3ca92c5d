"""One verb loads what a person has, whatever it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image as PILImage

import embedscope as es
from embedscope._errors import EmbedscopeWarning, FetchError, InputError, MissingError
from embedscope.items.load import load_items, load_pairs

FRAME = pl.DataFrame({"query": ["a", "b"], "document": ["one", "two"]})


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png"):
        PILImage.new("RGB", (4, 4)).save(tmp_path / name)
    return tmp_path


def test_texts_frames_and_items() -> None:
    assert load_items(["a", "b"]).payloads == ("a", "b")
    assert load_items(text for text in ("a", "b")).payloads == ("a", "b")
    assert load_items(FRAME, text="query").column("document").tolist() == ["one", "two"]
    items = load_items(["a", "b", "c"])
    assert load_items(items) is items
    assert len(load_items(items, sample=2)) == 2


def test_a_list_may_begin_with_a_missing_text() -> None:
    with pytest.warns(EmbedscopeWarning, match="1 of 2"):
        assert load_items([None, "b"]).modality == "text"


def test_images_by_folder_by_path_and_by_value(pictures: Path) -> None:
    assert load_items(pictures).ids == load_items(str(pictures)).ids == ("a.png", "b.png")
    paths = [pictures / "a.png", pictures / "b.png"]
    assert load_items(paths).modality == load_items([str(path) for path in paths]).modality == "image"
    assert load_items([np.zeros((2, 2), np.uint8)]).modality == "image"


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl"])
def test_files_of_rows(suffix: str, tmp_path: Path) -> None:
    place = tmp_path / f"rows{suffix}"
    {".csv": FRAME.write_csv, ".parquet": FRAME.write_parquet, ".jsonl": FRAME.write_ndjson}[suffix](place)
    assert load_items(place, text="query", sample=1).name == "rows"
    assert len(load_pairs(str(place))) == 2
    assert load_pairs(place, query="document", document="query").queries.payloads == ("one", "two")


def test_a_folder_of_parquet(tmp_path: Path) -> None:
    FRAME.write_parquet(tmp_path / "part-0.parquet")
    FRAME.write_parquet(tmp_path / "part-1.parquet")
    assert len(load_items(tmp_path, text="query")) == 4


def test_pairs_of_frames_and_mappings() -> None:
    pairs = load_pairs(FRAME)
    assert load_pairs(pairs) is pairs
    assert len(load_pairs(FRAME.to_dict(as_series=False), sample=1)) == 1


def test_names_that_are_not_there_list_the_choices(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"Did you mean 'newsgroups'.*hf:owner/name"):
        load_items("newsgroup")
    with pytest.raises(MissingError, match="Did you mean 'quran'"):
        load_pairs("quram")
    with pytest.raises(MissingError, match="There is no file"):
        load_items(tmp_path / "gone.parquet")


def test_a_set_of_the_other_kind_says_which_verb() -> None:
    with pytest.raises(MissingError, match=r"load_pairs\('docstrings'\)"):
        load_items("docstrings")
    with pytest.raises(MissingError, match=r"load_items\('flags'\)"):
        load_pairs("flags")


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"takes split='train'\|'test'.*sprit"):
        load_items("newsgroups", sprit="train")
    with pytest.raises(InputError, match="path= goes with a packaged data set"):
        load_items(["a"], path=tmp_path)
    with pytest.raises(FetchError, match="path= takes"):
        load_items("newsgroups", path=tmp_path / "gone.whl")
    with pytest.raises(InputError, match="got int"):
        load_items(7)
    (tmp_path / "a.docx").write_bytes(b"")
    with pytest.raises(InputError, match="is not read"):
        load_items(tmp_path / "a.docx")


def test_the_front_door_has_the_same_verbs() -> None:
    assert (es.load_items, es.load_pairs) == (load_items, load_pairs)
