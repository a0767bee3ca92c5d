"""Synthetic queries for passages, kept only where an auto-rater finds the passage relevant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs
from embedscope.training.generators import PromptsToTexts, as_utf8, generator_name
from embedscope.training.near_duplicates_texts import normalise_text, texts_of
from embedscope.training.synthetic_answers import Asker
from embedscope.training.synthetic_made import UNREADABLE, Made, settle_rows
from embedscope.training.synthetic_prompts import QUERY_STYLES, query_prompt
from embedscope.training.synthetic_raters import Rater

NO_LINE = "not one line of text"
REPEATED = "asked of this passage before"

_QUOTES = {'"': '"', "'": "'", "“": "”", "«": "»"}


def synthetic_queries(
    passages: Items,
    writer: PromptsToTexts,
    rater: Rater,
    *,
    per_passage: int = 1,
    least: int = 2,
    folder: str | Path | None = None,
    seed: int = 0,
    batch_size: int = 16,
) -> Made[Pairs]:
    """Have queries written for passages, and keep those that the passage answers.

    Parameters
    ----------
    passages : Items
        Texts.
    writer : callable
        Writes the queries: prompts to texts.
    rater : Rater
        Rates query and passage, for example `relevance_rater`.
    per_passage : int
        Queries a passage, each in another style as far as there are styles.
    least : int
        Lowest score that is kept.
    folder : path, optional
        Where answers are kept as they come: the same call goes on where the last one broke off.
    seed : int
        Chooses the styles.
    batch_size : int
        Prompts a call of a generator.

    Returns
    -------
    Made of Pairs
        All passages as documents; a match for each query that was kept, with the columns ``style``,
        ``prompt``, ``writer``, ``rater_prompt``, ``verdict`` (the rater's answer), ``score``, ``rater``
        and ``seed``.

    Raises
    ------
    InputError
        If ``per_passage`` is less than 1, ``least`` is out of the rater's range, or a passage is no text.
    GenerationError
        If a generator gives other than one text a prompt.

    Notes
    -----
    Dropped and counted: answers that are not one line of text, queries that repeat one of the same passage,
    verdicts that are not readable, and scores below ``least``.

    References
    ----------
    Lee et al. 2025, arXiv 2503.07891; the prompts are ours.

    Examples
    --------
    >>> from embedscope.training.synthetic_raters import relevance_rater
    >>> def write(prompts):
    ...     return ["why " + prompt.split()[-1] + "?" for prompt in prompts]
    >>> def rate(prompts):
    ...     return ["3" if "rain" in prompt else "0" for prompt in prompts]
    >>> made = synthetic_queries(Items.from_texts(["On rain", "On snow"]), write, relevance_rater(rate))
    >>> made.kept.queries.payloads, made.counts["rated below 2"]
    (('why rain?',), 1)
    """
    if per_passage < 1:
        raise InputError(f"per_passage must be 1 or more; got {per_passage}.")
    check_least(least, rater)
    asker = Asker(folder, seed=seed, batch_size=batch_size)
    rows = _written(passages, writer, per_passage, asker)
    _rate(rows, texts_of(passages), rater, least, asker)
    schema = pa.schema(
        {
            "passage": pa.array(list(passages.ids)).type if len(passages) else pa.int64(),
            "query": pa.string(),
            "style": pa.string(),
            "prompt": pa.string(),
            "writer": pa.string(),
            "rater_prompt": pa.string(),
            "verdict": pa.string(),
            "score": pa.int64(),
            "rater": pa.string(),
            "seed": pa.int64(),
        }
    )
    kept, dropped, counts = settle_rows(rows, schema)
    return Made(_as_pairs(passages, kept), dropped, counts)


def check_least(least: int, rater: Rater) -> None:
    """Refuse a lowest score that a rater cannot give, or gives to everything.

    Parameters
    ----------
    least : int
        Lowest score that is kept.
    rater : Rater
        Who rates.

    Raises
    ------
    InputError
        If it is not above the rater's lowest score and at most its highest.
    """
    if not rater.low < least <= rater.high:
        raise InputError(
            f"least={least} came; {rater.name} is rated from {rater.low} to {rater.high}, so that "
            f"least lies from {rater.low + 1} to {rater.high}."
        )


def _written(passages: Items, writer: PromptsToTexts, per_passage: int, asker: Asker) -> list[dict[str, Any]]:
    rng = np.random.default_rng(asker.seed)
    rows: list[dict[str, Any]] = []
    for place, text in enumerate(texts_of(passages)):
        order = rng.permutation(len(QUERY_STYLES))
        for number in range(per_passage):
            style = QUERY_STYLES[order[number % len(order)]]
            prompt = as_utf8(query_prompt(text, style))
            rows.append({"place": place, "passage": passages.ids[place], "style": style, "prompt": prompt})
    answers = asker.ask(writer, [row["prompt"] for row in rows], "writing queries")
    name, known = generator_name(writer), set()
    for row, answer in zip(rows, answers, strict=True):
        query = one_line(answer)
        said = (row["place"], normalise_text(query))
        reason = NO_LINE if not query else REPEATED if said in known else None
        known.add(said)
        row |= {"query": query or answer, "writer": name, "seed": asker.seed, "reason": reason}
    return rows


def _rate(
    rows: Sequence[dict[str, Any]], texts: Sequence[str], rater: Rater, least: int, asker: Asker
) -> None:
    asked = [row for row in rows if row["reason"] is None]
    verdicts = rater.rate([(row["query"], texts[row["place"]]) for row in asked], asker)
    for row, verdict in zip(asked, verdicts, strict=True):
        low = verdict.score is not None and verdict.score < least
        row |= {
            "rater": generator_name(rater.generator),
            "rater_prompt": as_utf8(verdict.prompt),
            "verdict": verdict.answer,
            "score": verdict.score,
            "reason": UNREADABLE if verdict.score is None else f"rated below {least}" if low else None,
        }


def _as_pairs(passages: Items, kept: pa.Table) -> Pairs:
    texts = kept["query"].to_pylist()
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    matches = np.stack(
        [
            np.array([numbers[text] for text in texts], np.int64),
            passages.rows_of(kept["passage"].to_pylist()),
        ],
        axis=1,
    )
    queries = Items.from_texts(
        list(numbers), ids=[f"q{number}" for number in numbers.values()], name="queries"
    )
    columns = kept.drop_columns(["passage", "query"])
    return Pairs(queries, passages, matches, columns=columns, name=f"queries for {passages.name}")


def one_line(answer: str) -> str:
    r"""Read an answer that should be one line of text.

    Parameters
    ----------
    answer : str
        Any.

    Returns
    -------
    str
        The line, without quotation marks around it; nothing if there are more lines or none.

    Examples
    --------
    >>> one_line(' "how far is it?"\n'), one_line("Here it is:\nhow far?")
    ('how far is it?', '')
    """
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    if len(lines) != 1:
        return ""
    line = lines[0]
    if len(line) > 1 and _QUOTES.get(line[0]) == line[-1]:
        line = line[1:-1].strip()
    return line
