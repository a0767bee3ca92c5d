"""The packaged data sets there are."""

from __future__ import annotations

import importlib
from types import ModuleType

from embedscope._errors import unknown_name
from embedscope._table import Table
from embedscope.items.card import Card

# A data set's file is imported when its name is asked for.
PACKAGED = {
    "newsgroups": "newsgroups",
    "reuters": "reuters",
    "spamassassin": "spamassassin",
    "emoji": "emoji",
    "logos": "logos",
    "flags": "flags",
    "stamps": "stamps",
    "digits": "digits",
    "quran": "quran",
    "udhr": "udhr",
    "chatterbot": "chatterbot",
    "docstrings": "docstrings",
    "lee50": "similarity",
    "simlex999": "similarity",
    "wordsim353": "similarity",
}


def packaged_module(name: str) -> ModuleType:
    """Import the file of a packaged data set.

    Parameters
    ----------
    name : str
        The data set.

    Returns
    -------
    module
        It has ``CARD``, and ``load`` (items), ``load_pairs`` or both.

    Raises
    ------
    MissingError
        If there is no such data set; the message lists them.

    Examples
    --------
    >>> packaged_module("newsgroups").CARD.task
    'classification'
    """
    if name not in PACKAGED:
        raise unknown_name(
            "data set",
            name,
            PACKAGED,
            "A folder of images, a parquet, CSV or JSON-lines file, "
            "'hf:owner/name', a frame or a list of texts will do too.",
        )
    return importlib.import_module(f"embedscope.items.packaged.{PACKAGED[name]}")


def card(name: str) -> Card:
    """Give the card of a packaged data set.

    Parameters
    ----------
    name : str
        The data set.

    Returns
    -------
    Card
        Source, licence, counts, columns, what it is good for.

    Raises
    ------
    MissingError
        If there is no such data set.

    Examples
    --------
    >>> card("newsgroups").columns
    ('label', 'split')
    """
    module = packaged_module(name)
    found: Card = module.CARDS[name] if hasattr(module, "CARDS") else module.CARD
    return found


def datasets() -> Table:
    """List the packaged data sets.

    Returns
    -------
    Table
        One row a data set: name, what it holds, how many, columns, task, what it is good for, licence,
        source. Nothing is fetched.

    Examples
    --------
    >>> import embedscope as es
    >>> "newsgroups" in es.datasets().column("name")
    True
    """
    cards = [card(name) for name in PACKAGED]
    heads = ("name", "holds", "items", "columns", "task", "good for", "licence", "source")
    return Table(heads, [_row(one) for one in cards])


def _row(one: Card) -> tuple[str | int, ...]:
    columns = ", ".join(one.columns)
    return (one.name, one.kind, one.items, columns, one.task, one.good_for, one.licence, one.source)
