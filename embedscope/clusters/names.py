"""Names of clusters of texts: the words that are commoner in a cluster than elsewhere."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float32, Int32, Int64

from embedscope.clusters.words import words_of

_WORDS_IN_A_NAME = 3
_TEXTS_READ = 1_000
_WORDS_RANKED = 40
_COMMON_STEM = 5


def names_from_texts(
    texts: Sequence[str],
    labels: Int32[np.ndarray, " items"],
    probabilities: Float32[np.ndarray, " items"],
    *,
    split: Callable[[str], Sequence[str]] = words_of,
    texts_read: int = _TEXTS_READ,
) -> tuple[str, ...]:
    """Name each cluster by the three words that set it off most.

    Parameters
    ----------
    texts : sequence of str
        One an item.
    labels : ndarray of int32, shape (items,)
        Cluster of each item from 0; -1: none.
    probabilities : ndarray of float32, shape (items,)
        How surely an item belongs.
    split : callable
        From a text to its words.
    texts_read : int
        So many of a cluster's surest texts are read.

    Returns
    -------
    tuple of str
        One name a cluster, for example ``"hockey, team, season"``; no two are equal.

    Notes
    -----
    Class-based TF-IDF over documents: share of the cluster's texts that hold the word, times log(1 + m/f),
    f the word's shares summed over the clusters, m a cluster's shares summed over its words, on average. A
    text counts a word once, so one long text cannot name a cluster. A word that begins as one already
    chosen does is passed over.

    References
    ----------
    Grootendorst 2022, arXiv 2203.05794 (class-based TF-IDF; there it counts occurrences).

    Examples
    --------
    >>> texts = ["the cat purrs", "a cat sleeps", "stock markets", "stock prices"]
    >>> names_from_texts(texts, np.array([0, 0, 1, 1], np.int32), np.ones(4, np.float32))
    ('cat, purrs, sleeps', 'stock, markets, prices')
    """
    surest = surest_rows(labels, probabilities, texts_read)
    shares = [_word_shares([split(texts[row]) for row in rows.tolist()]) for rows in surest]
    overall = _overall(shares)
    words_a_text = sum(overall.values()) / max(len(shares), 1)
    return distinct_names([_ranked_words(own, overall, words_a_text) for own in shares])


def surest_rows(
    labels: Int32[np.ndarray, " items"], probabilities: Float32[np.ndarray, " items"], most: int
) -> list[Int64[np.ndarray, " rows"]]:
    """Pick the items that belong most surely to each cluster.

    Parameters
    ----------
    labels : ndarray of int32, shape (items,)
        Cluster of each item from 0; -1: none.
    probabilities : ndarray of float32, shape (items,)
        How surely an item belongs.
    most : int
        So many of a cluster at most.

    Returns
    -------
    list of ndarray of int64
        Rows of each cluster, the surest first; equally sure ones in their order.

    Examples
    --------
    >>> surest_rows(np.array([0, 0, 1], np.int32), np.array([0.1, 0.9, 1], np.float32), 1)
    [array([1]), array([2])]
    """
    order = np.lexsort((-probabilities, labels))
    ends = np.searchsorted(labels[order], np.arange(int(labels.max(initial=-1)) + 2))
    return [order[start:stop][:most] for start, stop in itertools.pairwise(ends)]


def _word_shares(texts: Sequence[Sequence[str]]) -> dict[str, float]:
    holding: Counter[str] = Counter()
    for words in texts:
        holding.update(dict.fromkeys(words).keys())
    rare = 1 if len(texts) < 10 else 2
    return {word: count / len(texts) for word, count in holding.items() if count >= rare}


def _overall(every: Sequence[dict[str, float]]) -> dict[str, float]:
    overall: dict[str, float] = {}
    for shares in every:
        for word, share in shares.items():
            overall[word] = overall.get(word, 0.0) + share
    return overall


def _ranked_words(own: dict[str, float], overall: dict[str, float], words_a_text: float) -> list[str]:
    score = {word: share * np.log1p(words_a_text / overall[word]) for word, share in own.items()}
    return sorted(own, key=lambda word: (-score[word], word))[:_WORDS_RANKED]


def distinct_names(ranked: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Make one name a cluster of its best words, so that no two names are equal.

    Parameters
    ----------
    ranked : sequence of sequence of str
        Words of each cluster, best first; may be empty.

    Returns
    -------
    tuple of str
        Three words each, fewer where there are fewer; a number is added where words do not tell two
        clusters apart.

    Examples
    --------
    >>> distinct_names([["game", "games", "team"], [], ["game", "team"]])
    ('game, team', 'cluster 2', 'game, team 2')
    """
    return unlike_names(
        [", ".join(_unlike_words(words)) or f"cluster {place + 1}" for place, words in enumerate(ranked)]
    )


def unlike_names(names: Sequence[str]) -> tuple[str, ...]:
    """Add numbers where names are equal.

    Parameters
    ----------
    names : sequence of str
        Some of them may be equal.

    Returns
    -------
    tuple of str
        No two are; the first of equals stays as it is.

    Examples
    --------
    >>> unlike_names(["cat", "dog", "cat"])
    ('cat', 'dog', 'cat 2')
    """
    taken: dict[str, None] = {}
    for name in names:
        number, unique = 1, name
        while unique in taken:
            number += 1
            unique = f"{name} {number}"
        taken[unique] = None
    return tuple(taken)


def _unlike_words(words: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for word in words:
        if not any(_alike(word, other) for other in chosen):
            chosen.append(word)
        if len(chosen) == _WORDS_IN_A_NAME:
            break
    return chosen


def _alike(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    # Two characters of an unspaced script overlap with the pair beside them: 機械, 械学.
    if len(short) == len(long) == 2 and not short.isascii():
        return short[0] == long[1] or short[1] == long[0]
    stem = min(len(short), _COMMON_STEM)
    return stem >= 3 and long.startswith(short[:stem]) and len(long) - len(short) <= 4
