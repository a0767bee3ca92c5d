"""From words to a finetuning: what the magic and the command line share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import embedscope as es
from embedscope._errors import InputError
from embedscope.domain_words import read_encoder, read_named
from embedscope.finetune_arguments import TEXT_RECIPE
from embedscope.notebook_names import Names
from embedscope.training_words import read_json, read_share

_FORM = "SOURCE=PAIRS"
_STAGE = ("steps", "rate", "batch_size", "negatives")


def begin_finetuning(options: argparse.Namespace, names: Names) -> es.Run:
    """Begin the finetuning that words ask for.

    Parameters
    ----------
    options : Namespace
        What `finetune_arguments.add_finetune_arguments` reads.
    names : Names
        Variables that words may stand for.

    Returns
    -------
    Run
        As `embedscope.finetune` gives it.

    Raises
    ------
    InputError
        If a stage or a prompt cannot be read.
    """
    given = {name: getattr(options, name) for name in TEXT_RECIPE if hasattr(options, name)}
    if options.validation is not None:
        given["validation"] = _validation(options.validation, names)
    prompts = read_named(options.prompt or [], str, "SOURCE=TEXT")
    if not isinstance(prompts, dict):
        raise InputError(f"--prompt takes SOURCE=TEXT; {options.prompt[0]!r} came.")
    return es.finetune(
        read_encoder(options.encoder, names),
        _pairs(options.pairs, names),
        stages=[_stage(word) for word in options.stage],
        prompts=prompts,
        folder=options.folder,
        **given,
    )


def _pairs(words: Sequence[str], names: Names) -> Any:
    def load(word: str) -> Any:
        value = names.resolve(word)
        return value if isinstance(value, es.Pairs) else es.load_pairs(value)

    return read_named(words, load, _FORM)


def _validation(words: Sequence[str], names: Names) -> Any:
    if list(words) == ["none"]:
        return None
    share = read_share(words[0]) if len(words) == 1 else None
    return _pairs(words, names) if share is None else share


def _stage(word: str) -> dict[str, Any]:
    """Read steps=200,rate=1e-4,docstrings=2."""
    stage: dict[str, Any] = {}
    sources: dict[str, float | int] = {}
    for part in word.split(","):
        name, _, value = part.strip().partition("=")
        number = read_json(value)
        if not name or isinstance(number, bool) or not isinstance(number, int | float):
            raise InputError(f"--stage takes NAME=NUMBER, as steps=200,rate=1e-4; {part.strip()!r} came.")
        (stage if name in _STAGE else sources)[name] = number
    return {**stage, "sources": sources} if sources else stage
