"""finetune: a tiny decoder on pairs, from the call to the model that loads elsewhere."""

from __future__ import annotations

import os
import signal

import numpy as np
import pyarrow as pa
import pytest
from sentence_transformers import SentenceTransformer

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.items.pairs import Pairs
from embedscope.training.finetune import finetune
from embedscope.training.run_folder import read_json
from embedscope.training.worker_process import signed
from tests.encoders.tiny_llms import save_decoder

WORDS = [
    f"{one} {other}"
    for one in ("red", "blue", "old", "tall")
    for other in ("cat", "dog", "house", "tree", "car")
]
QUICK = {"steps": 4, "batch_size": 4, "validations": 2, "max_length": 16, "device": "cpu"}


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    return save_decoder(tmp_path_factory.mktemp("llm"))


def pairs(upper: bool = True) -> Pairs:
    told = [word.upper() if upper else word[::-1] for word in WORDS]
    return Pairs.from_frame(
        pa.table({"query": WORDS, "document": told, "negative": WORDS[1:] + WORDS[:1]}), negative="negative"
    )


def test_a_decoder_becomes_an_embedder_that_loads_anywhere(here, tmp_path, decoder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sources = {"upper": pairs(), "back": pairs(upper=False)}
    prompts = {"upper": "in capitals: "}
    chosen = {**QUICK, "projection": 12, "dims": [4, 8], "prompts": prompts, "validation": 0.3}
    run = finetune(f"llm:{decoder}", sources, **chosen)
    assert run.state == "done", run.error
    assert finetune(f"llm:{decoder}", sources, **chosen).folder == run.folder
    validations = run.validations().to_pylist()
    assert [row["step"] for row in validations] == [0, 2, 4]
    assert {"recall_at_1", "recall_at_1/upper", "recall_at_1/back", "mrr"} <= set(validations[0])
    (data,) = run.events("data")
    assert [part["pairs"] for part in data["train"]] == [14, 14]
    assert [part["pairs"] for part in data["validation"]] == [6, 6]
    plain = SentenceTransformer(str(run.folder.model))
    encoder = run.model
    assert encoder.record.dims == 12
    np.testing.assert_allclose(encoder.encode(WORDS), plain.encode(WORDS), atol=1e-5)
    asked = plain.encode(WORDS, prompt_name="upper")
    np.testing.assert_allclose(encoder.encode(WORDS, task="upper"), asked, atol=1e-5)
    assert not np.allclose(asked, plain.encode(WORDS), atol=1e-3)
    for place in (run.folder.path, str(run.folder.path), run.folder.model):
        assert load_encoder(place).record.fingerprint == encoder.record.fingerprint
    more = finetune(run, {"upper": pairs()}, folder="more", **QUICK)
    assert more.state == "done", more.error
    assert more.model.record.dims == 12
    assert read_json(more.folder.config)["options"]["encoder"].endswith(str(run.folder.model.absolute()))


def test_two_stages_and_low_rank_updates(here, tmp_path, decoder):
    stages = [
        {"steps": 3, "rate": 1e-3, "negatives": 0},
        {"steps": 3, "sources": {"back": 1}, "batch_size": 3},
    ]
    run = finetune(
        f"llm:{decoder}",
        {"upper": pairs(), "back": pairs(upper=False)},
        stages=stages,
        validation=None,
        folder=tmp_path / "run",
        **{**QUICK, "lora": 2, "layers": 1},
    )
    assert run.state == "done", run.error
    assert run.step == 6
    losses = run.losses().to_pylist()
    assert all(row["loss/back"] is not None for row in losses[3:])
    assert len(run.validations()) == 0
    (data,) = run.events("data")
    assert data["trained_parameters"] < data["parameters"] / 2
    model = SentenceTransformer(str(run.folder.model))
    assert len(model[0].model.layers) == 1
    assert not any("lora" in name for name, _ in model.named_parameters())


def test_a_kill_loses_nothing(tmp_path, decoder, until):
    chosen = {**QUICK, "steps": 30, "validations": 10, "validation": 0.3}
    run = finetune(f"llm:{decoder}", {"upper": pairs()}, folder=tmp_path / "run", **chosen)
    until(lambda: len(run.events("checkpoint")) >= 3, "it has checkpoints")
    os.kill(signed(run.folder).pid, signal.SIGKILL)
    until(lambda: run.state == "dead", "it is gone")
    assert run.resume().wait(timeout=120) == "done", run.error
    whole = finetune(f"llm:{decoder}", {"upper": pairs()}, folder=tmp_path / "whole", **chosen)
    assert whole.wait(timeout=120) == "done", whole.error
    assert run.losses()["loss"].to_pylist() == whole.losses()["loss"].to_pylist()
    mine, theirs = (each.validations().drop_columns("time") for each in (run, whole))
    assert mine.equals(theirs)
    np.testing.assert_array_equal(run.model.encode(WORDS), whole.model.encode(WORDS))


def test_what_cannot_be_trained_says_so_at_once(tmp_path, decoder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"llm:{decoder}"
    with pytest.raises(InputError, match=r"no option 'learning_rate'\. It has: dims, temperature"):
        finetune(name, pairs(), learning_rate=1)
    with pytest.raises(InputError, match=r"A stage has no option 'lora'"):
        finetune(name, pairs(), stages=[{"lora": 2}])
    with pytest.raises(MissingError, match=r"No source of pairs is called 'uper'\. Did you mean 'upper'"):
        finetune(name, {"upper": pairs()}, stages=[{"sources": {"uper": 1}}])
    with pytest.raises(MissingError, match=r"No source of pairs is called 'qa'"):
        finetune(name, {"upper": pairs()}, prompts={"qa": "ask: "})
    with pytest.raises(InputError, match=r"validation=2 came"):
        finetune(name, pairs(), validation=2)
    with pytest.raises(MissingError, match=r"No encoder is called 'minilmm'"):
        finetune("minilmm", pairs())
    with pytest.raises(InputError, match=r"An encoder of type list came"):
        finetune([], pairs())
    with pytest.raises(InputError, match=r"batch_size=1 came; wanted 2"):
        finetune(name, pairs(), batch_size=1)
    assert not (tmp_path / "runs").exists()
