"""soup: means of parameters, kept only where they are better."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import torch
from sentence_transformers import SentenceTransformer

from embedscope._errors import InputError, MissingError
from embedscope.encoders.llm_build import build_llm
from embedscope.encoders.llm_lora import save_llm
from embedscope.items.pairs import Pairs
from embedscope.training.finetune import finetune
from embedscope.training.soup import soup
from tests.encoders.tiny_llms import save_decoder

WORDS = ["red cat", "blue dog", "old house", "tall tree", "new car", "dry sea", "low hill", "wide road"]
PAIRS = Pairs.from_frame(pa.table({"query": WORDS, "document": [word.upper() for word in WORDS]}))


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    return save_decoder(tmp_path_factory.mktemp("llm"))


def moved(start, folder, amount: float, seed: int):
    """A model, its parameters moved in a direction of the seed."""
    model = SentenceTransformer(str(start))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += amount * parameter.std() * torch.randn(parameter.shape, generator=generator)
    return save_llm(model, folder)


def test_opposite_errors_cancel_and_the_mean_is_kept(here, decoder, tmp_path):
    chosen = {"steps": 50, "batch_size": 8, "rate": 3e-3, "max_length": 16, "device": "cpu"}
    trained = finetune(f"llm:{decoder}", PAIRS, validation=None, folder=tmp_path / "run", **chosen)
    assert trained.state == "done", trained.error
    # Two models moved to and fro have the trained one as their mean.
    there, back = (moved(trained.folder.model, tmp_path / str(sign), sign, 3) for sign in (1.0, -1.0))
    mixed = soup([there, back], PAIRS, tmp_path / "soup", how="uniform")
    assert mixed.taken == (str(there), str(back))
    assert mixed.score > max(row[1] for row in mixed.table.rows)
    np.testing.assert_allclose(mixed.model.encode(WORDS), trained.model.encode(WORDS), atol=1e-4)
    # What is as good as a mean can be is kept alone.
    alone = soup([trained, there], PAIRS, tmp_path / "alone")
    assert alone.taken == (str(trained.folder.path),)
    np.testing.assert_array_equal(alone.model.encode(WORDS), trained.model.encode(WORDS))


def test_the_kept_one_is_never_worse_than_the_best_ingredient(decoder, tmp_path):
    start = save_llm(build_llm(decoder, max_length=16), tmp_path / "start")
    folders = [moved(start, tmp_path / f"m{seed}", 0.3, seed) for seed in range(4)]
    mixed = soup(folders, PAIRS, tmp_path / "soup")
    alone = {row[0]: row[1] for row in mixed.table.rows}
    assert mixed.score >= max(alone.values())
    assert mixed.taken[0] == max(alone, key=alone.__getitem__)
    assert [row[3] for row in mixed.table.rows].count(True) == len(mixed.taken)
    models = [SentenceTransformer(name) for name in mixed.taken]
    kept = SentenceTransformer(str(mixed.folder))
    for key, value in kept.state_dict().items():
        mean = torch.stack([model.state_dict()[key] for model in models]).mean(0)
        torch.testing.assert_close(value, mean, atol=1e-6, rtol=1e-5)
    assert mixed.model.record.dims == 32


def test_a_runs_checkpoints_are_ingredients(here, decoder, tmp_path):
    chosen = {
        "steps": 4,
        "batch_size": 4,
        "validations": 2,
        "validation": 0.4,
        "max_length": 16,
        "device": "cpu",
    }
    runs = [
        finetune(f"llm:{decoder}", PAIRS, folder=tmp_path / f"run{s}", seed=s, lora=2, **chosen)
        for s in (0, 1)
    ]
    mixed = soup(runs, PAIRS, tmp_path / "soup", checkpoints=True)
    names = [row[0] for row in mixed.table.rows]
    assert len(names) > 2
    assert any("step" in name for name in names)
    # The last checkpoint of a run that kept its last weights is its model.
    assert {str(run.folder.path) for run in runs} <= set(names)


def test_what_has_no_mean_is_refused(decoder, tmp_path):
    one = save_llm(build_llm(decoder), tmp_path / "one")
    wide = save_llm(build_llm(decoder, projection=8), tmp_path / "wide")
    with pytest.raises(InputError, match="1 ingredients came"):
        soup([one], PAIRS, tmp_path / "soup")
    with pytest.raises(InputError, match="of another architecture"):
        soup([one, wide], PAIRS, tmp_path / "soup")
    with pytest.raises(MissingError, match="has no text embedder"):
        soup([one, tmp_path / "nothing"], PAIRS, tmp_path / "soup")
    with pytest.raises(MissingError, match="No measure of a soup is called 'ndcg'"):
        soup([one, wide], PAIRS, tmp_path / "soup", measure="ndcg")
    assert not (tmp_path / "soup").exists()
