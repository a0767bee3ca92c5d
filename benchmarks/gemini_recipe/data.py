"""What the recipe learns from and what is held out, by construction and by content.

    python benchmarks/gemini_recipe/data.py

prints the sizes, and how many training pairs went because they repeat a held-out text. Everything comes out
of packages (see `embedscope.items`):

| source | learned from | held out |
|---|---|---|
| docstrings | scikit-learn, networkx | scikit-image: another package |
| bitext | English with six languages of the Quran | a fifth of the chapters, and four languages |
| answers | four questions of five, in English | the others |
| newsgroups | two posts of one group, fourteen groups | six groups |

A fifth of the chapters and a part of each other source is kept for validation. Exact and near duplicates of
held-out texts are taken out of what is learned from, on either side of a pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

import embedscope as es
from embedscope._table import Table
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs
from embedscope.training.near_duplicates import remove_held_out

HELD_OUT_PACKAGE = "scikit-image"
LANGUAGES = ("ar", "es", "fr", "id", "ru", "zh")
HELD_OUT_LANGUAGES = ("bn", "sv", "tr", "ur")
SCRIPTS = {
    "Latin": ("es", "fr", "id", "sv", "tr"),
    "Arabic": ("ar", "ur"),
    "Cyrillic": ("ru",),
    "Han": ("zh",),
    "Bengali": ("bn",),
}
HELD_OUT_GROUPS = (
    "comp.graphics",
    "misc.forsale",
    "rec.autos",
    "rec.sport.hockey",
    "sci.med",
    "talk.politics.mideast",
)
# Before the query alone. Verses and posts search their own kind: mteb gives both sides the same words.
PROMPTS = {"docstrings": "Find the function: ", "answers": "Find the answer: "}
_VALIDATION, _TEST = 3, 4
_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class RecipeData:
    """Pairs by source.

    Parameters
    ----------
    train, validation : mapping of str to Pairs
        What is learned from, and what chooses the best step.
    test : mapping of str to Pairs
        What is held out: ``docstrings``, ``answers``, ``newsgroups``, and ``bitext <language>``.
    removed : mapping of str to int
        Training pairs of each source that repeated a held-out text.
    """

    train: Mapping[str, Pairs]
    validation: Mapping[str, Pairs]
    test: Mapping[str, Pairs]
    removed: Mapping[str, int]

    def to_table(self) -> Table:
        """Give the sizes: one row a source."""
        rows = []
        for name in self.train:
            mine = [pairs for part, pairs in self.test.items() if part.split()[0] == name]
            rows.append(
                {
                    "source": name,
                    "train": len(self.train[name]),
                    "removed": self.removed[name],
                    "validation": len(self.validation[name]),
                    "test": sum(map(len, mine)),
                }
            )
        return Table.from_records(rows, title="Pairs of the recipe")


@cache
def load_data(
    seed: int = 0, languages: tuple[str, ...] = LANGUAGES, held_out: tuple[str, ...] = HELD_OUT_LANGUAGES
) -> RecipeData:
    """Load all sources, split them, and take repetitions of held-out texts out of the training pairs."""
    parts = {
        "docstrings": _docstrings(seed),
        "bitext": _bitext(languages, held_out),
        "answers": _answers(seed),
        "newsgroups": _newsgroups(seed),
    }
    test = {name: pairs for _, _, held in parts.values() for name, pairs in held.items()}
    train, removed = {}, {}
    for name, (learned, validation, held) in parts.items():
        kept = learned
        for pairs in (validation, *held.values()):
            kept = remove_held_out(kept, pairs).pairs
        train[name], removed[name] = kept, len(learned) - len(kept)
    return RecipeData(train, {name: part[1] for name, part in parts.items()}, test, removed)


def _docstrings(seed: int) -> tuple[Pairs, Pairs, dict[str, Pairs]]:
    pairs = es.load_pairs("docstrings")
    is_held = np.array(pairs.columns["package"].to_pylist()) == HELD_OUT_PACKAGE
    train, validation = pairs.take(np.flatnonzero(~is_held)).split(1 - _SHARE, seed)
    return train, validation, {"docstrings": pairs.take(np.flatnonzero(is_held))}


def _answers(seed: int) -> tuple[Pairs, Pairs, dict[str, Pairs]]:
    rest, test = es.load_pairs("chatterbot").split(0.8, seed)
    train, validation = rest.split(1 - _SHARE, seed)
    return train, validation, {"answers": test}


def _bitext(learned: tuple[str, ...], held_out: tuple[str, ...]) -> tuple[Pairs, Pairs, dict[str, Pairs]]:
    languages = {name: es.load_pairs("quran", source="en", target=name) for name in (*learned, *held_out)}
    turn = {name: _turns(pairs) for name, pairs in languages.items()}
    train, validation = (
        _joined([languages[name].take(np.flatnonzero(chosen(turn[name]))) for name in learned], "bitext")
        for chosen in (lambda turns: turns < _VALIDATION, lambda turns: turns == _VALIDATION)
    )
    test = {
        f"bitext {name}": pairs.take(np.flatnonzero(turn[name] == _TEST)) for name, pairs in languages.items()
    }
    return train, validation, test


def _turns(pairs: Pairs) -> np.ndarray:
    """Number of each verse's chapter, in rounds of five."""
    chapters = [int(str(verse).split(":")[0]) for verse in pairs.columns["verse_id"].to_pylist()]
    return np.array(chapters) % 5


def _newsgroups(seed: int) -> tuple[Pairs, Pairs, dict[str, Pairs]]:
    items = es.load_items("newsgroups")
    is_held = np.isin(items.column("label").astype(str), HELD_OUT_GROUPS)
    rest, test = (_of_one_group(items.take(chosen), seed) for chosen in (~is_held, is_held))
    rows = np.random.default_rng(seed).permutation(len(rest))
    cut = round(_SHARE * len(rest))
    return rest.take(np.sort(rows[cut:])), rest.take(np.sort(rows[:cut])), {"newsgroups": test}


def _of_one_group(items: Items, seed: int) -> Pairs:
    """Pair posts of one group, each post in one pair; the group says which documents count as one."""
    rng = np.random.default_rng(seed)
    labels = items.column("label").astype(str)
    rows = [rng.permutation(np.flatnonzero(labels == name)) for name in np.unique(labels)]
    couples = np.concatenate([each[: len(each) // 2 * 2].reshape(-1, 2) for each in rows])
    frame = {
        "query": [str(items.payloads[row]) for row in couples[:, 0]],
        "document": [str(items.payloads[row]) for row in couples[:, 1]],
        "label": labels[couples[:, 0]].tolist(),
    }
    return Pairs.from_frame(pa.table(frame), name="newsgroups")


def _joined(parts: list[Pairs], name: str) -> Pairs:
    frames = [
        {
            "query": [str(pairs.queries.payloads[row]) for row in pairs.matches[:, 0]],
            "document": [str(pairs.documents.payloads[row]) for row in pairs.matches[:, 1]],
        }
        for pairs in parts
    ]
    return Pairs.from_frame(pa.concat_tables([pa.table(frame) for frame in frames]), name=name)


if __name__ == "__main__":
    print(load_data().to_table())
