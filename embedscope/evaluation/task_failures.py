"""What a task got wrong, as items to look at: the worst first."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError
from embedscope.evaluation.task_part import TaskPart, kind_of
from embedscope.evaluation.task_values import ranked
from embedscope.items.items import Items


class _Failure(NamedTuple):
    """An item, how bad it is, and what is to be said of it."""

    name: str
    text: str
    badness: float
    facts: dict[str, Any]


def task_failures(name: str, parts: Sequence[TaskPart], limit: int | None = None) -> Items:
    """List what a task got wrong.

    Parameters
    ----------
    name : str
        For the title.
    parts : sequence of TaskPart
        With mteb's predictions.
    limit : int, optional
        Most items.

    Returns
    -------
    Items
        Texts with what was ``expected`` and ``found``, by type of task:

        - classification: texts that half of the regressions or more put into a wrong class, and the
          ``wrong_share``
        - clustering: texts that in half of the clusterings or more lie in a cluster most of which is of
          another class
        - similarity: pairs whose rank is further off than it would be by chance, a third of the pairs;
          ``other`` is the second text
        - pair classification: pairs on the wrong side of the best ``threshold`` of the cosine
        - retrieval, reranking, code: queries whose first document is wrong, and the ``rank`` of the right
          one (0: not among those that mteb kept)
        - bitext: texts whose nearest is not their translation

    Raises
    ------
    InputError
        If mteb keeps no predictions for such a task.
    """
    find = _FINDERS.get(parts[0].task.metadata.type)
    if find is None or any(part.predictions is None for part in parts):
        kind = kind_of(parts[0].task.metadata)
        raise InputError(
            f"The failures of {name!r} are not known: mteb kept no predictions for {kind} tasks."
        )
    found = [one._replace(name=_prefix(part, parts) + one.name) for part in parts for one in find(part)]
    found.sort(key=lambda failure: -failure.badness)
    chosen = found[:limit]
    names = list(chosen[0].facts) if chosen else []
    columns = {name_of: pa.array([one.facts[name_of] for one in chosen]) for name_of in names}
    ids, texts = [one.name for one in chosen], [one.text for one in chosen]
    return Items.from_texts(texts, ids=ids, columns=columns, name=f"failures of {name}")


def _prefix(part: TaskPart, parts: Sequence[TaskPart]) -> str:
    splits = len({one.split for one in parts}) > 1
    subsets = len({one.subset for one in parts}) > 1
    return (f"{part.split}/" if splits else "") + (f"{part.subset}/" if subsets else "")


def _classification(part: TaskPart) -> Iterator[_Failure]:
    labels = part.column(part.task.label_column_name)
    guesses = np.array(part.predictions)
    shares = (guesses != np.array(labels)).mean(axis=0)
    texts, ids = part.column(part.task.input_column_name), part.ids()
    for row in np.flatnonzero(shares >= 0.5).tolist():
        wrong = Counter(guess for guess in guesses[:, row].tolist() if guess != labels[row])
        names = part.class_name(labels[row]), part.class_name(wrong.most_common(1)[0][0])
        yield _Failure(
            ids[row], texts[row], float(shares[row]), _facts(*names, wrong_share=float(shares[row]))
        )


def _clustering(part: TaskPart) -> Iterator[_Failure]:
    task, texts, ids = part.task, part.column(part.task.input_column_name), part.ids()
    labels = np.array(part.class_names())
    if task.max_fraction_of_documents_to_embed is not None or task.max_document_to_embed is not None:
        raise InputError(
            "This clustering looks at a sample of its own, so which text was where is not known."
        )
    # mteb keeps the clusters and not whose they are: draw the same resamples again.
    draws = random.Random()  # noqa: S311 - not for secrets
    draws.setstate(part.draws)
    seen: dict[int, list[str]] = {}
    for clusters in part.predictions["Level 0"]:
        rows = np.array(draws.choices(range(len(labels)), k=len(clusters)))
        named = {one: _most_common(labels[rows[np.array(clusters) == one]]) for one in set(clusters)}
        for row, cluster in dict(zip(rows.tolist(), clusters, strict=True)).items():
            seen.setdefault(row, []).append(named[cluster])
    for row, names in sorted(seen.items()):
        wrong = [one for one in names if one != labels[row]]
        share = len(wrong) / len(names)
        if share >= 0.5:
            facts = _facts(str(labels[row]), _most_common(wrong), wrong_share=share)
            yield _Failure(ids[row], texts[row], share, facts)


def _most_common(names: Sequence[str] | np.ndarray) -> str:
    return str(Counter(str(one) for one in names).most_common(1)[0][0])


def _similarity(part: TaskPart) -> Iterator[_Failure]:
    from scipy.stats import rankdata  # takes seconds to import

    people, cosines = np.array(part.column("score"), float), np.array(part.predictions["cosine_scores"])
    ranks = rankdata(-people), rankdata(-cosines)
    off = np.abs(ranks[0] - ranks[1])
    one, other = (part.column(column) for column in part.columns)
    ids = part.ids()
    for row in np.flatnonzero(off > len(people) / 3).tolist():
        facts = _facts(
            float(people[row]),
            float(cosines[row]),
            other=other[row],
            rank_expected=float(ranks[0][row]),
            rank_found=float(ranks[1][row]),
        )
        yield _Failure(ids[row], one[row], float(off[row]), facts)


def _pair_classification(part: TaskPart) -> Iterator[_Failure]:
    labels = np.array(part.column(part.task.label_column_name))
    cosines = np.array(part.predictions["cosine_scores"])
    threshold = best_threshold(cosines, labels)
    one, other = (part.column(column) for column in part.columns)
    ids = part.ids()
    words = ("apart", "together")
    for row in np.flatnonzero((cosines >= threshold) != (labels == 1)).tolist():
        names = words[int(labels[row])], words[1 - int(labels[row])]
        facts = _facts(*names, other=other[row], cosine=float(cosines[row]), threshold=threshold)
        yield _Failure(ids[row], one[row], float(abs(cosines[row] - threshold)), facts)


def best_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """Give the similarity that tells pairs that belong together from others with the fewest errors.

    Parameters
    ----------
    scores : ndarray of float, shape (pairs,)
        Larger is closer.
    labels : ndarray of int, shape (pairs,)
        1: together, 0: apart.

    Returns
    -------
    float
        From this similarity on, pairs count as together; halfway between two similarities. Of equally good
        ones the largest.

    Examples
    --------
    >>> best_threshold(np.array([0.9, 0.7, 0.4]), np.array([1, 1, 0]))
    0.55
    """
    order = np.argsort(-scores, kind="stable")
    known, right = scores[order], labels[order]
    # How many are right if the first k count as together, for every k.
    together, apart = (
        np.concatenate([[0], np.cumsum(right == 1)]),
        np.concatenate([[0], np.cumsum(right == 0)]),
    )
    hits = together + apart[-1] - apart
    ends = np.concatenate([[np.inf], known, [-np.inf]])
    # Equal similarities cannot be told apart.
    possible = ends[:-1] > ends[1:]
    place = int(np.argmax(np.where(possible, hits, -1)))
    if place == 0:
        return float(np.nextafter(known[0], np.inf))
    return float(known[-1]) if place == len(known) else float((known[place - 1] + known[place]) / 2)


def _retrieval(part: TaskPart) -> Iterator[_Failure]:
    rows = part.rows
    texts = {
        side: dict(zip(rows[side]["id"], rows[side]["text"], strict=True)) for side in ("queries", "corpus")
    }
    for query, found in part.predictions.items():
        right = [name for name, value in rows["relevant_docs"][query].items() if value > 0]
        order = ranked(found)
        if not order or order[0] in right:
            continue
        rank = next((place for place, name in enumerate(order, 1) if name in right), 0)
        best = order[rank - 1] if rank else right[0]
        facts = _facts(
            texts["corpus"][best],
            texts["corpus"][order[0]],
            expected_id=best,
            found_id=order[0],
            rank=rank,
            expected_cosine=found.get(best),
            found_cosine=found[order[0]],
        )
        yield _Failure(query, texts["queries"][query], float(rank or len(order) + 1), facts)


def _bitext(part: TaskPart) -> Iterator[_Failure]:
    one, other = (part.column(column) for column in part.columns)
    ids = part.ids()
    if part.has_gold:
        raise InputError(
            "This bitext has its own list of translations, so which text was missed is not known."
        )
    for row, found in enumerate(part.predictions):
        place = int(found["corpus_id"])
        if place == row:
            continue
        facts = _facts(
            other[row], other[place], found_id=ids[place], languages=part.subset, found_cosine=found["score"]
        )
        yield _Failure(ids[row], one[row], found["score"], facts)


def _facts(expected: str | float, found: str | float, **more: Any) -> dict[str, Any]:
    return {"expected": expected, "found": found, **more}


_FINDERS: Mapping[str, Callable[[TaskPart], Iterator[_Failure]]] = {
    "Classification": _classification,
    "Clustering": _clustering,
    "STS": _similarity,
    "PairClassification": _pair_classification,
    "Retrieval": _retrieval,
    "Reranking": _retrieval,
    "BitextMining": _bitext,
}
