"""``search``: the items that hold the words that are being typed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from embedscope._errors import InputError
from embedscope.items.haystack import Haystack
from embedscope.items.items import Items
from embedscope.views.channel import Answer, Request

WORDS_CHARACTERS = 1_000


class WordSearch:
    """Finds words in texts, ids and columns, without regard to case.

    Parameters
    ----------
    items : callable
        Gives the items as they are now; other items than last time are made ready anew.
    """

    def __init__(self, items: Callable[[], Items]) -> None:
        self._items = items
        self._searched: tuple[Items, Haystack] | None = None
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``words``: one phrase, as typed.

        Returns
        -------
        Answer
            ``where`` was looked; its buffer holds the rows found, in order.

        Raises
        ------
        InputError
            If the words are no text, or are thousands.
        """
        words = request.content.get("words")
        if not isinstance(words, str) or len(words) > WORDS_CHARACTERS:
            raise InputError(f"Words to look for are a text of at most {WORDS_CHARACTERS:,} characters.")
        haystack = self._haystack()
        rows = haystack.rows_with(words)
        return Answer({"where": haystack.where}, [rows.astype(np.dtype("<u4")).tobytes()])

    def _haystack(self) -> Haystack:
        items = self._items()
        with self._lock:
            if self._searched is None or self._searched[0] is not items:
                self._searched = (items, Haystack(items))
            return self._searched[1]
