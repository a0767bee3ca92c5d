"""The cache key: everything that changes a vector changes it, and nothing else."""

from __future__ import annotations

import dataclasses
import json

import pytest

from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.cache_key import CacheKey

RECORD = EncoderRecord(
    "test:one", frozenset({"text"}), 8, {"weights": "abc", "pooling": "mean", "max_length": 128}
)


@pytest.mark.parametrize(
    "other",
    [
        CacheKey(RECORD, role="query"),
        CacheKey(RECORD, role="document"),
        CacheKey(RECORD, task="clustering"),
        CacheKey(RECORD, dims=4),
        CacheKey(dataclasses.replace(RECORD, dims=16)),
        CacheKey(dataclasses.replace(RECORD, parameters={**RECORD.parameters, "pooling": "cls"})),
        CacheKey(dataclasses.replace(RECORD, parameters={**RECORD.parameters, "weights": "abd"})),
    ],
)
def test_what_changes_a_vector_changes_the_key(other: CacheKey) -> None:
    assert other.name != CacheKey(RECORD).name


def test_equal_meaning_is_an_equal_key() -> None:
    same = dataclasses.replace(RECORD, parameters=dict(reversed(RECORD.parameters.items())), licence="MIT")
    assert CacheKey(same).name == CacheKey(RECORD).name


def test_the_width_is_what_was_asked_for_or_the_encoders_own() -> None:
    assert CacheKey(RECORD).width == 8
    assert CacheKey(RECORD, dims=4).width == 4


def test_its_description_is_json_and_names_everything() -> None:
    described = json.loads(json.dumps(CacheKey(RECORD, role="query", dims=4).describe()))
    assert described["encoder"] == "test:one"
    assert described["parameters"]["pooling"] == "mean"
    assert (described["role"], described["dims"], described["width"]) == ("query", 4, 4)
