"""The recipe as numbers, what each ablation leaves out, and how long a preset trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DECODER = "llm:smollm2"
# How often each source gives a batch. Ours: the paper searches its rates and does not publish them.
FIRST = {"docstrings": 0.4, "bitext": 0.4, "newsgroups": 0.2}
SECOND = {"docstrings": 0.3, "bitext": 0.35, "answers": 0.15, "newsgroups": 0.2}


@dataclass(frozen=True)
class Variant:
    """The recipe, or the recipe without one of its parts.

    Parameters
    ----------
    name, title : str
        In the results, and in the table.
    recipe : mapping
        Fields of embedscope's `TextRecipe` that differ, in both stages.
    second : mapping
        Fields that differ in the second stage alone; the first is the recipe's own.
    seeds : tuple of int
        Of the second stage: order of the batches. The first stage is trained once.
    """

    name: str
    title: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)


RECIPE = Variant("recipe", "the recipe", seeds=(0, 1, 2))
NO_MATRYOSHKA = Variant("no-matryoshka", "no Matryoshka", {"dims": ()}, seeds=(0, 1))
ABLATIONS = (
    Variant("no-mask", "no mask of equal pairs", {"masked": False}),
    Variant("no-negatives", "no hard negatives", second={"negatives": 0}),
    Variant("causal", "causal attention", {"bidirectional": False}, seeds=(0, 1)),
    NO_MATRYOSHKA,
)
# What Matryoshka is for: the first numbers alone.
SHORT_DIMS = 64


def short_key(key: str) -> str:
    """Name the row of a model of whose vectors only the first numbers are read."""
    name, slash, seed = key.partition("/seed-")
    return f"{name}/first-{SHORT_DIMS}{slash}{seed}"


@dataclass(frozen=True)
class Preset:
    """What all rows have in common.

    Parameters
    ----------
    recipe : mapping
        Fields of `TextRecipe`.
    first, second : mapping
        Fields of the two stages.
    pairs : int, optional
        Most training pairs of a source.
    mined : int, optional
        Most pairs of a source in the second stage: those that get a hard negative.
    validation : int
        Most validation pairs of a source.
    size : int
        Of the tasks.
    encoding : mapping
        Options of `embedscope.load_encoder`, where a decoder is scored.
    workers : int
        Runs side by side.
    """

    recipe: Mapping[str, Any]
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    pairs: int | None
    mined: int | None
    validation: int
    size: int
    encoding: Mapping[str, Any] = field(default_factory=dict)
    workers: int = 1


_SHAPE: dict[str, Any] = {"dims": (64, 128, 256), "projection": 576}

PRESETS = {
    "cpu": Preset(
        {
            **_SHAPE,
            "layers": 8,
            "lora": 16,
            "max_length": 48,
            "chunk": 256,
            "mixed_precision": "bf16",
            "device": "cpu",
        },
        first={"steps": 200, "batch_size": 64, "rate": 2e-3, "validations": 2},
        second={"steps": 72, "batch_size": 48, "rate": 1e-3, "validations": 2},
        pairs=6000,
        mined=2000,
        validation=100,
        size=200,
        encoding={"device": "cpu", "dtype": "bfloat16"},
        workers=2,
    ),
    "gpu": Preset(
        {**_SHAPE, "max_length": 256, "chunk": 256},
        first={"steps": 3000, "batch_size": 512, "rate": 1e-4, "validations": 10},
        second={"steps": 1000, "batch_size": 256, "rate": 5e-5, "validations": 10},
        pairs=None,
        mined=None,
        validation=500,
        size=1000,
    ),
}
