"""Synthetic classification data: who writes, about what, with which label, and if it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.items.warn import warn
from embedscope.training.generators import GenerationError, PromptsToTexts, as_utf8, generator_name
from embedscope.training.near_duplicates import find_duplicates
from embedscope.training.synthetic_answers import Asker
from embedscope.training.synthetic_made import UNREADABLE, Made, settle_rows
from embedscope.training.synthetic_plan import ClassificationPlan, Stage, read_label, read_list, tail_length
from embedscope.training.synthetic_prompts import label_prompt, labelled_text_prompt, list_prompt

NO_TEXT = "no text"
NEARLY_REPEATED = "nearly the same as an earlier text"
OTHER_LABEL = "the rater reads another label"


def synthetic_classification(
    plan: ClassificationPlan,
    writer: PromptsToTexts,
    rater: PromptsToTexts,
    n: int,
    *,
    folder: str | Path | None = None,
    seed: int = 0,
    batch_size: int = 16,
) -> Made[Items]:
    r"""Have texts with labels written, each for somebody and something invented first; keep the clear ones.

    Parameters
    ----------
    plan : ClassificationPlan
        Labels and stages.
    writer : callable
        Invents and writes: prompts to texts.
    rater : callable
        Says which label a text has, without knowing which one it should have: prompts to texts.
    n : int
        Texts to be written; labels take turns, so they come equally often before texts are dropped.
    folder : path, optional
        Where answers are kept as they come: the same call goes on where the last one broke off.
    seed : int
        Draws from the lists' tails, and shuffles the labels.
    batch_size : int
        Prompts a call of a generator.

    Returns
    -------
    Made of Items
        The texts with the columns ``label``; a column a stage (``user``, ``product``) and its prompt
        (``user_prompt``, ...); ``prompt``, ``writer``, ``rater_prompt``, ``verdict``, ``rater``, ``seed``.
        The id is the number of the text among the n.

    Raises
    ------
    InputError
        If ``n`` is less than 1.
    GenerationError
        If a generator gives other than one text a prompt, or no list can be read.

    Notes
    -----
    Tail sampling: a model asked for a list begins with what it always begins with, so entries are drawn from
    the last part of it (``plan.tail``). Dropped and counted: empty texts, texts with a Jaccard similarity of
    0.8 or more with an earlier one, verdicts that are not readable, verdicts for another label.

    References
    ----------
    Lee et al. 2025, arXiv 2503.07891 (conditioning by stages); the prompts and the check by a rater that
    does not know the label are ours.

    Examples
    --------
    >>> def write(prompts):
    ...     return ["1. one\n2. two" if "List" in p else p[-70:] + p[:99] for p in prompts]
    >>> def rate(prompts):
    ...     return ["good" if "it is: praise" in prompt else "bad" for prompt in prompts]
    >>> plan = ClassificationPlan({"good": "praise", "bad": "blame"}, list_length=2, per_list=1)
    >>> synthetic_classification(plan, write, rate, 1).counts
    {'asked': 1, 'kept': 1}
    """
    if n < 1:
        raise InputError(f"n must be 1 or more; got {n}.")
    asker = Asker(folder, seed=seed, batch_size=batch_size)
    rng = np.random.default_rng(seed)
    conditions = _conditions(plan, writer, n, asker, rng)
    rows = _written(plan, conditions, writer, asker, rng)
    _check_labels(plan, rows, rater, asker)
    stage_columns = [name for stage in plan.stage_names for name in (stage, f"{stage}_prompt")]
    texts = ("label", *stage_columns, "prompt", "writer", "rater_prompt", "verdict", "rater")
    schema = pa.schema(
        {"id": pa.int64(), "text": pa.string(), **dict.fromkeys(texts, pa.string()), "seed": pa.int64()}
    )
    kept, dropped, counts = settle_rows(rows, schema)
    columns = kept.drop_columns(["id", "text"])
    items = Items.from_texts(
        kept["text"].to_pylist(), ids=kept["id"].to_pylist(), columns=columns, name=plan.kind
    )
    return Made(items, dropped, counts)


@dataclass(frozen=True)
class _Condition:
    """What was invented for a text so far, and with which prompts."""

    values: dict[str, str]
    prompts: dict[str, str]

    def with_stage(self, stage: Stage, value: str, prompt: str) -> _Condition:
        return _Condition(
            {**self.values, stage.name: value}, {**self.prompts, f"{stage.name}_prompt": as_utf8(prompt)}
        )


def _conditions(
    plan: ClassificationPlan, writer: PromptsToTexts, n: int, asker: Asker, rng: np.random.Generator
) -> list[_Condition]:
    # From the last stage back: how many of each are needed for n texts.
    needed = [n]
    for _ in plan.stages[1:]:
        needed.insert(0, -(-needed[0] // plan.per_list))
    found = [_Condition({}, {})]
    for place, (stage, count) in enumerate(zip(plan.stages, needed, strict=True)):
        if place == 0:
            n_lists = -(-count // plan.drawn_from)
            found = _next_stage(plan, stage, found * n_lists, plan.drawn_from, writer, asker, rng)
        else:
            found = _next_stage(plan, stage, found, plan.per_list, writer, asker, rng)
        found = found[:count]
    if len(found) < n:
        warn(
            f"The lists were shorter than asked for: {len(found):,} texts are written instead of {n:,}. "
            "Ask for longer lists (list_length=), or use another generator."
        )
    return found


def _next_stage(
    plan: ClassificationPlan,
    stage: Stage,
    known: Sequence[_Condition],
    drawn: int,
    writer: PromptsToTexts,
    asker: Asker,
    rng: np.random.Generator,
) -> list[_Condition]:
    prompts = [
        list_prompt(stage.subject, plan.list_length, number + 1, one.values)
        for number, one in enumerate(known)
    ]
    answers = asker.ask(writer, prompts, f"inventing: {stage.name}")
    found: list[_Condition] = []
    said: set[tuple[str, ...]] = set()
    for one, prompt, answer in zip(known, prompts, answers, strict=True):
        entries = read_list(answer)
        tail = entries[len(entries) - tail_length(len(entries), plan.tail) :]
        for place in rng.permutation(len(tail))[:drawn]:
            new = one.with_stage(stage, tail[place], prompt)
            key = tuple(value.casefold() for value in new.values.values())
            if key not in said:
                said.add(key)
                found.append(new)
    if not found:
        raise _no_list(stage, writer, answers)
    return found


def _no_list(stage: Stage, writer: PromptsToTexts, answers: Sequence[str]) -> GenerationError:
    return GenerationError(
        f"{generator_name(writer)} gave no list for the stage {stage.name!r}: of {len(answers)} answers none "
        f"has a line that begins with a number, as '1. ...'. The first one begins: {answers[0][:80]!r}."
    )


def _written(
    plan: ClassificationPlan,
    conditions: Sequence[_Condition],
    writer: PromptsToTexts,
    asker: Asker,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    names = list(plan.labels)
    turns = [
        names[place] for _ in range(0, len(conditions), len(names)) for place in rng.permutation(len(names))
    ]
    rows: list[dict[str, Any]] = []
    for number, (one, label) in enumerate(zip(conditions, turns, strict=False)):
        prompt = as_utf8(labelled_text_prompt(plan.kind, label, plan.labels[label], one.values))
        rows.append({"id": number, "label": label, **one.values, **one.prompts, "prompt": prompt})
    answers = asker.ask(writer, [row["prompt"] for row in rows], f"writing: {plan.kind}")
    repeated = set(find_duplicates(answers).rows.tolist())
    for place, (row, answer) in enumerate(zip(rows, answers, strict=True)):
        reason = NO_TEXT if not answer.strip() else NEARLY_REPEATED if place in repeated else None
        told = {"text": answer.strip(), "writer": generator_name(writer), "seed": asker.seed}
        row |= {**told, "reason": reason}
    return rows


def _check_labels(
    plan: ClassificationPlan, rows: Sequence[dict[str, Any]], rater: PromptsToTexts, asker: Asker
) -> None:
    asked = [row for row in rows if row["reason"] is None]
    prompts = [as_utf8(label_prompt(plan.kind, row["text"], plan.labels)) for row in asked]
    answers = asker.ask(rater, prompts, "rating labels")
    for row, prompt, answer in zip(asked, prompts, answers, strict=True):
        read = read_label(answer, plan.labels)
        reason = UNREADABLE if read is None else OTHER_LABEL if read != row["label"] else None
        told = {"rater_prompt": prompt, "verdict": answer, "rater": generator_name(rater)}
        row |= {**told, "reason": reason}
