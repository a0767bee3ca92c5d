"""Words such as ``emoji=runs/emoji``: a domain, and what stands for its items or its encoder."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import embedscope as es
from embedscope._errors import InputError, StoreError
from embedscope.comparing import is_saved_space, read_space
from embedscope.notebook_names import Names
from embedscope.training.run_folder import RunFolder, read_json

# A path or a scheme before the equals sign is no domain's name.
_NAMED = re.compile(r"([^=:/\\]+)=(.+)", re.DOTALL)
_TRAINED = "trained:"


def read_named(words: Sequence[str], read: Callable[[str], Any], form: str) -> Any:
    """Read words, each with its domain.

    Parameters
    ----------
    words : sequence of str
        ``DOMAIN=VALUE``; a single one may be a value alone.
    read : callable
        Makes of a value what it stands for.
    form : str
        What was wanted, for messages.

    Returns
    -------
    dict of str to object, or object
        By domain; of a value alone what it stands for.

    Raises
    ------
    InputError
        If a domain is missing, or came twice.

    Examples
    --------
    >>> read_named(["a=1", "b=2"], int, "DOMAIN=NUMBER"), read_named(["3"], int, "DOMAIN=NUMBER")
    ({'a': 1, 'b': 2}, 3)
    """
    found: dict[str, Any] = {}
    for word in words:
        match = _NAMED.fullmatch(word)
        if match is None:
            if len(words) > 1:
                raise InputError(f"{word!r} says no domain, and there are several: write {form}.")
            return read(word)
        if match[1] in found:
            raise InputError(f"The domain {match[1]!r} came twice in {form}.")
        found[match[1]] = read(match[2])
    return found


def read_items(
    words: Sequence[str], names: Names, *, split: str | None = None, sample: int | None = None, seed: int = 0
) -> Any:
    """Load items domain by domain.

    Parameters
    ----------
    words : sequence of str
        ``DOMAIN=ITEMS``, or items alone: variables, or what `embedscope.load_items` takes.
    names : Names
        The variables.
    split : str, optional
        Only items whose column ``split`` says so.
    sample : int, optional
        Only so many of each domain.
    seed : int
        Of the sample.

    Returns
    -------
    dict of str to Items, or Items
        By domain, or without.

    Raises
    ------
    InputError
        If there is no such split.
    """

    def read(word: str) -> es.Items:
        value = names.resolve(word)
        items: es.Items = es.load_items(value.items if isinstance(value, es.Space) else value)
        chosen = items if split is None else _of_split(items, split, word)
        return chosen if sample is None else chosen.sample(sample, seed)

    return read_named(words, read, "DOMAIN=ITEMS")


def _of_split(items: es.Items, split: str, word: str) -> es.Items:
    if "split" not in items.columns.column_names:
        raise InputError(f"--split {split}: {word!r} has no column 'split'.")
    values = np.array([str(value) for value in items.column("split")])
    if split not in values:
        known = ", ".join(sorted(set(values.tolist())))
        raise InputError(f"--split {split}: the column 'split' of {word!r} holds {known}.")
    return items.take(values == split)


def read_encoder(word: str, names: Names) -> Any:
    """Find the encoder that a word stands for.

    Parameters
    ----------
    word : str
        A variable, an encoder's name, the folder of a net or of a run, or a saved space.
    names : Names
        The variables.

    Returns
    -------
    object
        The variable's value; a `Run` for its folder; a `Space` for a saved one; else the word.
    """
    value = names.resolve(word)
    if not isinstance(value, str | Path):
        return value
    folder = Path(str(value).removeprefix(_TRAINED)).expanduser()
    if is_run(folder):
        return es.Run(folder)
    return read_space(value) if is_saved_space(value) else value


def is_run(folder: Path) -> bool:
    """Tell a run's folder from the others that have a config.json, such as a net's.

    Parameters
    ----------
    folder : Path
        Any place.

    Returns
    -------
    bool
        Whether a run was ever started there.

    Examples
    --------
    >>> is_run(Path("nowhere"))
    False
    """
    config = RunFolder(folder).config
    if not config.is_file():
        return False
    try:
        return "job" in read_json(config)
    except StoreError:
        return False
