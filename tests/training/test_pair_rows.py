"""PairData and PairRows: pairs kept in a folder, and batches of them as tokens."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import torch

from embedscope._errors import InputError, StoreError
from embedscope.encoders.llm_build import build_llm
from embedscope.items.pairs import Pairs
from embedscope.training.pair_data import PairData, has_pairs, text_keys
from embedscope.training.pair_rows import PairRows
from tests.encoders.tiny_llms import save_decoder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return build_llm(save_decoder(tmp_path_factory.mktemp("llm")), max_length=16)


def pairs_of(**columns: list[object]) -> Pairs:
    negative = {"negative": "negative"} if "negative" in columns else {}
    return Pairs.from_frame(pa.table(columns), **negative)


QA = pairs_of(
    query=["one?", "two?", "one?", "three?"],
    document=["1", "2", "eins", "3"],
    negative=[["2", "eins"], ["1"], ["3"], None],
)
TOPICS = pairs_of(query=["goal", "ball"], document=["score", "net"], label=["sport", "sport"])


def test_pairs_lie_in_the_folder_as_they_were(tmp_path):
    data = PairData.of({"qa": QA, "topics": TOPICS}, {"topics": TOPICS})
    assert not has_pairs(tmp_path / "data")
    data.save(tmp_path)
    assert has_pairs(tmp_path / "data")
    again = PairData.load(tmp_path / "data")
    assert again.sources == ("qa", "topics")
    assert again.fingerprint == data.fingerprint
    assert again.train["query"].to_pylist() == ["one?", "two?", "one?", "three?", "goal", "ball"]
    assert again.train["key"].to_pylist() == [None] * 4 + ["sport", "sport"]
    held = again.held_items
    assert held.payloads == ("goal", "ball")
    assert held.column("domain").tolist() == ["topics", "topics"]
    (tmp_path / "data" / "pairs-train.parquet").write_bytes(b"no parquet")
    with pytest.raises(StoreError, match="cannot be read"):
        PairData.load(tmp_path / "data")


def test_other_texts_are_another_fingerprint():
    one, other = (PairData.of({"qa": part}, {}) for part in (QA, TOPICS))
    assert one.fingerprint != other.fingerprint


def test_what_cannot_be_trained_on_is_refused():
    with pytest.raises(InputError, match="no source: qa"):
        PairData.of({"qa": QA}, {"topics": TOPICS})
    with pytest.raises(InputError, match="Nothing has no pairs"):
        PairData.of({}, {})
    with pytest.raises(InputError, match="none has no pairs"):
        PairData.of({"none": pairs_of(query=["a"], document=["b"]).take([])}, {})


def test_a_batch_names_each_text_once(model):
    data = PairData.of({"qa": QA}, {})
    rows = PairRows(data.train, ["ask: "], model)
    drawn = rows.draw(np.arange(4), negatives=2)
    # Four pairs: three queries, four documents; all negatives are documents as well.
    assert len(drawn.texts) == 7
    assert drawn.queries[0] == drawn.queries[2]
    assert drawn.query_keys[0] == drawn.query_keys[2] == text_keys(["ask: one?"])[0]
    assert drawn.document_keys.tolist() == text_keys(["1", "2", "eins", "3"]).tolist()
    # "eins" answers "one?" elsewhere: no negative of it. Both pairs of "one?" have the negatives of the query.
    assert drawn.present.tolist() == [[True, True], [True, False], [True, True], [False, False]]
    assert drawn.negative_keys[0].tolist() == text_keys(["2", "3"]).tolist()
    assert drawn.negatives[0].tolist() == drawn.documents[[1, 3]].tolist()
    assert drawn.negatives[3].tolist() == [drawn.documents[3]] * 2
    assert rows.draw(np.arange(4), negatives=1).negatives.shape == (4, 1)
    assert rows.draw(np.array([3]), negatives=2).negatives.shape == (1, 0)


def test_documents_of_one_label_are_one(model):
    rows = PairRows(PairData.of({"topics": TOPICS}, {}).train, [""], model)
    keys = rows.draw(np.arange(2), 0).document_keys
    assert keys[0] == keys[1]


def test_chunks_are_the_texts_with_short_ones_first(model):
    data = PairData.of({"qa": QA}, {})
    rows = PairRows(data.train, ["ask: "], model)
    drawn = rows.draw(np.arange(4), 2)
    chunks = rows.texts.chunks(drawn.texts, 3, torch.device("cpu"))
    assert [len(chunk["input_ids"]) for chunk in chunks] == [3, 3, 1]
    lengths = [int(count) for chunk in chunks for count in chunk["attention_mask"].sum(1)]
    assert lengths == sorted(lengths)
    with torch.no_grad():
        vectors = torch.cat([model({**chunk, "modality": "text"})["sentence_embedding"] for chunk in chunks])
    asked = ["ask: one?", "ask: two?", "ask: one?", "ask: three?"]
    np.testing.assert_allclose(vectors[drawn.queries], model.encode(asked), atol=1e-5)
    np.testing.assert_allclose(vectors[drawn.documents], model.encode(["1", "2", "eins", "3"]), atol=1e-5)


def test_texts_are_cut_to_the_models_longest(model):
    data = PairData.of({"long": pairs_of(query=["x" * 90], document=["y"])}, {})
    rows = PairRows(data.train, [""], model)
    drawn = rows.draw(np.array([0]), 0)
    assert rows.texts.lengths(drawn.texts).max() == 16
