"""From the rows of results to the table, the verdicts and the figure that the README shows.

    python benchmarks/universal/report.py results/cpu

writes table.md and recall.svg beside the rows; a part of the runs gives a part of the table.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from domains import DOMAINS
from methods import FUSED, SPECIALIST, STUDENTS
from picture import draw_recall

_PIXELS, _BACKBONE = "pixels", "backbone"
_WATCHED = "recall_at_1"
_TITLES = {
    _PIXELS: "raw pixels, 16 × 16",
    _BACKBONE: "backbone, untouched",
    **{method.name: method.title for method in (SPECIALIST, FUSED, *STUDENTS)},
}


@dataclass(frozen=True)
class Row:
    """One line of the table: a method's values, a seed each.

    Parameters
    ----------
    name : str
        Of the method.
    values : mapping
        (domain, index, measure) to the values, one a seed.
    """

    name: str
    values: Mapping[tuple[str, str, str], list[float]]

    def mean(self, domain: str, index: str = "own", measure: str = "recall@1") -> float:
        """Mean over the seeds; NaN where the method was not scored so."""
        found = self.values.get((domain, index, measure), [])
        return float(np.mean(found)) if found else float("nan")

    def by_seed(self, index: str = "own", measure: str = "recall@1") -> np.ndarray:
        """Mean over the domains, a number a seed."""
        found = [self.values.get((domain, index, measure), []) for domain in DOMAINS]
        return np.mean(found, axis=0) if all(found) else np.full(1, np.nan)

    def spread(self, index: str = "own", measure: str = "recall@1") -> float:
        """Standard deviation over the seeds of the mean over the domains; NaN with one seed."""
        seeds = self.by_seed(index, measure)
        return float(seeds.std(ddof=1)) if len(seeds) > 1 else float("nan")


def read_rows(results: Path) -> dict[str, Row]:
    """Read the test's scores by method."""
    values: dict[str, dict[tuple[str, str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in (results / "test.jsonl").read_text().splitlines():
        row = json.loads(line)
        for measure in ("recall@1", "map@r", "mmp@5"):
            values[row["key"].split("/")[0]][row["domain"], row["index"], measure].append(row[measure])
    return {name: Row(name, values[name]) for name in _TITLES if name in values}


def write_report(results: Path) -> None:
    """Write table.md and recall.svg."""
    rows = read_rows(results)
    parts = [
        recall_table(rows),
        ratio_table(rows),
        other_measures(rows),
        "\n".join(verdicts(rows)),
        settings_table(results),
    ]
    (results / "table.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    draw_recall({_TITLES[name]: row for name, row in rows.items()}, results / "recall.svg")
    print("\n\n".join(parts))


def recall_table(rows: Mapping[str, Row]) -> str:
    """Recall@1 by domain, own index, and the mean of both indexes with its spread."""
    lines = [
        "Recall@1 on classes never seen, mean of the seeds; ± is the seeds' standard deviation.",
        "",
        _line(["", *DOMAINS, "mean, own index", "mean, merged index"]),
        _line(["---", *["---:"] * (len(DOMAINS) + 2)]),
    ]
    for name, row in rows.items():
        cells = [_number(row.mean(domain)) for domain in DOMAINS]
        lines.append(_line([_TITLES[name], *cells, _with_spread(row, "own"), _with_spread(row, "merged")]))
    return "\n".join(lines)


def ratio_table(rows: Mapping[str, Row]) -> str:
    """Recall@1 over the specialist's, by domain; void where the specialist is weak."""
    specialist = rows.get(SPECIALIST.name)
    if specialist is None:
        return ""
    void = weak_specialists(rows)
    heads = [f"{domain} (void)" if domain in void else domain for domain in DOMAINS]
    lines = [
        "Recall@1 ÷ its specialist's. Void: the specialist is no better than the backbone or the fused net.",
        "",
        _line(["", *heads, "mean", "mean without void"]),
        _line(["---", *["---:"] * (len(DOMAINS) + 2)]),
    ]
    for name, row in rows.items():
        if name != SPECIALIST.name:
            ratios = {domain: row.mean(domain) / specialist.mean(domain) for domain in DOMAINS}
            valid = [ratio for domain, ratio in ratios.items() if domain not in void]
            cells = [_number(ratio) for ratio in ratios.values()]
            means = [
                _number(float(np.mean(list(ratios.values())))),
                _number(float(np.mean(valid or [np.nan]))),
            ]
            lines.append(_line([_TITLES[name], *cells, *means]))
    return "\n".join(lines)


def weak_specialists(rows: Mapping[str, Row]) -> list[str]:
    """Domains whose specialist does not beat the untouched backbone and the fused net."""
    specialist, others = rows[SPECIALIST.name], [rows[n] for n in (_BACKBONE, FUSED.name) if n in rows]
    return [
        domain
        for domain in DOMAINS
        if any(not specialist.mean(domain) > other.mean(domain) for other in others)
    ]


def other_measures(rows: Mapping[str, Row]) -> str:
    """MAP@R and mMP@5, means over the domains."""
    lines = [
        "Means over the domains of MAP@R and mMP@5.",
        "",
        _line(["", "MAP@R, own", "MAP@R, merged", "mMP@5, own", "mMP@5, merged"]),
        _line(["---", *["---:"] * 4]),
    ]
    for name, row in rows.items():
        cells = [
            _with_spread(row, index, measure) for measure in ("map@r", "mmp@5") for index in ("own", "merged")
        ]
        lines.append(_line([_TITLES[name], *cells]))
    return "\n".join(lines)


def verdicts(rows: Mapping[str, Row]) -> list[str]:
    """What the numbers say of the claim, in sentences."""
    kl, specialist = rows.get("kl"), rows.get(SPECIALIST.name)
    if kl is None or specialist is None:
        return []
    weak = weak_specialists(rows)
    beats = f"no, not {', '.join(weak)}" if weak else "yes"
    said = [
        f"- Each specialist beats backbone and fused on its domain: {beats}.",
        f"- KL student ÷ specialist: {_ratios(kl, specialist, weak)}.",
    ]
    for name in (FUSED.name, "absolute"):
        if name in rows:
            gap, spread = _gap(kl, rows[name])
            ahead = "ahead by more than" if gap > spread else "not ahead by more than"
            said.append(
                f"- KL student against {_TITLES[name]}: {gap:+.4f} mean Recall@1, {ahead} the seeds' spread "
                f"({spread:.4f})."
            )
    students = {name: rows[name].by_seed().mean() for name in rows if name not in (SPECIALIST.name,)}
    best = max(students, key=students.__getitem__)
    said.append(f"- Best universal net by mean Recall@1: {_TITLES[best]} ({students[best]:.4f}).")
    if best != "kl":
        gap, spread = _gap(rows[best], kl)
        word = "more than" if gap > spread else "not more than"
        said.append(
            f"- It is ahead of the KL student by {gap:.4f}, {word} the seeds' spread ({spread:.4f}); ÷ "
            f"specialist: {_ratios(rows[best], specialist, weak)}."
        )
    return said


def _ratios(row: Row, specialist: Row, weak: list[str]) -> str:
    ratios = {domain: row.mean(domain) / specialist.mean(domain) for domain in DOMAINS}
    least = min(ratios, key=ratios.__getitem__)
    mean = float(np.mean(list(ratios.values())))
    sound = [ratio for domain, ratio in ratios.items() if domain not in weak]
    besides = f" ({np.mean(sound):.3f} without what is void)" if weak and sound else ""
    return (
        f"{mean:.3f} on average{besides} (wanted 1.0), least {ratios[least]:.3f} on {least} "
        "(wanted 0.98 on each)"
    )


def _gap(one: Row, other: Row) -> tuple[float, float]:
    """Difference of the means, and the larger spread of the two."""
    gap = float(one.by_seed().mean() - other.by_seed().mean())
    return gap, max(one.spread(), other.spread())


def settings_table(results: Path) -> str:
    """What each method's search tried, and what it found on the validation's classes."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    others: dict[str, str] = {}
    for line in (results / "runs.jsonl").read_text().splitlines():
        row = json.loads(line)
        method, domain, setting, seed = row["key"].split("/")
        if seed == "seed-0":
            watched = row.get("watched", _WATCHED)
            found[f"{method}/{domain}"][setting] = row["validation"][watched]
            others |= {f"{method}/{domain}": watched} if watched != _WATCHED else {}
    lines = ["Settings that were tried with seed 0: Recall@1 on the validation's classes.", ""]
    for name, values in found.items():
        method, domain = name.split("/")
        title = _TITLES[method] if domain == "all" else f"{_TITLES[method]}, {domain}"
        title += f" ({others[name]})" if name in others else ""
        best = max(values, key=values.__getitem__)
        tried = [f"{setting}: {value:.4f}" for setting, value in values.items()]
        lines.append(f"- {title}: {'; '.join(tried)}. Chosen: {best}")
    return "\n".join(lines)


def _with_spread(row: Row, index: str, measure: str = "recall@1") -> str:
    mean, spread = float(row.by_seed(index, measure).mean()), row.spread(index, measure)
    return _number(mean) if np.isnan(spread) else f"{mean:.3f} ± {spread:.3f}"


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    write_report(Path(sys.argv[1]))
