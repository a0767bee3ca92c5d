"""What is known of a packaged data set before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedscope._table import Table


@dataclass(frozen=True)
class Card:
    """A packaged data set's card: where it comes from, what is in it, what it is good for.

    Parameters
    ----------
    name : str
        What `embedscope.load_items` or `embedscope.load_pairs` takes.
    kind : {"texts", "images", "pairs", "texts and pairs"}
        What it holds. "pairs" are texts that belong together, and load with `embedscope.load_pairs`.
    source : str
        The package and its version, and the client that fetches it.
    licence : str
        Of the data.
    items : int
        How many with the default options; for pairs, how many pairs.
    columns : tuple of str
        What comes beside ids and payloads.
    good_for : str
        One line.
    task : str
        classification, clustering, similarity, bitext, retrieval.
    options : str
        What else the loader takes.

    Examples
    --------
    >>> from embedscope.items.cards import card
    >>> card("newsgroups").items
    18821
    """

    name: str
    kind: Literal["texts", "images", "pairs", "texts and pairs"]
    source: str
    licence: str
    items: int
    columns: tuple[str, ...]
    good_for: str
    task: str
    options: str = ""

    def _repr_html_(self) -> str:
        return Table(("", self.name), [(key, value) for key, value in self._facts()])._repr_html_()

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("holds", f"{self.items:,} {self.kind}"),
            ("source", self.source),
            ("licence", self.licence),
            ("columns", ", ".join(self.columns)),
            ("good for", self.good_for),
            ("task", self.task),
            ("options", self.options),
        ]
