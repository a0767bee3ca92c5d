"""From an encoder and items to retrieval scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, overload

import numpy as np

from embedscope._errors import InputError
from embedscope.encoders.protocol import Encoder
from embedscope.evaluation.labelled import Spaces
from embedscope.evaluation.retrieval import RECALL_AT, Against, score_retrieval
from embedscope.evaluation.retrieval_scores import RetrievalScores
from embedscope.evaluation.task_scores import TaskScores
from embedscope.evaluation.tasks import evaluate_tasks
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space

ItemsByDomain: TypeAlias = Items | str | Mapping[str, Items | str]
Tasks: TypeAlias = Any
_QUERY_SPLITS, _INDEX_SPLITS = ("query", "test"), ("gallery", "index")


@overload
def evaluate(
    encoder: str | Encoder | Space | Mapping[str, Any],
    items: ItemsByDomain | None = None,
    *,
    index: ItemsByDomain | None = None,
    ks: Sequence[int] = RECALL_AT,
    against: Against = "both",
    label: str = "label",
    tasks: None = None,
    **options: Any,
) -> RetrievalScores: ...
@overload
def evaluate(encoder: str | Encoder, *, tasks: Tasks, **options: Any) -> TaskScores: ...
def evaluate(
    encoder: str | Encoder | Space | Mapping[str, Any],
    items: ItemsByDomain | None = None,
    *,
    index: ItemsByDomain | None = None,
    ks: Sequence[int] = RECALL_AT,
    against: Against = "both",
    label: str = "label",
    tasks: Tasks | None = None,
    **options: Any,
) -> RetrievalScores | TaskScores:
    """Encode items, unless they are encoded already, and score retrieval by class; or run tasks.

    Parameters
    ----------
    encoder : str, Encoder, Space, or mapping of domain to any of them
        Spaces are scored as they are. One encoder for all domains, or one a domain (specialists; then write
        ``against="own"``).
    items : Items, name, or mapping of domain to either, optional
        What is encoded: the queries. A single one is split by its column ``domain``, where it has one.
    index : Items, name, or mapping of domain to either, optional
        What is searched; the queries themselves where it is not given. For spaces: spaces.
    ks : sequence of int
        For Recall@k.
    against : {"both", "own", "merged"}
        Each domain's own index, or that of all domains together.
    label : str
        Column of the classes.
    tasks : str, mteb task, or sequence of them, optional
        What to run in place of items: ``["docstrings", "simlex"]``, a type such as ``"classification"``, or
        ``"all"`` (`embedscope.evaluation.tasks.local_tasks` lists them), names of mteb's own tasks, or
        tasks that mteb or `embedscope.evaluation.mteb_tasks` made.
    **options
        Of `embedscope.encode`: ``store``, ``batch_size``, ``device``, ``dims``, ``progress``, ... With
        tasks also ``size`` (1000: most items, pairs or queries of a local task) and ``seed`` (0).

    Returns
    -------
    RetrievalScores or TaskScores
        As `score_retrieval`; with tasks as `evaluate_tasks`.

    Raises
    ------
    InputError
        If items are missing, or domains do not fit, or items and tasks came both.

    Notes
    -----
    What was encoded before is read from the store. `query_and_index` takes a data set that says itself what
    is query and what is index.

    Examples
    --------
    >>> items = Items.from_texts(["a cat", "a kitten"], columns={"label": [0, 0]})
    >>> evaluate("st:minilm", items, progress=False).value("recall@1")  # doctest: +SKIP
    1.0
    >>> evaluate("minilm", tasks=["simlex", "docstrings"], size=200)  # doctest: +SKIP
    """
    if tasks is not None:
        _refuse_items(encoder, items, index)
        return evaluate_tasks(encoder, tasks, **options)
    queries = _spaces(encoder, items, options)
    searched = None if index is None else _index_spaces(encoder, index, options)
    return score_retrieval(queries, searched, ks=ks, against=against, label=label)


def _refuse_items(encoder: Any, items: Any, index: Any) -> None:
    if items is not None or index is not None:
        raise InputError("Tasks bring their own items: leave items and index out, or leave tasks out.")
    if isinstance(encoder, Space | Mapping):
        raise InputError(f"Tasks are encoded as they run: give one encoder; got a {type(encoder).__name__}.")


def _index_spaces(encoder: Any, index: Any, options: Mapping[str, Any]) -> Spaces:
    given = index.values() if isinstance(index, Mapping) else [index]
    if all(isinstance(value, Space) for value in given):
        made: Spaces = index
        return made
    return _spaces(encoder, index, options)


def _spaces(encoder: Any, items: Any, options: Mapping[str, Any]) -> Spaces:
    if isinstance(encoder, Space) or _all_spaces(encoder):
        if items is not None:
            raise InputError("Spaces have their items already: leave items out, or give an encoder.")
        made: Spaces = encoder
        return made
    if items is None:
        raise InputError("There is nothing to encode: evaluate(encoder, items).")
    if not isinstance(encoder, Mapping):
        if isinstance(items, Mapping):
            return {name: _encoded(part, encoder, options) for name, part in items.items()}
        return _encoded(items, encoder, options)
    parts = items if isinstance(items, Mapping) else _by_domain(_loaded(items))
    unknown = [name for name in parts if name not in encoder]
    if unknown:
        raise InputError(f"No encoder came for the domains {', '.join(map(repr, unknown))}.")
    return {name: _encoded(part, encoder[name], options) for name, part in parts.items()}


def _all_spaces(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(v, Space) for v in value.values())


def _encoded(items: Any, encoder: Any, options: Mapping[str, Any]) -> Space:
    space: Space = encode(_loaded(items), encoder, **options)
    return space


def _loaded(items: Any) -> Items:
    return items if isinstance(items, Items) else load_items(items)


def _by_domain(items: Items) -> dict[str, Items]:
    domains = np.array([str(value) for value in items.column("domain")])
    return {name: items.take(domains == name) for name in dict.fromkeys(domains.tolist())}


def query_and_index(items: Items, split: str = "split") -> tuple[Items, Items | None]:
    """Take a data set's own queries and index, as its column of splits says.

    Parameters
    ----------
    items : Items
        As a folder loader gives them, for example In-shop's or UnED's.
    split : str
        The column: ``query`` and ``gallery`` (In-shop), or ``test`` and ``index`` (UnED), or ``test`` alone.

    Returns
    -------
    queries : Items
        Rows of ``query``, or of ``test`` where there is none.
    index : Items or None
        Rows of ``gallery`` or ``index``, and the queries of the domains that have no index of their own;
        None: the queries search themselves.

    Raises
    ------
    InputError
        If no row is a query.

    Examples
    --------
    >>> items = Items.from_texts(["a", "b", "c"], columns={"split": ["train", "query", "gallery"]})
    >>> [part.payloads for part in query_and_index(items)]
    [('b',), ('c',)]
    """
    values = np.array([str(value) for value in items.column(split)])
    asked = next((mask for name in _QUERY_SPLITS if (mask := values == name).any()), None)
    if asked is None:
        raise InputError(
            f"No row of the column {split!r} is {' or '.join(map(repr, _QUERY_SPLITS))}; "
            f"it holds {', '.join(sorted(set(values.tolist())))}."
        )
    searched = np.isin(values, _INDEX_SPLITS)
    if not searched.any():
        return items.take(asked), None
    has_domain = "domain" in items.columns.column_names
    domains = np.array([str(value) for value in items.column("domain")] if has_domain else [""] * len(items))
    with_index = np.isin(domains, domains[searched])
    return items.take(asked), items.take(searched | (asked & ~with_index))
