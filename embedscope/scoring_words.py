"""From words to retrieval scores: what the magics and the command line share."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa

import embedscope as es
from embedscope._errors import InputError, MissingError, StoreError
from embedscope.domain_words import read_encoder, read_items
from embedscope.evaluation.evaluate import query_and_index
from embedscope.evaluation.retrieval_scores import RetrievalScores
from embedscope.evaluation.task_scores import TaskScores
from embedscope.evaluation.tasks import evaluate_tasks
from embedscope.notebook_names import Names
from embedscope.views.answers.export import ExportFormat, frame_bytes

_OF_ENCODING = ("device", "role", "task", "batch_size", "dims")
_OF_TASKS = ("device", "batch_size", "dims", "size")


def score(options: argparse.Namespace, names: Names) -> RetrievalScores | TaskScores:
    """Score the encoder on items or tasks that words name, and write the failures if they are asked for.

    Parameters
    ----------
    options : Namespace
        What `training_arguments.add_evaluate_arguments` reads.
    names : Names
        Variables that words may stand for.

    Returns
    -------
    RetrievalScores or TaskScores
        As `embedscope.evaluate` gives it.

    Raises
    ------
    InputError
        If options do not go together.
    MissingError
        If there are no items, or a run has left no model yet.
    """
    target = None if options.failures is None else _failures_path(options.failures)
    scores = _score(options, names) if options.tasks is None else _score_tasks(options, names)
    if target is not None:
        write_failures(scores, target)
    return scores


def _score(options: argparse.Namespace, names: Names) -> RetrievalScores:
    encoder = read_encoder(options.encoder, names)
    if isinstance(encoder, es.Run):
        encoder = encoder.model
    given = {name: getattr(options, name) for name in _OF_ENCODING if getattr(options, name) is not None}
    how: dict[str, Any] = {"against": options.against, "label": options.label}
    if options.ks is not None:
        how["ks"] = options.ks
    if isinstance(encoder, es.Space):
        _refuse_encoding(options, given)
        return es.evaluate(encoder, **how)
    queries, index = _queries_and_index(options, names)
    # Else it would be told only when all is encoded.
    _check_label(queries, options.label)
    _check_label(index, options.label)
    return es.evaluate(encoder, queries, index=index, **how, **given)


def _score_tasks(options: argparse.Namespace, names: Names) -> TaskScores:
    wrong = [name for name, is_there in _of_items(options).items() if is_there]
    if wrong:
        raise InputError(f"Tasks bring their own items: leave {wrong[0]} out, or --tasks.")
    encoder = read_encoder(options.encoder, names)
    given = {name: getattr(options, name) for name in _OF_TASKS if getattr(options, name) is not None}
    chosen = encoder.model if isinstance(encoder, es.Run) else encoder
    return evaluate_tasks(chosen, options.tasks, seed=options.seed, **given)


def _of_items(options: argparse.Namespace) -> dict[str, bool]:
    return {
        "ITEMS": bool(options.items),
        "--index": bool(options.index),
        "--split": options.split is not None,
        "--own-splits": options.own_splits,
        "--sample": options.sample is not None,
    }


def _refuse_encoding(options: argparse.Namespace, given: Mapping[str, Any]) -> None:
    others = {**_of_items(options), **{f"--{name.replace('_', '-')}": True for name in given}}
    wrong = [name for name, is_there in others.items() if is_there]
    if wrong:
        raise InputError(f"{options.encoder!r} is a space, encoded already: leave {wrong[0]} out.")


def _queries_and_index(options: argparse.Namespace, names: Names) -> tuple[Any, Any]:
    if not options.items:
        raise MissingError(f"What shall {options.encoder!r} encode? Write ITEMS after it, or DOMAIN=ITEMS.")
    if options.own_splits and options.index:
        raise InputError("--own-splits takes the index from the items: leave --index out.")
    drawn = {"sample": options.sample, "seed": options.seed}
    items = read_items(options.items, names, split=options.split, **drawn)
    if options.own_splits:
        return _own_splits(items)
    return items, read_items(options.index, names, **drawn) if options.index else None


def _check_label(items: Any, label: str) -> None:
    given = items.values() if isinstance(items, dict) else [] if items is None else [items]
    for part in given:
        if label not in part.columns.column_names:
            known = ", ".join(part.columns.column_names) or "none"
            raise MissingError(
                f"The items {part.name!r} have no column {label!r}; their columns: {known}. Name the one "
                "that holds the classes with --label."
            )


def _own_splits(items: Any) -> tuple[Any, Any]:
    if not isinstance(items, dict):
        return query_and_index(items)
    parts = {name: query_and_index(part) for name, part in items.items()}
    queries = {name: asked for name, (asked, _) in parts.items()}
    if all(index is None for _, index in parts.values()):
        return queries, None
    return queries, {name: asked if index is None else index for name, (asked, index) in parts.items()}


def _failures_path(path: str) -> Path:
    place = Path(path).expanduser()
    known = [f".{name}" for name in get_args(ExportFormat)]
    if place.suffix.lower() not in known:
        raise InputError(f"--failures takes a file that ends with {', '.join(known)}; {path!r} came.")
    if not place.parent.is_dir():
        raise InputError(f"--failures: there is no folder {str(place.parent)!r}.")
    return place


def failures_frame(scores: RetrievalScores | TaskScores) -> pa.Table:
    """List what failed: queries whose nearest item is of another class, in each index; or of each task.

    Parameters
    ----------
    scores : RetrievalScores or TaskScores
        Of `embedscope.evaluate`.

    Returns
    -------
    pyarrow.Table
        ``searched`` (own or merged; of tasks ``in_task``), then what their ``failures`` tell.

    Examples
    --------
    >>> space = es.Space.from_arrays([[1, 0], [1, 0.1], [1, 0.2], [0, 1]], columns={"label": list("abab")})
    >>> failures_frame(es.evaluate(space)).column_names[:2]
    ['searched', 'id']
    """
    if isinstance(scores, TaskScores):
        found = [("in_task", name, scores[name].failures().to_frame()) for name in scores.names]
    else:
        found = [("searched", index, scores.failures(index=index).to_frame()) for index in scores.indexes]
    parts = []
    for name, value, frame in found:
        while name in frame.column_names:
            name += "_"
        parts.append(frame.add_column(0, name, pa.array([value] * frame.num_rows, pa.string())))
    return pa.concat_tables(_alike(parts), promote_options="permissive")


def _alike(parts: list[pa.Table]) -> list[pa.Table]:
    """Make text of columns that are numbers in one part and text in another, as what a task expected."""
    kinds: dict[str, set[bool]] = {}
    for part in parts:
        for field in part.schema:
            kinds.setdefault(field.name, set()).add(pa.types.is_string(field.type))
    mixed = {name for name, seen in kinds.items() if len(seen) > 1}
    return [
        part.cast(pa.schema([f.with_type(pa.string()) if f.name in mixed else f for f in part.schema]))
        for part in parts
    ]


def write_failures(scores: RetrievalScores | TaskScores, path: Path) -> None:
    """Write `failures_frame` to a file.

    Parameters
    ----------
    scores : RetrievalScores or TaskScores
        Of `embedscope.evaluate`.
    path : Path
        A .csv, .json or .parquet file.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    content = frame_bytes(failures_frame(scores), path.suffix.lower().removeprefix("."))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error}.") from error
