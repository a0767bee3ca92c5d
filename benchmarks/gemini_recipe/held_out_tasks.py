"""Tasks of every type over what the recipe holds out; mteb's own evaluators judge them.

Of the newsgroups six groups are held out, of the Quran a fifth of the chapters and four languages, of the
docstrings a package, of the questions a fifth; the rest (Reuters, mails, rated pairs, human rights) was never
learned from. Every text is cut to its first 400 characters, for every encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from data import HELD_OUT_GROUPS, HELD_OUT_LANGUAGES, LANGUAGES

import embedscope as es
from embedscope.evaluation.mteb_tasks import (
    bitext_task,
    classification_task,
    clustering_task,
    pair_classification_task,
    reranking_task,
    retrieval_task,
)
from embedscope.evaluation.task_data import pair_halves
from embedscope.evaluation.task_local import BUILDERS, LOCAL
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs

_CHARACTERS = 400
_LOCAL = ("reuters", "spam", "reuters-clustering", "lee50", "simlex", "wordsim", "udhr-bitext")


def held_out_tasks(test: Mapping[str, Pairs], size: int, seed: int = 0) -> list[Any]:
    """Make the tasks.

    Parameters
    ----------
    test : mapping of str to Pairs
        From `data.load_data`.
    size : int
        Most items, pairs or queries of a task; half as many verses a language.
    seed : int
        For the draws.

    Returns
    -------
    list of mteb tasks
        Each type has one at least.
    """
    groups = {side: _held_out_groups(side) for side in ("train", "test")}
    asked = _cut(groups["test"].sample(size, seed))
    ids, verses = _verses(test, size // 2, seed)
    languages = (*LANGUAGES, *HELD_OUT_LANGUAGES)
    halves = pair_halves(groups["test"], size, seed)
    return [
        classification_task("newsgroups", _cut(groups["train"].sample(2 * size, seed)), asked),
        clustering_task("newsgroups-clustering", asked),
        pair_classification_task("newsgroups-pairs", _cut(halves)),
        reranking_task("answers", _cut(test["answers"]), size=size, seed=seed),
        retrieval_task("docstrings", _cut(test["docstrings"]), code=True),
        _verse_search(ids, verses, languages),
        bitext_task("quran-bitext", verses, [(one, "en") for one in languages], ids=ids),
        *(_local(name, size, seed) for name in _LOCAL),
    ]


def _local(name: str, size: int, seed: int) -> Any:
    """Make a task of embedscope's own, its texts cut."""
    one = LOCAL[name]
    given = one.read(size, seed)
    cut = {key: part if key == "languages" else _cut(part) for key, part in given.items()}
    return BUILDERS[one.kind](name, **cut)


def _cut(part: Any) -> Any:
    """Cut the texts of items, of pairs, or of languages by name; anything else stays."""
    if isinstance(part, Items):
        cut = (None if text is None else str(text)[:_CHARACTERS] for text in part.payloads)
        return replace(part, payloads=tuple(cut))
    if isinstance(part, Pairs):
        return replace(part, queries=_cut(part.queries), documents=_cut(part.documents))
    if isinstance(part, Mapping):
        return {name: [text[:_CHARACTERS] for text in texts] for name, texts in part.items()}
    return part


def _held_out_groups(side: str) -> Items:
    items = es.load_items("newsgroups", split=side)
    return items.take(np.flatnonzero(np.isin(items.column("label").astype(str), HELD_OUT_GROUPS)))


def _verses(test: Mapping[str, Pairs], size: int, seed: int) -> tuple[list[str], dict[str, list[str]]]:
    """Give verses that every language has, in each language; none that reads like another."""
    texts: dict[str, dict[str, str]] = {}
    for name in (*LANGUAGES, *HELD_OUT_LANGUAGES):
        pairs = test[f"bitext {name}"]
        names = [str(verse) for verse in pairs.columns["verse_id"].to_pylist()]
        sides = ((pairs.queries, "en", 0), (pairs.documents, name, 1))
        for items, code, column in sides:
            said = [str(items.payloads[row]) for row in pairs.matches[:, column]]
            texts[code] = dict(zip(names, said, strict=True))
    common = sorted(set.intersection(*(set(by_verse) for by_verse in texts.values())))
    kept, seen = [], {code: set() for code in texts}
    for verse in np.random.default_rng(seed).permutation(common).tolist():
        said = {code: by_verse[verse] for code, by_verse in texts.items()}
        if len(kept) < size and not any(text in seen[code] for code, text in said.items()):
            kept.append(verse)
            for code, text in said.items():
                seen[code].add(text)
    return kept, _cut({code: [by_verse[verse] for verse in kept] for code, by_verse in texts.items()})


def _verse_search(ids: list[str], verses: Mapping[str, list[str]], languages: tuple[str, ...]) -> Any:
    """Each verse asks once, in one of the languages; the English verses are searched."""
    spoken = [languages[place % len(languages)] for place in range(len(ids))]
    queries = [verses[code][place] for place, code in enumerate(spoken)]
    names = [f"{code}/{verse}" for code, verse in zip(spoken, ids, strict=True)]
    matches = np.stack([np.arange(len(ids))] * 2, axis=1)
    documents = Items.from_texts(verses["en"], ids=[f"en/{verse}" for verse in ids])
    pairs = Pairs(Items.from_texts(queries, ids=names), documents, matches, name="verses")
    return retrieval_task("verses", pairs)
