"""The jobs that words begin, as their worker would read them; the command line's tests run them."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.arguments import Parser
from embedscope.notebook_names import Names
from embedscope.training import start
from embedscope.training.training_data import TrainingData
from embedscope.training_arguments import add_distill_arguments, add_specialist_arguments
from embedscope.training_words import begin_distillation, begin_specialist, open_run

from .labelled_images import draw


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("place"))


@pytest.fixture(autouse=True)
def _unworked(place, monkeypatch) -> None:
    """Runs are prepared, and nobody works on them."""
    monkeypatch.chdir(place)
    monkeypatch.setattr(start, "launch", lambda _folder: None)


def begun(begin, add, words: str, **variables) -> es.Run:
    parser = Parser(prog="embedscope")
    add(parser)
    return begin(parser.parse_args(words.split()), Names(variables))


def distil(words: str, **variables) -> es.Run:
    return begun(begin_distillation, add_distill_arguments, words, **variables)


def train(words: str, **variables) -> es.Run:
    return begun(begin_specialist, add_specialist_arguments, words, **variables)


def options_of(run: es.Run) -> dict:
    return json.loads(run.folder.config.read_text())["options"]


def test_a_specialists_words(place, tmp_path) -> None:
    run = train(
        f"dots=dots --label folder --backbone net --loss arcface --loss-option margin=5 --epochs 2 --folder {tmp_path}/r"
    )
    options = options_of(run)
    assert run.job == "specialist"
    assert options["backbone"] == f"trained:{place / 'net'}"
    assert (options["loss"], options["loss_options"]) == ("arcface", {"margin": 5})
    assert (options["recipe"]["epochs"], options["recipe"]["label"]) == (2, "folder")
    # Its own words find it again.
    assert open_run(str(run.folder.path), Names({})).folder == run.folder


def test_a_distillations_words(place, tmp_path) -> None:
    dots = es.load_items("dots")
    vectors = np.random.default_rng(0).normal(size=(len(dots), 5))
    es.Space.from_arrays(vectors, ids=dots.ids).save(tmp_path / "space")
    held = es.load_items("stripes").sample(8)
    run = distil(
        f"--specialist dots={tmp_path}/space --specialist stripes=trained:net --items dots=dots --items stripes=mine"
        " --student net --loss js --bandwidth mean:0.2 --student-bandwidth fixed:0.3 --loss-option over=pairs"
        f" --label folder --mixed --validation stripes=held --folder {tmp_path}/run",
        mine=es.load_items("stripes"),
        held=held,
    )
    options = options_of(run)
    assert run.job == "distill"
    assert options["specialists"]["dots"].startswith("vectors:")
    assert options["specialists"]["stripes"] == "trained:net"
    assert options["loss_options"] == {
        "bandwidth": "mean:0.2",
        "student_bandwidth": "fixed:0.3",
        "over": "pairs",
    }
    assert options["recipe"]["mixed"] is True
    assert len(TrainingData.load(run.folder.data).validation) == len(held)


@pytest.mark.parametrize(("words", "has_validation"), [("none", False), ("0.34", True)])
def test_validation_is_none_or_a_share(tmp_path, words, has_validation) -> None:
    run = train(f"dots --label folder --backbone net --validation {words} --folder {tmp_path}/run")
    assert (TrainingData.load(run.folder.data).validation is not None) == has_validation


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("--specialist net --items dots", "'net' says no domain: write --specialist DOMAIN=ENCODER"),
        ("--specialist a=net --items a=dots --bandwidth wide", "'wide' names no bandwidth"),
        ("--specialist a=net --items a=dots --student-bandwidth 3", "'3' names no bandwidth"),
        ("--specialist a=net --items a=dots --loss-option sharp", "takes NAME=VALUE, as margin=0.1; 'sharp'"),
        ("--specialist a=net --items a=dots --loss-option x=1", "has no option 'x'"),
        ("--specialist a=net --items b=dots --label folder", "'a' has no items of its domain"),
    ],
)
def test_words_that_cannot_be_used(words: str, wanted: str) -> None:
    with pytest.raises(InputError, match=re.escape(wanted)):
        distil(words)


def test_a_specialist_needs_labels() -> None:
    with pytest.raises(InputError, match="no column 'label'"):
        train("dots --backbone net")


def test_what_is_no_run_is_told(tmp_path) -> None:
    with pytest.raises(MissingError, match="There is no run in 'net'; `embedscope runs FOLDER` lists"):
        open_run("net", Names({}))
    with pytest.raises(InputError, match="'x' is a int; wanted a run"):
        open_run("x", Names({"x": 3}))
