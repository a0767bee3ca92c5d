"""Figures of task scores: what is drawn is what was measured."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pyarrow as pa
import pytest

from embedscope._errors import InputError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.evaluation.evaluate import evaluate
from embedscope.evaluation.mteb_tasks import retrieval_task, similarity_task
from embedscope.evaluation.scores_figure import dims_figure, scores_figure
from embedscope.items.pairs import Pairs

WORDS = ["wave tide", "cloud comet", "aunt uncle", "reef whale", "kite eagle", "niece mother"]


class Grams:
    """A real encoder: counts of hashed runs of letters."""

    def __init__(self, name, length):
        self.record = EncoderRecord(name=name, modalities=frozenset({"text"}), dims=32)
        self.length = length

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        vectors = np.zeros((len(payloads), 32), np.float32)
        for row, text in enumerate(payloads):
            for place in range(len(text) - self.length + 1):
                vectors[row, crc32(text[place : place + self.length].encode()) % 32] += 1
        return vectors


def tasks():
    frame = {
        "query": WORDS,
        "document": [
            f"{word[2:]} {other[:4]}" for word, other in zip(WORDS, WORDS[1:] + WORDS[:1], strict=True)
        ],
        "score": [5.0, 1.0, 4.0, 2.0, 3.0, 0.5],
    }
    pairs = Pairs.from_frame(pa.table(frame))
    return [retrieval_task("turned", pairs), similarity_task("rated", pairs)]


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    encoders = [Grams("letters", 1), Grams("pairs", 2)]
    return {one.record.name: evaluate(one, tasks=tasks(), store=store, progress=False) for one in encoders}


def test_each_encoder_is_a_row_of_dots_at_its_scores(scores) -> None:
    figure = scores_figure(scores)
    assert [trace.name for trace in figure.data] == ["letters", "pairs"]
    for trace, found in zip(figure.data, scores.values(), strict=True):
        np.testing.assert_allclose(trace.x, [one.value for one in found.results])
        halves = [one.interval.high - one.value for one in found.results]
        np.testing.assert_allclose(np.array(trace.error_x.array, float), halves)
    assert figure.data[0].marker.symbol != figure.data[1].marker.symbol, "told apart by colour alone"
    assert len(figure.to_json()) < 20_000


def test_dots_stand_at_their_task_and_do_not_hide_each_other(scores) -> None:
    figure = scores_figure(scores)
    first, second = (np.array(trace.y) for trace in figure.data)
    np.testing.assert_allclose(np.round((first + second) / 2), [0, 1])
    assert (second > first).all()
    assert [label.split("<br>")[0] for label in figure.layout.yaxis.ticktext] == ["turned", "rated"]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1], "the first task is not on top"


def test_the_axis_holds_every_interval(scores) -> None:
    low = min(one.interval.low for found in scores.values() for one in found.results)
    assert low < 0, "the case is not tried"
    assert scores_figure(scores).layout.xaxis.range[0] < low


def test_encoders_on_different_tasks_are_refused(scores, tmp_path) -> None:
    other = evaluate(Grams("other", 1), tasks=tasks()[:1], store=tmp_path, progress=False)
    with pytest.raises(InputError, match=r"'other' has the tasks turned, and 'letters' has turned, rated"):
        scores_figure({**scores, "other": other})
    with pytest.raises(InputError, match="No scores came"):
        scores_figure({})


def test_a_line_runs_over_the_dims_in_their_order() -> None:
    figure = dims_figure({"a<b": {64: 0.5, 16: 0.25}, "c": {32: 1.0}}, "ndcg_at_10")
    assert [list(trace.x) for trace in figure.data] == [[16, 64], [32]]
    assert list(figure.data[0].y) == [0.25, 0.5]
    assert figure.data[0].name == "a&lt;b"
    assert list(figure.layout.xaxis.tickvals) == [16, 32, 64]
    assert figure.layout.yaxis.title.text == "ndcg at 10"
    with pytest.raises(InputError, match="No values came"):
        dims_figure({}, "ndcg_at_10")
