"""What clusters of some items are named by: their texts, what their images show, or nothing but numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float32, Int32, Int64

from embedscope.clusters.captions import names_from_values, naming_values
from embedscope.clusters.names import names_from_texts
from embedscope.clusters.words import words_of

_TEXTS_READ = 1_000


class Naming:
    """Names clusters of one set of items, as often as one likes: a text is split into words once.

    Parameters
    ----------
    values : sequence of str or None, optional
        A text, caption or label an item; None: clusters have numbers.
    are_texts : bool
        Whether words set clusters apart, not whole values.
    """

    def __init__(self, values: Sequence[str | None] | None, are_texts: bool) -> None:
        self._values, self._are_texts = values, are_texts
        # Equal texts are equal words; what is kept is far smaller than the texts.
        self._split = lru_cache(maxsize=None)(_distinct_words)

    @property
    def numbers_only(self) -> bool:
        """Whether there is nothing to name clusters by."""
        return self._values is None

    def name(
        self,
        labels: Int32[np.ndarray, " rows"],
        probabilities: Float32[np.ndarray, " rows"],
        *,
        rows: Int64[np.ndarray, " rows"] | None = None,
        texts_read: int = _TEXTS_READ,
    ) -> tuple[str, ...]:
        """Name clusters by what sets them off from each other.

        Parameters
        ----------
        labels : ndarray of int32, shape (rows,)
            Cluster of each item from 0; -1: none.
        probabilities : ndarray of float32, shape (rows,)
            How surely an item belongs.
        rows : ndarray of int64, shape (rows,), optional
            Which items these are; all if not given.
        texts_read : int
            So many of a cluster's surest texts are read.

        Returns
        -------
        tuple of str
            One name a cluster, no two equal.

        Examples
        --------
        >>> named = Naming(["a cat", "a dog"], True)
        >>> named.name(np.array([1, 0], np.int32), np.ones(2, np.float32))
        ('dog', 'cat')
        """
        if self._values is None:
            return tuple(f"cluster {label + 1}" for label in range(int(labels.max(initial=-1)) + 1))
        values = self._values if rows is None else [self._values[row] for row in rows.tolist()]
        if not self._are_texts:
            return names_from_values(values, labels, probabilities)
        texts = [value or "" for value in values]
        return names_from_texts(texts, labels, probabilities, split=self._split, texts_read=texts_read)


def _distinct_words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words_of(text)))


def naming_of(items: Any) -> Naming:
    """Find what clusters of some items can be named by.

    Parameters
    ----------
    items : Items or None
        Texts; images with columns; None for bare vectors.

    Returns
    -------
    Naming
        By texts, by a column that says what an image shows, or by numbers.

    Examples
    --------
    >>> naming_of(None).numbers_only
    True
    """
    if items is not None and items.modality == "text":
        return Naming(items.payloads, True)
    return Naming(None if items is None else naming_values(items.columns), False)
