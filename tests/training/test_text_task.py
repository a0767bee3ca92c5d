"""TextTask: stages, losses and validations of a tiny decoder on pairs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
import torch

from embedscope.encoders.llm_build import build_llm
from embedscope.items.pairs import Pairs
from embedscope.training.losses.masked_nce import MaskedNceLoss
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors
from embedscope.training.pair_data import PairData
from embedscope.training.pair_rows import PairRows
from embedscope.training.text_recipe import Stage, TextRecipe
from embedscope.training.text_student import Vectors
from embedscope.training.text_task import StagedBatches, TextTask
from embedscope.training.vector_snapshots import VectorSnapshots, read_snapshot
from tests.encoders.tiny_llms import save_decoder

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def pairs(count: int = 10) -> Pairs:
    words = WORDS[:count]
    frame = {
        "query": words,
        "document": [word.upper() for word in words],
        "negative": [words[0].title()] * count,
    }
    return Pairs.from_frame(pa.table(frame), negative="negative")


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    return save_decoder(tmp_path_factory.mktemp("llm"))


def task_of(decoder, folder, recipe: TextRecipe, stages=None, **options) -> TextTask:
    data = PairData.of({"upper": pairs(), "more": pairs(6)}, {"more": pairs(4)})
    vectors = Vectors(build_llm(decoder, max_length=16, **options))
    rows = [PairRows(part, ["", ""], vectors.inner) for part in (data.train, data.validation)]
    snapshots = VectorSnapshots(folder, data.validation["id"].to_pylist(), rows[1].sources, lambda: 0)
    named = stages or [recipe.stage(batch_size=8)]
    return TextTask(vectors, tuple(rows), data.sources, recipe, named, snapshots, lambda: 0)


def gradients(task: TextTask, batch) -> tuple[float, list[torch.Tensor]]:
    task.model.zero_grad()
    terms = task.backward(batch, torch.Tensor.backward)
    return float(terms["loss"]), [p.grad.clone() for p in task.model.parameters() if p.grad is not None]


@pytest.mark.parametrize("negatives", [0, 1])
def test_the_loss_is_the_masked_one_of_its_texts(decoder, tmp_path, negatives):
    task = task_of(decoder, tmp_path, TextRecipe(negatives=negatives))
    rows = np.arange(5)
    stage = Stage(1, negatives=negatives)
    task = task_of(decoder, tmp_path, TextRecipe(), [stage])
    found = task.loss((rows, 0))
    model = task.model.inner
    queries, documents = (
        torch.from_numpy(model.encode(texts)) for texts in (WORDS[:5], [w.upper() for w in WORDS[:5]])
    )
    hard = torch.from_numpy(model.encode(["One"])).expand(5, 1, -1) if negatives else None
    keys = PairKeys(torch.arange(5), torch.arange(5), torch.full((5, 1), 99) if negatives else None)
    wanted = MaskedNceLoss()(PairVectors(queries, documents, hard), keys)
    assert found["loss"].item() == pytest.approx(wanted.item(), abs=1e-4)
    assert set(found) == {"loss", "loss/upper"}


def test_chunks_give_the_gradients_of_the_whole_batch(decoder, tmp_path):
    recipe = TextRecipe(dims=(8, 16), hardness=5.0, spread_out=0.5)
    batch = (np.arange(8), 0)
    whole, all_at_once = gradients(task_of(decoder, tmp_path, recipe), batch)
    chunked, in_parts = gradients(
        task_of(decoder, tmp_path, TextRecipe.of({**vars(recipe), "chunk": 3})), batch
    )
    assert chunked == pytest.approx(whole, abs=1e-5)
    for one, other in zip(all_at_once, in_parts, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_stages_have_their_own_mixtures_batches_and_rates(decoder, tmp_path):
    at = {"step": 0}
    rows = {"upper": np.arange(10), "more": np.arange(10, 16)}
    stages = [Stage(4, {}, 1e-3, batch_size=4), Stage(4, {"more": 1.0}, 1e-4, batch_size=3)]
    batches = StagedBatches(stages, rows, lambda: at["step"], 1)
    drawn = []
    for step in range(8):
        at["step"] = step
        drawn.append(next(batches))
    assert [stage for _, stage in drawn] == [0] * 4 + [1] * 4
    assert [len(chosen) for chosen, _ in drawn] == [4] * 4 + [3] * 4
    for chosen, _ in drawn:
        assert len({bool(row < 10) for row in chosen}) == 1
    assert all(row >= 10 for chosen, _ in drawn[4:] for row in chosen)
    # Ten and six items: of sixteen batches ten are of the first.
    at["step"] = 0
    counted = Counter(bool(next(batches)[0][0] < 10) for _ in range(16))
    assert counted[True] in (9, 10, 11)
    # A saved state goes on exactly.
    again = StagedBatches(stages, rows, lambda: at["step"], 1)
    again.load_state_dict(batches.state_dict())
    for step in (0, 5, 7):
        at["step"] = step
        np.testing.assert_array_equal(next(again)[0], next(batches)[0])
    task = task_of(decoder, tmp_path, TextRecipe(), stages)
    assert task.optimizer.param_groups[0]["initial_lr"] == 1e-3


def test_a_validation_finds_and_keeps_what_was_held_out(decoder, tmp_path):
    task = task_of(decoder, tmp_path / "snapshots", TextRecipe())
    task.model.eval()
    with torch.no_grad():
        found = task.validate()
    assert set(found) == {"recall_at_1", "mrr", "recall_at_1/more", "mrr/more"}
    model = task.model.inner
    queries, documents = (model.encode(texts) for texts in (WORDS[:4], [word.upper() for word in WORDS[:4]]))
    assert found["recall_at_1/more"] == ((queries @ documents.T).argmax(1) == np.arange(4)).mean()
    ids, kept = read_snapshot(tmp_path / "snapshots", 0)
    assert ids == [f"more/{row}/q{row}" for row in range(4)]
    np.testing.assert_allclose(kept, queries, atol=2e-3)


def test_frozen_parts_are_in_no_checkpoint(decoder, tmp_path):
    vectors = Vectors(build_llm(decoder, lora=2, projection=12))
    names = {name for name, parameter in vectors.named_parameters() if parameter.requires_grad}
    state = vectors.state_dict()
    assert set(state) == names
    assert any("lora" in name for name in names)
    other = Vectors(build_llm(decoder, lora=2, projection=12, seed=5))
    other.load_state_dict(state)
    for name, parameter in other.named_parameters():
        if name in names:
            torch.testing.assert_close(parameter, state[name])
    whole = Vectors(build_llm(decoder))
    assert set(whole.state_dict()) >= {name for name, _ in whole.named_parameters()}


def test_it_learns(decoder, tmp_path):
    task = task_of(decoder, tmp_path, TextRecipe(steps=40, rate=3e-3, batch_size=8), None)
    losses = []
    for _ in range(40):
        batch = next(task.batches)
        terms = task.backward(batch, torch.Tensor.backward)
        task.optimizer.step()
        task.optimizer.zero_grad()
        losses.append(float(terms["loss"]))
    assert np.mean(losses[-8:]) < 0.5 * np.mean(losses[:4])
