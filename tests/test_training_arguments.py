"""Training's words keep up with the recipe: every field, its kind, and the default that the help tells."""

from __future__ import annotations

import dataclasses
import re

import pytest

from embedscope._errors import InputError
from embedscope.arguments import Parser
from embedscope.training.recipe import Recipe
from embedscope.training_arguments import (
    RECIPE,
    add_distill_arguments,
    add_evaluate_arguments,
    add_specialist_arguments,
)

FIELDS = {field.name: field.default for field in dataclasses.fields(Recipe)}


def parse(add, *words: str):
    parser = Parser(prog="embedscope")
    add(parser)
    return parser.parse_args([*words])


def recipe(*words: str) -> dict:
    options = parse(add_specialist_arguments, "items", *words)
    return {name: getattr(options, name) for name in RECIPE if hasattr(options, name)}


def test_every_field_of_a_recipe_has_a_word_in_its_order() -> None:
    assert list(RECIPE) == list(FIELDS)


@pytest.mark.parametrize("name", RECIPE)
def test_the_default_that_is_told_is_the_recipes(name: str) -> None:
    told = re.search(r"\(default ([\w.]+)\)|(\w+) \(default\)", RECIPE[name][1])
    default = FIELDS[name]
    if told is None:
        assert default in (None, False)
    else:
        assert (told[1] or told[2]) == (default if isinstance(default, str) else f"{default:g}")


def test_what_is_not_typed_is_left_to_the_recipe() -> None:
    assert recipe() == {}


def test_each_word_becomes_a_value_that_the_recipe_takes() -> None:
    words = (
        "--label kind --dims 8 --hidden 0 --image-size 32 --trained-blocks all --variants 0 --crop 1 --flip 0.5"
        " --colour 0 --n-classes 4 --per-class 2 --mixed --cross-domain 0.5 --sampler loss --epochs 0.5 --steps 3"
        " --rate 1e-3 --head-rate 2 --weight-decay 0 --warmup 0 --clip-norm 1 --validations 0 --patience 2"
        " --best-by map_at_r --chunk 8 --mixed-precision no --device cpu --seed 0"
    )
    given = recipe(*words.split())
    assert list(given) == list(FIELDS)
    made = Recipe.of(given)
    assert made.trained_blocks is None
    assert made.mixed is True
    assert (made.rate, made.epochs, made.seed) == (1e-3, 0.5, 0)
    assert recipe("--trained-blocks", "0") == {"trained_blocks": 0}


@pytest.mark.parametrize(
    ("add", "words", "wanted"),
    [
        (add_specialist_arguments, "", "required: ITEMS"),
        (add_specialist_arguments, "x --rate fast", "'fast' is not a number"),
        (add_specialist_arguments, "x --rate nan", "'nan' is not a number"),
        (add_specialist_arguments, "x --hidden -1", "--hidden"),
        (add_specialist_arguments, "x --trained-blocks some", "'some' is not a whole number of at least 0"),
        (add_specialist_arguments, "x --dims 0", "'0' is not a whole number of at least 1"),
        (add_distill_arguments, "--items a=b", "required: --specialist"),
        (add_distill_arguments, "--specialist a=b", "required: --items"),
        (add_distill_arguments, "--specialist a=b --items a=c --sampler best", "invalid choice: 'best'"),
        (add_evaluate_arguments, "", "required: encoder"),
        (add_evaluate_arguments, "x y --ks 0", "'0' is not a whole number"),
        (add_evaluate_arguments, "x y --against all", "invalid choice: 'all'"),
        (add_evaluate_arguments, "x y --split test --own-splits", "not allowed with"),
    ],
)
def test_a_wrong_word_is_refused(add, words: str, wanted: str) -> None:
    with pytest.raises(InputError, match=re.escape(wanted)):
        parse(add, *words.split())
