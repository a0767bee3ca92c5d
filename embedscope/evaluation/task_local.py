"""The tasks over the packaged data: which data, of which type, and what they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from embedscope.evaluation import task_data, task_languages
from embedscope.evaluation.mteb_tasks import (
    bitext_task,
    classification_task,
    clustering_task,
    pair_classification_task,
    reranking_task,
    retrieval_task,
    similarity_task,
)

BUILDERS: Mapping[str, Callable[..., Any]] = {
    "classification": classification_task,
    "clustering": clustering_task,
    "similarity": similarity_task,
    "pair classification": pair_classification_task,
    "reranking": reranking_task,
    "retrieval": retrieval_task,
    "code": partial(retrieval_task, code=True),
    "bitext": bitext_task,
}


@dataclass(frozen=True)
class LocalTask:
    """A task over packaged data.

    Parameters
    ----------
    kind : str
        Its type.
    data : str
        The packaged data set.
    measure : str
        What mteb measures.
    about : str
        What is asked of the encoder.
    read : callable
        Size and seed to what the type's builder takes.
    """

    kind: str
    data: str
    measure: str
    about: str
    read: Callable[[int | None, int], dict[str, Any]]


def _of(read: Callable[..., dict[str, Any]], data: str) -> Callable[[int | None, int], dict[str, Any]]:
    return partial(read, data)


LOCAL: Mapping[str, LocalTask] = {
    "newsgroups": LocalTask(
        "classification",
        "newsgroups",
        "accuracy",
        "which of 20 groups is a post of?",
        _of(task_data.two_splits, "newsgroups"),
    ),
    "reuters": LocalTask(
        "classification",
        "reuters",
        "accuracy",
        "which of 8 topics has a newswire?",
        _of(task_data.two_splits, "reuters"),
    ),
    "spam": LocalTask("classification", "spamassassin", "accuracy", "is a mail spam?", task_data.mails),
    "newsgroups-clustering": LocalTask(
        "clustering",
        "newsgroups",
        "v_measure",
        "do clusters of posts match the groups?",
        _of(task_data.tested_items, "newsgroups"),
    ),
    "reuters-clustering": LocalTask(
        "clustering",
        "reuters",
        "v_measure",
        "do clusters of newswires match the topics?",
        _of(task_data.tested_items, "reuters"),
    ),
    "lee50": LocalTask(
        "similarity",
        "lee50",
        "cosine_spearman",
        "news texts rated by people",
        _of(task_data.rated_pairs, "lee50"),
    ),
    "simlex": LocalTask(
        "similarity",
        "simlex999",
        "cosine_spearman",
        "words rated by how alike they are",
        _of(task_data.rated_pairs, "simlex999"),
    ),
    "wordsim": LocalTask(
        "similarity",
        "wordsim353",
        "cosine_spearman",
        "words rated by how related they are",
        _of(task_data.rated_pairs, "wordsim353"),
    ),
    "newsgroups-pairs": LocalTask(
        "pair classification",
        "newsgroups",
        "cosine_ap",
        "are two halves of one article?",
        task_data.article_halves,
    ),
    "chatterbot": LocalTask(
        "reranking", "chatterbot", "map_at_1000", "which of 30 answers is to a question?", task_data.questions
    ),
    "quran-retrieval": LocalTask(
        "retrieval",
        "quran",
        "ndcg_at_10",
        "find the English verse by the verse in one of ten languages",
        task_languages.verse_search,
    ),
    "docstrings": LocalTask(
        "code",
        "docstrings",
        "ndcg_at_10",
        "find the function that does what a docstring says",
        _of(task_data.rated_pairs, "docstrings"),
    ),
    "quran-bitext": LocalTask(
        "bitext", "quran", "f1", "find the English verse, from five languages", task_languages.verses
    ),
    "udhr-bitext": LocalTask(
        "bitext",
        "udhr",
        "f1",
        "find the article of human rights in twelve languages",
        task_languages.articles,
    ),
}
