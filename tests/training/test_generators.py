"""Generators: as many texts as prompts, and a name for each."""

from __future__ import annotations

from functools import partial

import pytest

from embedscope._errors import InputError
from embedscope.training.generators import (
    GenerationError,
    Generator,
    NamedGenerator,
    as_utf8,
    generate,
    generator_name,
)
from embedscope.training.generators_sampling import Sampling


def shout(prompts):
    return [prompt.upper() for prompt in prompts]


def named(function) -> NamedGenerator:
    return NamedGenerator("mine", function)


def test_a_function_is_a_generator() -> None:
    assert generate(shout, ["a", "b"]) == ["A", "B"]
    assert generate(named(shout), ()) == []
    assert isinstance(named(shout), Generator)


def giving(answers):
    """A plain function, since the tests check the types of all that the package annotates."""

    def answer(prompts):
        return answers

    return answer


@pytest.mark.parametrize("given", [["one"], ["one", "two", "three"], []])
def test_more_or_fewer_answers_than_prompts(given) -> None:
    with pytest.raises(GenerationError, match=f"answer gave {len(given)} answers for 2 prompts"):
        generate(giving(given), ["a", "b"])


def test_answers_that_are_no_texts() -> None:
    with pytest.raises(GenerationError, match="gave a NoneType for prompt 1"):
        generate(giving(["a", None]), ["a", "b"])
    with pytest.raises(GenerationError, match="gave a str; wanted a list"):
        generate(giving("ab"), ["a", "b"])
    with pytest.raises(GenerationError, match="gave a generator; wanted a list"):
        generate(giving(answer for answer in "ab"), ["a", "b"])
    with pytest.raises(InputError, match=r"Put it in a list: \[prompt\]"):
        generate(shout, "ab")


def test_names() -> None:
    assert generator_name(shout).endswith("test_generators.shout")
    assert generator_name(named(shout)) == "mine"
    for nameless in (lambda prompts: prompts, partial(shout)):
        with pytest.raises(InputError, match="has no name"):
            generator_name(nameless)


def test_what_utf8_cannot_write() -> None:
    assert as_utf8("é\ud800!") == "é?!"
    assert generate(giving(["\udc00"]), ["a"]) == ["?"]


def test_sampling_is_told_in_full() -> None:
    assert Sampling().label == "temperature=0"
    assert Sampling(0.5, 9, 3).label == "temperature=0.5 seed=3 max_tokens=9"
    with pytest.raises(InputError, match="temperature must be 0 or more; got -1"):
        Sampling(-1)
    with pytest.raises(InputError, match="max_tokens must be 1 or more; got 0"):
        Sampling(max_tokens=0)
