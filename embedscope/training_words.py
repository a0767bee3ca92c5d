"""From words to training runs: what the magics and the command line share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.comparison.bandwidth_keys import parse_bandwidth
from embedscope.domain_words import is_run, read_encoder, read_items, read_named
from embedscope.notebook_names import Names
from embedscope.training.losses_json import options_from_json
from embedscope.training_arguments import RECIPE

_SHARE = 0.2


def begin_specialist(options: argparse.Namespace, names: Names) -> es.Run:
    """Begin the training that words ask for.

    Parameters
    ----------
    options : Namespace
        What `training_arguments.add_specialist_arguments` reads.
    names : Names
        Variables that words may stand for.

    Returns
    -------
    Run
        As `embedscope.train_specialist` gives it.
    """
    return es.train_specialist(
        read_items(options.items, names, split=options.split),
        read_encoder(options.backbone, names),
        options.loss,
        validation=_validation(options, names),
        loss_options=_loss_options(options.loss_option),
        folder=options.folder,
        **_recipe(options),
    )


def begin_distillation(options: argparse.Namespace, names: Names) -> es.Run:
    """Begin the distillation that words ask for.

    Parameters
    ----------
    options : Namespace
        What `training_arguments.add_distill_arguments` reads.
    names : Names
        Variables that words may stand for.

    Returns
    -------
    Run
        As `embedscope.distill` gives it.

    Raises
    ------
    InputError
        If a specialist has no domain, or an option cannot be read.
    """
    loss_options = _loss_options(options.loss_option)
    if options.student_bandwidth is not None:
        loss_options["student_bandwidth"] = parse_bandwidth(options.student_bandwidth)
    bandwidth = None if options.bandwidth is None else parse_bandwidth(options.bandwidth)
    form = "--specialist DOMAIN=ENCODER"
    specialists = read_named(options.specialist, lambda word: read_encoder(word, names), form)
    if not isinstance(specialists, dict):
        raise InputError(f"{options.specialist[0]!r} says no domain: write {form}, as emoji=runs/emoji.")
    return es.distill(
        specialists,
        read_items(options.items, names, split=options.split),
        read_encoder(options.student, names),
        options.loss,
        bandwidth=bandwidth,
        validation=_validation(options, names),
        loss_options=loss_options,
        folder=options.folder,
        **_recipe(options),
    )


def open_run(word: str, names: Names) -> es.Run:
    """Find the run that a word names.

    Parameters
    ----------
    word : str
        A run's folder, or a variable that holds a run or a folder.
    names : Names
        The variables.

    Returns
    -------
    Run
        The run.

    Raises
    ------
    InputError
        If the variable holds something else.
    MissingError
        If there is no run.
    """
    value = names.resolve(word)
    if isinstance(value, es.Run):
        return value
    if not isinstance(value, str | Path):
        raise InputError(f"{word!r} is a {type(value).__name__}; wanted a run, or the folder of one.")
    if not is_run(Path(value).expanduser()):
        raise MissingError(
            f"There is no run in {str(value)!r}; `embedscope runs FOLDER` lists those below one."
        )
    return es.Run(value)


def _validation(options: argparse.Namespace, names: Names) -> Any:
    words = options.validation or [str(_SHARE)]
    if words == ["none"]:
        return None
    share = read_share(words[0]) if len(words) == 1 else None
    return read_items(words, names) if share is None else share


def read_share(word: str) -> float | None:
    """Read a share.

    Parameters
    ----------
    word : str
        Any.

    Returns
    -------
    float or None
        None where it is no number.

    Examples
    --------
    >>> read_share("0.2"), read_share("emoji=emoji")
    (0.2, None)
    """
    try:
        return float(word)
    except ValueError:
        return None


def _loss_options(words: Sequence[str]) -> dict[str, Any]:
    given = {}
    for word in words:
        name, _, value = word.partition("=")
        if not (name and value):
            raise InputError(f"--loss-option takes NAME=VALUE, as margin=0.1; {word!r} came.")
        given[name] = read_json(value)
    return options_from_json(given)


def read_json(value: str) -> Any:
    """Read a JSON value.

    Parameters
    ----------
    value : str
        Any.

    Returns
    -------
    object
        The text itself where it is no JSON.

    Examples
    --------
    >>> read_json("1e-4"), read_json("mean")
    (0.0001, 'mean')
    """
    try:
        return json.loads(value)
    except ValueError:
        return value


def _recipe(options: argparse.Namespace) -> dict[str, Any]:
    # What was not typed is not there: `Recipe` has the defaults.
    return {name: getattr(options, name) for name in RECIPE if hasattr(options, name)}
