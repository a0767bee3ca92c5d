"""TrainingData: kept in a run's folder and read back the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embedscope import Items
from embedscope._errors import StoreError
from embedscope.training.training_data import TrainingData
from tests.training.pictures import data_of, picture_files, pictures, two_domains


def test_what_is_kept_is_read(tmp_path):
    files = picture_files(tmp_path / "files", pictures("flags"))
    data = data_of({"flags": files, "lo\ngos": pictures("logos")})
    data.save(tmp_path)
    read = TrainingData.load(tmp_path / "data")
    assert (read.domains, read.fingerprint) == (("flags", "lo\ngos"), data.fingerprint)
    for mine, theirs in ((data.train, read.train), (data.validation, read.validation)):
        assert (theirs.ids, theirs.name) == (mine.ids, mine.name)
        assert theirs.columns.equals(mine.columns)
        assert [payload.read() for payload in theirs.payloads] == [
            payload.read() for payload in mine.payloads
        ]
    # A picture with a path is not kept twice.
    assert [payload.path is None for payload in read.train.payloads] == (
        np.array(read.train.column("domain") != "flags").tolist()
    )
    assert read.domain_numbers(read.train).tolist() == [0] * 16 + [1] * 16


def test_without_a_validation(tmp_path):
    data = data_of(pictures("flags"), None)
    data.save(tmp_path)
    assert TrainingData.load(tmp_path / "data").validation is None


def test_names_of_domains_that_were_kept_as_lines_are_read(tmp_path):
    import pyarrow.parquet as pq

    data_of(two_domains()).save(tmp_path)
    for file in (tmp_path / "data").iterdir():
        table = pq.read_table(file)
        metadata = {**table.schema.metadata, b"domains": b"flags\nlogos"}
        pq.write_table(table.replace_schema_metadata(metadata), file)
    assert TrainingData.load(tmp_path / "data").domains == ("flags", "logos")


def test_a_fingerprint_is_of_all_that_a_training_sees(tmp_path):
    items = two_domains()
    data = data_of(items)
    assert data_of(two_domains()).fingerprint == data.fingerprint
    renamed = {
        name: Items.from_images([p.read() for p in part.payloads], columns=part.columns)
        for name, part in items.items()
    }
    assert data_of(renamed).fingerprint == data.fingerprint
    train = data.train
    others = [
        replace(data, validation=None),
        replace(data, domains=("flags", "others")),
        replace(data, train=train.take(list(range(len(train)))[::-1])),
        replace(data, train=train.take(range(4, len(train)))),
        data_of({"logos": items["logos"], "flags": items["flags"]}),
        data_of({name: part.take(range(4, 24)) for name, part in items.items()}),
    ]
    assert len({each.fingerprint for each in (data, *others)}) == len(others) + 1


def test_a_file_that_is_gone_has_a_fingerprint_of_its_own(tmp_path):
    items = picture_files(tmp_path, pictures("flags"))
    whole = data_of(items, None).fingerprint
    (tmp_path / "flags-3.png").unlink()
    gone = data_of(items.take(range(24)), None).fingerprint
    assert gone != whole
    assert data_of(items.take(range(24)), None).fingerprint == gone


def test_items_are_left_out_by_place_and_by_id():
    data = data_of(two_domains())
    keep = np.arange(len(data.train)) >= 16
    left = data.take("train", keep)
    assert left.domain_numbers(left.train).tolist() == [1] * 16
    same = data.without({"train": list(data.train.ids[:16]), "validation": []})
    assert same.train.ids == left.train.ids
    assert same.validation is data.validation


def test_what_cannot_be_read_or_written_says_so(tmp_path):
    with pytest.raises(StoreError, match="has no items to train on"):
        TrainingData.load(tmp_path / "none")
    data_of(pictures("flags")).save(tmp_path)
    (tmp_path / "data" / "validation.parquet").write_bytes(b"half")
    with pytest.raises(StoreError, match=r"The items in .*data cannot be read"):
        TrainingData.load(tmp_path / "data")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be written to .*file"):
        data_of(pictures("flags")).save(tmp_path / "file")
