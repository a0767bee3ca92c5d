"""From the rows of results to the table, the verdicts and the figure that the README shows.

    python benchmarks/gemini_recipe/report.py benchmarks/gemini_recipe/results/cpu

writes table.md and types.svg beside the rows; a part of the rows gives a part of the table.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from data import HELD_OUT_LANGUAGES, SCRIPTS
from recipe import ABLATIONS, NO_MATRYOSHKA, SHORT_DIMS, short_key

sys.path.append(str(Path(__file__).parents[1]))

from dot_panels import draw_panels

_SECOND = "recipe/stage-2"
_UNMADE = f"{NO_MATRYOSHKA.name}/stage-2"
_TITLES = {
    "untrained-mean": "untrained, mean of the tokens",
    "untrained-last": "untrained, last token",
    "recipe/stage-1": "stage 1 alone",
    _SECOND: "both stages, no soup",
    "soup": "the whole recipe, with the soup",
    **{f"{one.name}/stage-2": f"both stages, no soup, {one.title}" for one in ABLATIONS},
    short_key(_SECOND): f"both stages, no soup; first {SHORT_DIMS} numbers",
    short_key(_UNMADE): f"both stages, no soup, no Matryoshka; first {SHORT_DIMS} numbers",
    "minilm": "MiniLM",
    "use-multilingual": "USE-multilingual",
    "e5-small": "multilingual-e5-small, 4 bits",
}
# The table has them all; the figure shows where the recipe stands.
_DRAWN = ("untrained-mean", "recipe/stage-1", "soup", "minilm", "use-multilingual", "e5-small")
TYPES = (
    "classification",
    "clustering",
    "similarity",
    "pair classification",
    "reranking",
    "retrieval",
    "code",
    "bitext",
)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    title : str
        In words.
    seeds : sequence of mapping
        (type, task, subset) to the value, a mapping a seed.
    """

    title: str
    seeds: tuple[Mapping[tuple[str, str, str], float], ...]

    def of_type(self, kind: str) -> np.ndarray:
        """Mean of a type's tasks, a number a seed; NaN where the row has none."""
        return np.array([_mean_of_tasks(seed, kind) for seed in self.seeds])

    def of_task(self, task: str, subsets: tuple[str, ...] | None = None) -> float:
        """Mean over the seeds and the subsets of a task."""
        found = [
            value
            for seed in self.seeds
            for (_, name, subset), value in seed.items()
            if name == task and (subsets is None or subset in subsets)
        ]
        return float(np.mean(found)) if found else float("nan")

    @property
    def means(self) -> np.ndarray:
        """Mean of the types, a number a seed."""
        return np.mean([self.of_type(kind) for kind in TYPES], axis=0)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds of the mean of the types; NaN with one seed."""
        return float(self.means.std(ddof=1)) if len(self.seeds) > 1 else float("nan")


def _mean_of_tasks(seed: Mapping[tuple[str, str, str], float], kind: str) -> float:
    by_task: dict[str, list[float]] = defaultdict(list)
    for (one, task, _), value in seed.items():
        if one == kind:
            by_task[task].append(value)
    return float(np.mean([np.mean(values) for values in by_task.values()])) if by_task else float("nan")


def read_rows(results: Path) -> dict[str, Row]:
    """Read the scores, seeds of one row together, in the table's order."""
    values: dict[str, dict[str, dict[tuple[str, str, str], float]]] = defaultdict(dict)
    for line in (results / "test.jsonl").read_text().splitlines():
        row = json.loads(line)
        name, _, seed = row["row"].partition("/seed-")
        values[name].setdefault(seed, {})[row["type"], row["task"], row["subset"]] = row["value"]
    return {
        name: Row(title, tuple(values[name].values())) for name, title in _TITLES.items() if name in values
    }


def write_report(results: Path) -> None:
    """Write table.md and types.svg."""
    rows = read_rows(results)
    said = [*verdicts(rows), *_of_soup(results / "runs.jsonl")]
    parts = [types_table(rows), scripts_table(rows), "\n".join(said), tasks_table(rows)]
    text = "\n\n".join(part for part in parts if part)
    (results / "table.md").write_text(text + "\n", encoding="utf-8")
    drawn = [rows[name] for name in _DRAWN if name in rows]
    values = {row.title: {kind: list(row.of_type(kind)) for kind in TYPES} for row in drawn}
    draw_panels(values, results / "types.svg", marked=(_TITLES["soup"],), width=11)
    print(text)


