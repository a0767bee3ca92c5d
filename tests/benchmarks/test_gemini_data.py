"""The recipe's data: what is held out is held out, by construction and by content."""

from __future__ import annotations

import importlib
import sys

import pytest

from embedscope.training.near_duplicates import find_duplicates

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def data(request):
    folder = str(request.config.rootpath / "benchmarks" / "gemini_recipe")
    sys.path.insert(0, folder)
    yield importlib.import_module("data")
    sys.path.remove(folder)
    sys.modules.pop("data")


@pytest.fixture(scope="module")
def loaded(data):
    # All ten languages take minutes to be compared.
    return data.load_data(languages=("id",), held_out=("sv",))


def texts(pairs) -> set[str]:
    return {str(payload) for side in (pairs.queries, pairs.documents) for payload in side.payloads}


def test_every_source_has_all_parts(data, loaded):
    assert set(loaded.train) == set(loaded.validation) > set(data.PROMPTS)
    held = {"docstrings", "answers", "newsgroups"}
    held |= {"bitext id", "bitext sv"}
    assert set(loaded.test) == held
    assert all(
        len(part) >= 40 for parts in (loaded.train, loaded.validation, loaded.test) for part in parts.values()
    )
    assert sorted(name for names in data.SCRIPTS.values() for name in names) == sorted(
        (*data.LANGUAGES, *data.HELD_OUT_LANGUAGES)
    )


def test_nothing_held_out_is_learned_from(data, loaded):
    known = set().union(*(texts(pairs) for pairs in loaded.train.values()))
    for name, pairs in {**loaded.test, **loaded.validation}.items():
        assert not known & texts(pairs), name
    packages = set(loaded.train["docstrings"].columns["package"].to_pylist())
    assert packages == {"scikit-learn", "networkx"}
    assert set(loaded.test["docstrings"].columns["package"].to_pylist()) == {data.HELD_OUT_PACKAGE}
    groups = [set(part["newsgroups"].columns["label"].to_pylist()) for part in (loaded.train, loaded.test)]
    assert groups[1] == set(data.HELD_OUT_GROUPS)
    assert not groups[0] & groups[1]


def test_near_repetitions_went_and_were_counted(loaded):
    assert sum(loaded.removed.values()) > 0
    mine = loaded.train["answers"]
    theirs = loaded.test["answers"]
    for side in (mine.queries, mine.documents):
        found = find_duplicates([*side.payloads], [*theirs.queries.payloads, *theirs.documents.payloads])
        assert not len(found.rows)
    assert loaded.to_table().columns[:3] == ("source", "train", "removed")
