"""mteb's tasks over data in memory: one builder a type, each an ordinary mteb task with its own evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from embedscope._errors import InputError, unknown_name
from embedscope.evaluation.mteb_memory import (
    ROW_IDS,
    dataset,
    make_task,
    named_ids,
    retrieval_data,
    two_sides,
)
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs

CLUSTERINGS = 10


def classification_task(
    name: str, train: Items, test: Items, *, label: str = "label", samples_per_label: int = 8
) -> Any:
    """Make a classification: a logistic regression on a few items a class, ten times.

    Parameters
    ----------
    name : str
        Of the task.
    train, test : Items
        Texts with a column of classes; what is drawn from, and what is told apart.
    label : str
        The column.
    samples_per_label : int
        Items a class that a regression sees.

    Returns
    -------
    mteb.AbsTaskClassification
        Its measure is the accuracy.

    Raises
    ------
    InputError
        If a class is in ``test`` and not in ``train``, or there is a single class.
    """
    sides = {"train": train.valid, "test": test.valid}
    labels = {side: [str(value) for value in items.column(label)] for side, items in sides.items()}
    missing = sorted(set(labels["test"]) - set(labels["train"]))
    if missing:
        raise InputError(f"{name}: no training item is of the class {missing[0]!r}, and test items are.")
    classes = sorted(set(labels["train"]))
    if len(classes) < 2:
        raise InputError(f"{name}: a classification needs two classes; all items are {classes}.")
    data = {
        side: dataset(
            classes=classes,
            text=items.payloads,
            id=named_ids(items),
            label=[classes.index(one) for one in labels[side]],
        )
        for side, items in sides.items()
    }
    settings: dict[str, Any] = {"samples_per_label": samples_per_label}
    return make_task("AbsTaskClassification", name, data, "Classification", "accuracy", **settings)


def clustering_task(name: str, items: Items, *, label: str = "label") -> Any:
    """Make a clustering: k-means with as many clusters as classes, on ten resamples of the items.

    Parameters
    ----------
    name : str
        Of the task.
    items : Items
        Texts with a column of classes.
    label : str
        The column.

    Returns
    -------
    mteb.AbsTaskClustering
        Its measure is the V-measure.
    """
    items = items.valid
    labels = [str(value) for value in items.column(label)]
    data = {"test": dataset(sentences=items.payloads, labels=labels, id=named_ids(items))}
    return make_task(
        "AbsTaskClustering",
        name,
        data,
        "Clustering",
        "v_measure",
        max_fraction_of_documents_to_embed=None,
        max_documents_per_cluster=len(items),
        n_clusters=CLUSTERINGS,
    )


def similarity_task(name: str, pairs: Pairs, *, score: str = "score") -> Any:
    """Make a similarity task: the cosine shall order the pairs as people do.

    Parameters
    ----------
    name : str
        Of the task.
    pairs : Pairs
        With a column of scores, larger for closer.
    score : str
        The column.

    Returns
    -------
    mteb.AbsTaskSTS
        Its measure is Spearman's correlation with the cosine.
    """
    scores = [float(value) for value in pairs.columns.column(score).to_pylist()]
    data = {"test": dataset(**two_sides(pairs), score=scores)}
    ends: dict[str, Any] = {"min_score": min(scores), "max_score": max(scores)}
    return make_task("AbsTaskSTS", name, data, "STS", "cosine_spearman", **ends)


def pair_classification_task(name: str, pairs: Pairs, *, label: str = "label") -> Any:
    """Make a pair classification: the cosine of pairs that belong together shall be above that of others.

    Parameters
    ----------
    name : str
        Of the task.
    pairs : Pairs
        With a column that is 1 for pairs that belong together, else 0.
    label : str
        The column.

    Returns
    -------
    mteb.AbsTaskPairClassification
        Its measure is the average precision of the cosine.
    """
    labels = [int(value) for value in pairs.columns.column(label).to_pylist()]
    if {*labels} != {0, 1}:
        raise InputError(
            f"{name}: the column {label!r} must hold both 0 and 1; it holds {sorted({*labels})}."
        )
    data = {"test": dataset(**two_sides(pairs), labels=labels)}
    return make_task("AbsTaskPairClassification", name, data, "PairClassification", "cosine_ap")


def retrieval_task(
    name: str, pairs: Pairs, *, code: bool = False, languages: Sequence[str] = ("eng-Latn",)
) -> Any:
    """Make a retrieval: find each query's documents among all documents.

    Parameters
    ----------
    name : str
        Of the task.
    pairs : Pairs
        Matches are what is right; documents without a match are searched too.
    code : bool
        Whether documents are code: encoders may have a prompt for that.
    languages : sequence of str
        For mteb, as ``"eng-Latn"``.

    Returns
    -------
    mteb.AbsTaskRetrieval
        Its measure is nDCG@10.
    """
    data = retrieval_data(pairs, None)
    about = {"domains": ["Programming"], "task_subtypes": ["Code retrieval"]} if code else {}
    return make_task(
        "AbsTaskRetrieval", name, data, "Retrieval", "ndcg_at_10", {"eval_langs": [*languages], **about}
    )


def reranking_task(
    name: str, pairs: Pairs, *, size: int | None = None, candidates: int = 30, seed: int = 0
) -> Any:
    """Make a reranking: put each query's own documents before others that were drawn for it.

    Parameters
    ----------
    name : str
        Of the task.
    pairs : Pairs
        Matches are what is right.
    size : int, optional
        Most queries, drawn at random; others' documents can be drawn as candidates all the same.
    candidates : int
        Documents a query in all; fewer where there are no more.
    seed : int
        For the draws.

    Returns
    -------
    mteb.AbsTaskRetrieval
        Of mteb's type Reranking; its measure is MAP.
    """
    rng = np.random.default_rng(seed)
    asked = np.unique(pairs.matches[:, 0])
    if size is not None and size < len(asked):
        asked = np.sort(rng.choice(asked, size, replace=False))
    offered = {}
    for query in asked.tolist():
        own = np.unique(pairs.matches[pairs.matches[:, 0] == query, 1])
        others = np.setdiff1d(np.arange(len(pairs.documents)), own)
        drawn = rng.choice(others, min(max(candidates - len(own), 0), len(others)), replace=False)
        # Mixed, so that a tie is not won by coming first.
        offered[query] = rng.permutation(np.concatenate([own, drawn])).tolist()
    return make_task("AbsTaskRetrieval", name, retrieval_data(pairs, offered), "Reranking", "map_at_1000")


def bitext_task(
    name: str,
    texts: Mapping[str, Sequence[str]],
    pairs: Sequence[tuple[str, str]],
    *,
    ids: Sequence[str] | None = None,
    languages: Mapping[str, str] | None = None,
) -> Any:
    """Make a bitext mining: find each text's translation among all texts of the other language.

    Parameters
    ----------
    name : str
        Of the task.
    texts : mapping of str to sequence of str
        The texts of each language, in the same order.
    pairs : sequence of (str, str)
        Which language searches which.
    ids : sequence of str, optional
        One a row; the row numbers where there are none.
    languages : mapping of str to str, optional
        What mteb calls each language, as ``"eng-Latn"``.

    Returns
    -------
    mteb.AbsTaskBitextMining
        Its measure is F1.

    Raises
    ------
    InputError
        If languages differ in length, or a name holds ``-``.
    MissingError
        If a pair names a language without texts.
    """
    for language in dict.fromkeys(language for pair in pairs for language in pair):
        if language not in texts:
            raise unknown_name("language of the texts", language, texts)
        if "-" in language:
            raise InputError(f"{name}: the language {language!r} holds '-', which mteb puts between two.")
    counts = {language: len(rows) for language, rows in texts.items()}
    if len(set(counts.values())) != 1:
        raise InputError(f"{name}: languages have different numbers of texts: {counts}.")
    known = languages or {}
    named = {"-".join(pair): [known.get(one, f"{one}-Zyyy") for one in pair] for pair in pairs}
    rows = [*map(str, range(next(iter(counts.values()))))] if ids is None else [*ids]
    data = {"test": dataset(**texts, **{ROW_IDS: rows})}
    about = {"eval_langs": named}
    return make_task("AbsTaskBitextMining", name, data, "BitextMining", "f1", about, parallel_subsets=True)