def types_table(rows: Mapping[str, Row]) -> str:
    """Mean of the tasks by type, and of the types."""
    lines = [
        "Mean of mteb's main measures by type of task, over texts that nothing was learned from; ± is the "
        "standard deviation over the seeds of the second stage.",
        "",
        _line(["", *TYPES, "mean of types"]),
        _line(["---", *["---:"] * (len(TYPES) + 1)]),
    ]
    for row in rows.values():
        cells = [_number(float(row.of_type(kind).mean())) for kind in TYPES]
        mean = _number(float(row.means.mean()))
        lines.append(
            _line([row.title, *cells, mean if np.isnan(row.spread) else f"{mean} ± {row.spread:.3f}"])
        )
    return "\n".join(lines)


def scripts_table(rows: Mapping[str, Row]) -> str:
    """F1 of the Quran's bitext by script; languages that nothing was learned from apart."""
    heads = [*SCRIPTS, "languages held out"]
    lines = [
        "F1 of verses in held-out chapters, by script (and for "
        f"{', '.join(HELD_OUT_LANGUAGES)}, of which nothing was learned).",
        "",
        _line(["", *heads]),
        _line(["---", *["---:"] * len(heads)]),
    ]
    groups = [*SCRIPTS.values(), HELD_OUT_LANGUAGES]
    lines += [
        _line([row.title, *[_number(_bitext(row, languages)) for languages in groups]])
        for row in rows.values()
    ]
    return "\n".join(lines)


def _bitext(row: Row, languages: tuple[str, ...]) -> float:
    return row.of_task("quran-bitext", tuple(f"{one}-en" for one in languages))


def tasks_table(rows: Mapping[str, Row]) -> str:
    """Every task."""
    tasks = list(dict.fromkeys(key[1] for row in rows.values() for seed in row.seeds for key in seed))
    lines = ["Each task.", "", _line(["", *tasks]), _line(["---", *["---:"] * len(tasks)])]
    lines += [_line([row.title, *[_number(row.of_task(task)) for task in tasks]]) for row in rows.values()]
    return "\n".join(lines)


def verdicts(rows: Mapping[str, Row]) -> list[str]:
    """What the numbers say of the claims, in sentences."""
    trained, untrained = rows.get("soup"), rows.get("untrained-mean")
    if trained is None or untrained is None:
        return []
    behind = [k for k in TYPES if not trained.of_type(k).mean() > untrained.of_type(k).mean()]
    said = [
        "- The recipe is ahead of the untrained decoder (mean of the tokens) on every type: "
        + (f"no, not on {', '.join(behind)}." if behind else "yes.")
    ]
    if "minilm" in rows:
        ours, theirs = trained.of_task("docstrings"), rows["minilm"].of_task("docstrings")
        word = "ahead of" if ours > theirs else "not ahead of"
        said.append(f"- Docstring to code: {ours:.3f}, {word} MiniLM ({theirs:.3f}).")
    if "e5-small" in rows:
        said.extend(_gaps(trained, untrained, rows["e5-small"]))
    whole = rows.get(_SECOND)
    for one in ABLATIONS:
        said.extend(_against(whole, rows.get(f"{one.name}/stage-2"), one.title))
    short, unmade = rows.get(short_key(_SECOND)), rows.get(short_key(_UNMADE))
    said.extend(_against(short, unmade, f"no Matryoshka, of the first {SHORT_DIMS} numbers"))
    if whole is not None:
        gap = float(trained.means.mean() - whole.means.mean())
        word = "more than" if gap > whole.spread else "not more than"
        said.append(f"- The soup adds {gap:+.4f} mean of types, {word} the spread ({whole.spread:.4f}).")
    return said


def _gaps(trained: Row, untrained: Row, known: Row) -> list[str]:
    said = []
    for name, languages in (*SCRIPTS.items(), ("languages held out", HELD_OUT_LANGUAGES)):
        low, mid, high = (_bitext(row, languages) for row in (untrained, trained, known))
        closed = (mid - low) / (high - low)
        said.append(f"{name} {closed:.0%} ({low:.3f} to {mid:.3f}; e5-small {high:.3f})")
    return ["- Of the gap to e5-small on bitext the recipe closes: " + "; ".join(said) + "."]


def _of_soup(path: Path) -> list[str]:
    """Tell whether the soup is a mean at all: it keeps one only where that validates better."""
    runs = [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []
    return [
        f"- The soup took {run['taken']} of the {run['tried']} models and checkpoints of the recipe's seeds"
        + (": no mean validated better than the best of them." if run["taken"] == 1 else ".")
        for run in runs
        if run["key"] == "soup"
    ]


def _against(whole: Row | None, other: Row | None, title: str) -> list[str]:
    if whole is None or other is None:
        return []
    gap, spread = float(whole.means.mean() - other.means.mean()), _larger(whole, other)
    word = "ahead by more than" if gap > spread else "not ahead by more than"
    return [f"- Against {title}: {gap:+.4f} mean of types, {word} the spread ({spread:.4f})."]


def _larger(one: Row, other: Row) -> float:
    return float(np.nanmax([one.spread, other.spread, 0.0]))


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    write_report(Path(sys.argv[1]))
