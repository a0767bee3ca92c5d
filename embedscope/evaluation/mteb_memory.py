"""What the builders of tasks share: data in memory in the form in which mteb reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from embedscope._errors import InputError
from embedscope.evaluation.mteb_package import mteb_module
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs

SPLIT = "test"
# Of a bitext, whose columns are languages: "id" is Indonesian.
ROW_IDS = "row ids"


def make_task(
    base: str,
    name: str,
    data: Mapping[str, Any],
    kind: str,
    measure: str,
    about: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Any:
    """Make a task of one of mteb's own classes, whose data is what is in memory.

    Parameters
    ----------
    base : str
        The class in ``mteb.abstasks``.
    name : str
        Of the task.
    data : mapping
        By split, or by subset and split, as the class reads it.
    kind : str
        mteb's type.
    measure : str
        mteb's main score.
    about : mapping, optional
        More of mteb's ``TaskMetadata``.
    **settings
        Attributes of the class.

    Returns
    -------
    mteb.AbsTask
        Only the loading of data is ours; what is measured and how is the class's.

    Raises
    ------
    InputError
        If the name cannot be a file's name.
    """
    if not name or "/" in name:
        raise InputError(f"A task's name becomes a file's name, so it may hold no '/'; got {name!r}.")
    metadata = mteb_module("mteb.abstasks.task_metadata").TaskMetadata(
        **{
            "name": name,
            "description": f"{name}, over data in memory",
            "type": kind,
            "category": "t2c" if kind in ("Classification", "Clustering") else "t2t",
            "eval_splits": [SPLIT],
            "eval_langs": ["eng-Latn"],
            "main_score": measure,
            "dataset": {"path": f"embedscope/{name}", "revision": "in memory"},
            **(about or {}),
        }
    )
    plain = not isinstance(data[next(iter(data))], Mapping)
    kept = mteb_module("datasets").DatasetDict(data) if plain else data

    def load_data(self: Any, *_: Any, **__: Any) -> None:
        self.dataset, self.data_loaded = kept, True

    parent = getattr(mteb_module("mteb.abstasks"), base)
    return type("LocalTask", (parent,), {"metadata": metadata, "load_data": load_data, **settings})()


def dataset(*, classes: Sequence[str] = (), **columns: Sequence[Any]) -> Any:
    """Make a data set of columns.

    Parameters
    ----------
    classes : sequence of str
        Names of the numbers in the column ``label``.
    **columns
        Equally long.

    Returns
    -------
    datasets.Dataset
        In memory.
    """
    datasets = mteb_module("datasets")
    features = None
    if classes:
        plain = {name: datasets.Value("string") for name in columns}
        features = datasets.Features({**plain, "label": datasets.ClassLabel(names=list(classes))})
    return datasets.Dataset.from_dict({name: list(rows) for name, rows in columns.items()}, features=features)


def named_ids(items: Items) -> list[str]:
    """Give the ids as texts.

    Parameters
    ----------
    items : Items
        Any.

    Returns
    -------
    list of str
        One an item.
    """
    return [str(one) for one in items.ids]


def two_sides(pairs: Pairs) -> dict[str, list[Any]]:
    """Give the two texts of each match, and its row as an id.

    Parameters
    ----------
    pairs : Pairs
        Of texts.

    Returns
    -------
    dict
        ``sentence1``, ``sentence2`` and ``id``.
    """
    return {
        "sentence1": [pairs.queries.payloads[row] for row in pairs.matches[:, 0].tolist()],
        "sentence2": [pairs.documents.payloads[row] for row in pairs.matches[:, 1].tolist()],
        "id": [str(row) for row in range(len(pairs))],
    }


def retrieval_data(pairs: Pairs, offered: Mapping[int, Sequence[int]] | None) -> dict[str, Any]:
    """Give queries, documents and what is right, as mteb's retrieval reads them.

    Parameters
    ----------
    pairs : Pairs
        Of texts.
    offered : mapping of int to sequence of int, optional
        Rows of the documents that each query, by row, is to rank; only these queries are asked then, and
        only these documents encoded.

    Returns
    -------
    dict
        By subset and split.
    """
    queries, documents = named_ids(pairs.queries), named_ids(pairs.documents)
    asked = range(len(queries)) if offered is None else list(offered)
    searched = (
        range(len(documents))
        if offered is None
        else sorted({row for rows in offered.values() for row in rows})
    )
    right: dict[str, dict[str, int]] = {queries[row]: {} for row in asked}
    for query, document in pairs.matches.tolist():
        if queries[query] in right:
            right[queries[query]][documents[document]] = 1
    ranked = None if offered is None else _named(offered, queries, documents)
    split = {
        "queries": dataset(
            id=[queries[row] for row in asked], text=[pairs.queries.payloads[row] for row in asked]
        ),
        "corpus": dataset(
            id=[documents[row] for row in searched], text=[pairs.documents.payloads[row] for row in searched]
        ),
        "relevant_docs": right,
        "top_ranked": ranked,
    }
    return {"default": {SPLIT: split}}


def _named(
    offered: Mapping[int, Sequence[int]], queries: Sequence[str], documents: Sequence[str]
) -> dict[str, list[str]]:
    return {queries[query]: [documents[row] for row in rows] for query, rows in offered.items()}
