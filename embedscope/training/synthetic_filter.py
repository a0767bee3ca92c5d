"""Pairs without those that a few-shot prompt finds bad."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError
from embedscope.items.pairs import Pairs
from embedscope.training.generators import as_utf8, generator_name
from embedscope.training.near_duplicates_texts import texts_of
from embedscope.training.synthetic_answers import Asker
from embedscope.training.synthetic_made import UNREADABLE, Made
from embedscope.training.synthetic_queries import check_least
from embedscope.training.synthetic_raters import Rater, Verdict


def filter_pairs(
    pairs: Pairs,
    rater: Rater,
    *,
    least: int = 1,
    folder: str | Path | None = None,
    seed: int = 0,
    batch_size: int = 16,
) -> Made[Pairs]:
    """Keep the pairs that a rater finds good.

    Parameters
    ----------
    pairs : Pairs
        Of texts.
    rater : Rater
        For example `quality_rater`, with examples of the data's own kind.
    least : int
        Lowest score that is kept.
    folder : path, optional
        Where answers are kept as they come: the same call goes on where the last one broke off.
    seed : int
        Answers are kept by it; another seed asks again.
    batch_size : int
        Prompts a call of the generator.

    Returns
    -------
    Made of Pairs
        The good pairs, with further columns called by the rater: ``quality`` (its score), ``quality_prompt``,
        ``quality_verdict`` (its answer), ``quality_rater`` and ``quality_seed``. Hard negatives stay with
        their queries.

    Raises
    ------
    InputError
        If a column is there already, a side is no text, or ``least`` is out of the rater's range.
    GenerationError
        If the generator gives other than one text a prompt.

    Notes
    -----
    A verdict that is not readable drops the pair, and is counted by itself.

    References
    ----------
    Lee et al. 2025, arXiv 2503.07891; the prompt is ours.

    Examples
    --------
    >>> from embedscope.training.synthetic_raters import quality_rater
    >>> def rate(prompts):
    ...     return ["0" if "Document: ???" in prompt else "1" for prompt in prompts]
    >>> pairs = Pairs.from_frame(pa.table({"query": ["1 + 1", "2 + 2"], "document": ["2", "???"]}))
    >>> filter_pairs(pairs, quality_rater(rate)).kept.documents.payloads
    ('2',)
    """
    check_least(least, rater)
    new = {name: f"{rater.name}{end}" for name, end in _ENDINGS.items()}
    taken = sorted(set(new.values()) & set(pairs.columns.column_names))
    if taken:
        raise InputError(
            f"The pairs have a column {taken[0]!r} already. Give the rater another name: "
            f"dataclasses.replace(rater, name='{rater.name}_2')."
        )
    queries, documents = texts_of(pairs.queries), texts_of(pairs.documents)
    asker = Asker(folder, seed=seed, batch_size=batch_size)
    verdicts = rater.rate([(queries[q], documents[d]) for q, d in pairs.matches.tolist()], asker)
    judged = _with_verdicts(pairs, verdicts, rater, seed, new)
    reasons = [_reason(verdict, least) for verdict in verdicts]
    good = np.array([not reason for reason in reasons], np.bool_)
    dropped = pa.table(
        {
            "query": pa.array([queries[q] for q in pairs.matches[~good, 0]], pa.string()),
            "document": pa.array([documents[d] for d in pairs.matches[~good, 1]], pa.string()),
            **{name: judged.columns[name].filter(pa.array(~good)) for name in judged.columns.column_names},
            "reason": pa.array([reason for reason in reasons if reason], pa.string()),
        }
    )
    counts = {"asked": len(pairs), "kept": int(good.sum())}
    counts |= {reason: reasons.count(reason) for reason in dict.fromkeys(reasons) if reason}
    return Made(judged.take(np.flatnonzero(good)), dropped, counts)


_ENDINGS = {"score": "", "prompt": "_prompt", "verdict": "_verdict", "rater": "_rater", "seed": "_seed"}


def _reason(verdict: Verdict, least: int) -> str:
    if verdict.score is None:
        return UNREADABLE
    return "" if verdict.score >= least else f"rated below {least}"


def _with_verdicts(
    pairs: Pairs, verdicts: list[Verdict], rater: Rater, seed: int, names: dict[str, str]
) -> Pairs:
    name = generator_name(rater.generator)
    told = {
        "score": pa.array([verdict.score for verdict in verdicts], pa.int64()),
        "prompt": pa.array([as_utf8(verdict.prompt) for verdict in verdicts], pa.string()),
        "verdict": pa.array([verdict.answer for verdict in verdicts], pa.string()),
        "rater": pa.array([name] * len(verdicts), pa.string()),
        "seed": pa.array([seed] * len(verdicts), pa.int64()),
    }
    kept = {column: pairs.columns[column] for column in pairs.columns.column_names}
    return replace(pairs, columns=pa.table({**kept, **{names[key]: told[key] for key in told}}))
