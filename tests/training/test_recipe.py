"""Recipe: what it refuses, and what it makes of its numbers."""

from __future__ import annotations

import dataclasses
import json

import pytest

from embedscope._errors import InputError
from embedscope.training.from_json import from_json
from embedscope.training.recipe import Recipe


def test_it_travels_as_json():
    recipe = Recipe(image_size=64, sampler="loss", steps=7, mixed=True, cross_domain=1)
    assert from_json(Recipe, json.loads(json.dumps(dataclasses.asdict(recipe)))) == recipe


def test_options_go_over_defaults():
    recipe = Recipe.of({"dims": 32, "mixed": False}, mixed=True, epochs=2)
    assert (recipe.dims, recipe.mixed, recipe.epochs) == (32, False, 2)
    with pytest.raises(InputError, match=r"no option 'learning_rate'\. It has: label, dims, hidden"):
        Recipe.of({"learning_rate": 1e-3})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("variants", -1, "variants=-1 came; wanted 0 or more"),
        ("steps", 0, "steps=0 came; wanted 1 or more"),
        ("trained_blocks", -1, "trained_blocks=-1 came; wanted 0"),
        ("image_size", 4, "image_size=4 came; wanted 8"),
        ("rate", 0.0, "rate=0, .*wanted positive numbers"),
        ("warmup", 1, "warmup=1 came"),
        ("cross_domain", 1.0, "cross_domain needs batches of several domains: mixed=True"),
        ("n_classes", 0, "A batch of 0 classes"),
        ("crop", 0.0, r"crop=0\.0"),
        ("patience", 0, "patience is 0"),
    ],
)
def test_what_makes_no_sense_is_refused(name, value, words):
    with pytest.raises(InputError, match=words):
        Recipe(**{name: value})


def test_epochs_are_steps_of_batches():
    assert Recipe(epochs=3, n_classes=4, per_class=5).n_steps(200) == 30
    # A batch is no larger than the items.
    assert Recipe(epochs=3, n_classes=40, per_class=5).n_steps(50) == 3
    assert Recipe(epochs=0.01).n_steps(50) == 1
    assert Recipe(epochs=3, steps=7).n_steps(200) == 7


def test_what_the_loop_is_told():
    told = Recipe(validations=5, patience=2, clip_norm=3).fit_options(1000)
    assert (told.steps, told.validate_every, told.checkpoint_every, told.log_every) == (1000, 200, 200, 10)
    assert (told.validate_first, told.patience, told.clip_norm, told.keep) == (True, 2, 3, 1)
    for plain in (
        Recipe(validations=0, patience=2).fit_options(1000),
        Recipe(patience=2).fit_options(1000, validates=False),
    ):
        assert (plain.validate_every, plain.validate_first, plain.patience) == (None, False, None)
        assert plain.checkpoint_every == 100
    assert (told.watch, Recipe(best_by="map_at_r").fit_options(9).watch) == ("recall_at_1", "map_at_r")
    short = Recipe(validations=50).fit_options(3)
    assert (short.validate_every, short.log_every) == (1, 1)


def test_the_batches_and_pictures_are_its_own():
    recipe = Recipe(n_classes=7, per_class=3, mixed=True, sampler="size", crop=0.5, flip=0.25, seed=4)
    plan = recipe.plan
    assert (plan.size, plan.mixed, plan.domains.rule) == (21, True, "size")
    assert (recipe.augmentation.crop, recipe.augmentation.flip, recipe.augmentation.seed) == (0.5, 0.25, 4)
