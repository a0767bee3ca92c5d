"""From words to scores: spaces, queries with an index of their own, and the file of what failed."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.arguments import Parser
from embedscope.notebook_names import Names
from embedscope.scoring_words import failures_frame, score
from embedscope.training_arguments import add_evaluate_arguments


class Lengths:
    """A real encoder of texts: the angle of a vector is the text's length."""

    def __init__(self) -> None:
        from embedscope.encoders.protocol import EncoderRecord

        self.record = EncoderRecord("lengths", frozenset({"text"}), 2)

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        angles = np.array([len(text) / 100 for text in payloads])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def texts(lengths: list[int], labels: str, **columns) -> es.Items:
    ids = [f"{'-'.join(columns.get('split', ['q'])[:1])}{row}" for row in range(len(lengths))]
    return es.Items.from_texts(
        ["x" * n for n in lengths], ids=ids, columns={"label": list(labels), **columns}
    )


def scored(words: str, **variables):
    parser = Parser(prog="embedscope")
    add_evaluate_arguments(parser)
    return score(parser.parse_args(words.split()), Names({"lengths": Lengths(), **variables}))


def test_items_are_encoded_and_scored_by_domain() -> None:
    a, b = texts([10, 11, 50, 51], "ppqq"), texts([30, 31, 70, 90], "rrst")
    scores = scored("lengths a=a b=b --ks 1", a=a, b=b)
    assert scores.asked_domains == ("a", "b")
    assert scores.ks == (1,)
    assert scores.value("recall@1", "a", "own") == 1.0
    assert scores.left_out("b", "own") == 2


def test_the_items_own_splits_give_queries_and_index() -> None:
    mine = texts([10, 30, 12, 32, 11], "pqqpx", split=["query", "query", "gallery", "gallery", "train"])
    scores = scored("lengths mine --own-splits", mine=mine)
    assert (len(scores.rows), len(scores.index)) == (2, 2)
    assert scores.value("recall@1") == 0.0
    plain = texts([10, 11], "pp", split=["test", "test"])
    scores = scored("lengths a=mine b=plain --own-splits", mine=mine, plain=plain)
    assert (scores.value("recall@1", "a", "own"), scores.value("recall@1", "b", "own")) == (0.0, 1.0)
    scores = scored("lengths b=plain --own-splits", plain=plain)
    assert scores.value("recall@1") == 1.0


def test_another_index_and_a_split() -> None:
    queries = texts([10, 30], "pq", split=["test", "val"])
    searched = es.Items.from_texts(["x" * 12, "x" * 33], ids=["i", "j"], columns={"label": ["q", "p"]})
    scores = scored("lengths mine --split test --index other", mine=queries, other=searched)
    assert (len(scores.rows), len(scores.index), scores.value()) == (1, 2, 0.0)


def test_a_space_is_scored_as_it_is(tmp_path) -> None:
    space = es.Space.from_arrays([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], columns={"kind": list("ppqq")})
    space.save(tmp_path / "space")
    assert scored("space --label kind", space=space).value() == 1.0
    assert scored(f"{tmp_path / 'space'} --label kind").value() == 1.0


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("space mine", "'space' is a space, encoded already: leave ITEMS out"),
        ("space --index mine", "leave --index out"),
        ("space --batch-size 3", "leave --batch-size out"),
        ("space --own-splits", "leave --own-splits out"),
        ("lengths mine --own-splits --index mine", "leave --index out"),
    ],
)
def test_options_that_do_not_go_together(words: str, wanted: str) -> None:
    space = es.Space.from_arrays(np.eye(2), columns={"label": ["a", "a"]})
    with pytest.raises(InputError, match=re.escape(wanted)):
        scored(words, space=space, mine=texts([1, 2], "aa"))


def test_nothing_to_encode() -> None:
    with pytest.raises(MissingError, match="Write ITEMS after it"):
        scored("lengths")


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_failures_are_written_for_each_index(tmp_path, suffix) -> None:
    # Of b's queries the first finds its own class in its own index, and a's item in the merged one.
    a = texts([29, 90], "pp", searched=["<b>", "2"])
    b = texts([30, 32, 91], "rrs", searched=["1", "2", "3"])
    file = tmp_path / f"failed.{suffix}"
    scores = scored(f"lengths a=a b=b --ks 1 --failures {file}", a=a, b=b)
    frame = failures_frame(scores)
    assert file.stat().st_size
    found = {
        (row["searched_"], row["query_domain"], row["id"].rpartition("/")[2]) for row in frame.to_pylist()
    }
    assert found == {("merged", "a", "q0"), ("merged", "a", "q1"), ("merged", "b", "q0")}
    if suffix == "json":
        assert json.loads(file.read_text()) == frame.to_pylist()
