"""Answers are kept as they come: nothing is asked twice, and nothing is lost with a failure."""

from __future__ import annotations

import json

import pytest

from embedscope._errors import InputError
from embedscope._progress import listening
from embedscope.training.generators import GenerationError
from embedscope.training.synthetic_answers import FILE, Asker


class Recorder:
    """Answers with the number of the prompt it was asked; fails at some prompts as often as told."""

    name = "recorder"

    def __init__(self, fails: dict[str, int] | None = None) -> None:
        self.asked: list[str] = []
        self.calls = 0
        self.fails = fails or {}

    def __call__(self, prompts):
        self.calls += 1
        answers = {}
        for place, prompt in enumerate(prompts):
            if self.fails.get(prompt):
                self.fails[prompt] -= 1
                raise GenerationError("no more", answers)
            self.asked.append(prompt)
            answers[place] = f"{prompt} is number {len(self.asked)}"
        return list(answers.values())


def test_batches_in_order() -> None:
    recorder = Recorder()
    answers = Asker(batch_size=2).ask(recorder, list("abcde"), "asking")
    assert answers == [f"{letter} is number {place}" for place, letter in enumerate("abcde", 1)]
    assert recorder.calls == 3


def test_the_next_call_asks_what_is_new(tmp_path) -> None:
    recorder = Recorder()
    first = Asker(tmp_path).ask(recorder, ["a", "b"], "asking")
    again = Asker(tmp_path).ask(recorder, ["b", "c", "a"], "asking")
    assert (again[0], again[2]) == (first[1], first[0])
    assert recorder.asked == ["a", "b", "c"]


def test_a_failure_keeps_what_was_done(tmp_path) -> None:
    recorder = Recorder({"d": 1})
    with pytest.raises(GenerationError, match="no more") as caught:
        Asker(tmp_path, batch_size=3).ask(recorder, list("abcdef"), "asking")
    assert caught.value.__notes__ == [
        f"3 of 6 answers are kept in {tmp_path}: the same call goes on from them."
    ]
    assert Asker(tmp_path, batch_size=3).ask(recorder, list("abcdef"), "asking")[5] == "f is number 6"
    assert recorder.asked == list("abcdef")


def test_answers_of_a_batch_that_failed_are_kept(tmp_path) -> None:
    recorder = Recorder({"c": 1})
    with pytest.raises(GenerationError):
        Asker(tmp_path, batch_size=4).ask(recorder, list("abcd"), "asking")
    assert Asker(tmp_path).ask(recorder, list("abcd"), "asking")[0] == "a is number 1"
    assert recorder.asked == list("abcd")


def test_any_other_error_goes_through(tmp_path) -> None:
    def broken(prompts):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine") as caught:
        Asker().ask(broken, ["a"], "asking")
    assert caught.value.__notes__ == ["0 of 1 answers had come; pass folder= to keep them next time."]


def test_too_few_answers_are_none(tmp_path) -> None:
    def short(prompts):
        return ["one"]

    with pytest.raises(GenerationError, match="1 answers for 2 prompts"):
        Asker(tmp_path).ask(short, ["a", "b"], "asking")
    assert not (tmp_path / FILE).exists()


def test_a_prompt_that_comes_again_is_a_further_draw(tmp_path) -> None:
    recorder = Recorder()
    answers = Asker(tmp_path).ask(recorder, ["a", "a"], "asking")
    assert answers == ["a is number 1", "a is number 2"]
    asker = Asker(tmp_path)
    assert asker.ask(recorder, ["a"], "asking") + asker.ask(recorder, ["a"], "asking") == answers
    assert recorder.asked == ["a", "a"]


def test_another_seed_or_generator_asks_anew(tmp_path) -> None:
    recorder, other = Recorder(), Recorder()
    other.name = "other"
    Asker(tmp_path).ask(recorder, ["a"], "asking")
    assert Asker(tmp_path, seed=1).ask(recorder, ["a"], "asking") == ["a is number 2"]
    assert Asker(tmp_path).ask(other, ["a"], "asking") == ["a is number 1"]
    lines = [json.loads(line) for line in (tmp_path / FILE).read_text().splitlines()]
    assert [(line["generator"], line["seed"], line["prompt"]) for line in lines] == [
        ("recorder", 0, "a"),
        ("recorder", 1, "a"),
        ("other", 0, "a"),
    ]


def test_a_line_that_was_cut_off_is_asked_again(tmp_path) -> None:
    recorder = Recorder()
    Asker(tmp_path).ask(recorder, ["a", "b"], "asking")
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:-9])
    assert Asker(tmp_path).ask(recorder, ["a", "b"], "asking") == ["a is number 1", "b is number 3"]
    assert Asker(tmp_path).ask(recorder, ["a", "b"], "asking") == ["a is number 1", "b is number 3"]
    assert recorder.asked == ["a", "b", "b"]


def test_progress_begins_with_what_is_kept(tmp_path) -> None:
    Asker(tmp_path).ask(Recorder(), ["a"], "asking")
    heard = []
    with listening(heard.append):
        Asker(tmp_path, batch_size=2).ask(Recorder(), list("abcd"), "asking")
    assert [(one.done, one.total, one.unit) for one in heard] == [
        (1, 4, "prompt"),
        (3, 4, "prompt"),
        (4, 4, "prompt"),
    ]


def test_texts_that_utf8_cannot_write(tmp_path) -> None:
    def echo(prompts):
        return list(prompts)

    first = Asker(tmp_path).ask(echo, ["a\ud800"], "asking")
    assert Asker(tmp_path).ask(echo, ["a\ud800"], "asking") == first == ["a?"]
    with pytest.raises(InputError, match="batch_size must be 1"):
        Asker(batch_size=0)
