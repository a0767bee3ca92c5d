"""The parts of a comparison's report, each from one measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedscope._table import Table
from embedscope.comparison.divergence import Divergence
from embedscope.comparison.geometry import Geometry
from embedscope.comparison.measure_distances import DistanceOptions
from embedscope.comparison.report import Report, Section
from embedscope.comparison.sampling import mean_interval

if TYPE_CHECKING:
    from embedscope.comparison.comparison import Comparison

_WORST_ITEMS = 5
_LISTED_GROUPS = 10
_LISTED_MOVES = 5
# Up to so many items the divergence looks at every anchor, and past it at so many drawn ones.
_EVERY_ANCHOR = 5_000
_DRAWN_ANCHORS = 2_000
# Dimensions and ranks that are so much off, cosines and shares that are so far apart, are worth a sentence.
_NOTABLE = 1.25
_FAR_COSINE = 0.1
_FAR_SHARE = 0.05


def make_report(comparison: Comparison, *, by: Any = None, k: int = 10, seed: int = 0) -> Report:
    """Put a comparison on one page.

    Parameters
    ----------
    comparison : Comparison
        The teacher and the student.
    by : str, Clusters, or sequence of values, optional
        What the groups are; the label if not given, and no groups where there is none.
    k : int
        Neighbours; all others where there are not more.
    seed : int
        Of every sample.

    Returns
    -------
    Report
        Whole, by group and by item.
    """
    k = min(k, len(comparison) - 1)
    grouped = by is not None or comparison.matched.has_groups()
    parts = [
        _what(comparison, grouped),
        _neighbors(comparison, by, k, seed, grouped),
        _distances(comparison, by, seed),
        _divergence(comparison, by, seed, grouped),
        _alignment(comparison, k, seed),
        _geometry(comparison, k, seed),
    ]
    return Report(f"{comparison.names[0]} → {comparison.names[1]}", tuple(parts))


def _what(comparison: Comparison, grouped: bool) -> Section:
    teacher, student = comparison.teacher, comparison.student
    sentences = [
        f"{len(comparison):,} items, matched by id: teacher {teacher.dims:,} dims, {teacher.metric}; student "
        f"{student.dims:,} dims, {student.metric}."
    ]
    if comparison.matched.left_out:
        sentences.append(f"{comparison.matched.left_out}.")
    if not grouped:
        sentences.append("No label is known; report(by='cluster') also shows which groups differ.")
    numbers = {
        "shared items": float(len(comparison)),
        "only teacher": float(len(comparison.only_teacher)),
        "only student": float(len(comparison.only_student)),
    }
    return Section("Spaces", tuple(sentences), numbers)


def _neighbors(comparison: Comparison, by: Any, k: int, seed: int, grouped: bool) -> Section:
    found = comparison.neighbors(k, seed=seed)
    recall = found.recall
    spread = mean_interval(recall)
    sentences = [
        f"Of an item's {k} nearest in the teacher the student keeps {k * recall.mean():.1f} on average: "
        f"recall@{k} {recall.mean():.3f} ({spread!r}), chance {found.chance():.2g}; {found.sampling!r}.",
        f"{np.mean(recall == 1):.0%} of the items keep all {k}, {np.mean(recall == 0):.0%} keep none.",
    ]
    tables = [found.worst(_WORST_ITEMS)]
    if grouped:
        table = found.by(by)
        by_name, means = table.columns[0], table.column(f"recall@{k}")
        worst, best = table.column(by_name)[0], table.column(by_name)[-1]
        if len(table) > 1:
            sentences.append(f"Worst is {worst} ({means[0]:.3f}), best {best} ({means[-1]:.3f}).")
        tables.insert(0, _first(table, _LISTED_GROUPS, "the most changed"))
    numbers = {
        f"recall@{k}": float(recall.mean()),
        f"Jaccard@{k}": float(found.jaccard.mean()),
        f"RBO@{k}": float(found.rbo.mean()),
        "chance": found.chance(),
    }
    return Section("Neighbours", tuple(sentences), numbers, tuple(tables))


def _distances(comparison: Comparison, by: Any, seed: int) -> Section:
    found = comparison.distances(by, options=DistanceOptions(seed=seed))
    pairs = found["all"]
    unit = ", each divided by its mean" if found.rescale == "mean" else ""
    sentences = [
        f"Distances of pairs{unit}: mean {pairs.means[0]:.3g} in the teacher and {pairs.means[1]:.3g} in the "
        f"student, Wasserstein-1 {pairs.wasserstein:.3g}, Jensen-Shannon {pairs.js:.3g} nats; "
        f"{pairs.sampling!r}."
    ]
    numbers = {"JS, nats": pairs.js, "Wasserstein-1": pairs.wasserstein}
    if "same label" in found.kinds:
        teacher, student = found.separation("teacher"), found.separation("student")
        sentences.append(
            f"A pair of one label is nearer than a pair of two with probability {teacher.auc:.3f} in the "
            f"teacher and {student.auc:.3f} in the student "
            f"(d-prime {teacher.d_prime:.2f} and {student.d_prime:.2f})."
        )
        numbers |= {
            "teacher: AUC": teacher.auc,
            "student: AUC": student.auc,
            "teacher: d-prime": teacher.d_prime,
            "student: d-prime": student.d_prime,
        }
    rows = [
        (kind, float(of.means[0]), float(of.means[1]), of.js, of.wasserstein)
        for kind, of in found.kinds.items()
    ]
    columns = ("pairs", "teacher's mean", "student's mean", "JS, nats", "Wasserstein-1")
    return Section("Distances", tuple(sentences), numbers, (Table(columns, rows),) if len(rows) > 1 else ())


def _divergence(comparison: Comparison, by: Any, seed: int, grouped: bool) -> Section:
    n = len(comparison)
    found = comparison.divergence(
        by if grouped else ["all"] * n,
        n_anchors=None if n <= _EVERY_ANCHOR else _DRAWN_ANCHORS,
        seed=seed,
    )
    between, total = float(found.between.mean()), found.mean_kl
    sentences = [
        f"The neighbourhoods differ by {total:.3g} nats on average, KL(teacher‖student), {found.sampling!r}; "
        f"an anchor has {np.median(found.teacher_effective):.3g} effective neighbours in the teacher and "
        f"{np.median(found.student_effective):.3g} in the student (medians)."
    ]
    tables: list[Table] = []
    if grouped and len(found.groups) > 1:
        share = between / total if total > 0 else 0.0
        sentences.append(
            f"{share:.0%} of it is between groups by {found.groups.by}, the rest within: the first says that "
            "items moved to other groups, the second that they were shuffled inside their own."
        )
        moves = _moves(found)
        tables.append(moves)
        if len(moves):
            a, b, before, after = moves.rows[0]
            sentences.append(
                f"The largest move: of the neighbourhoods of {a}, {before:.1%} lies in {b} in the teacher "
                f"and {after:.1%} in the student."
            )
    numbers = {"KL, nats": total, "between": between, "within": float(found.within.mean())}
    return Section("Divergence of neighbourhoods", tuple(sentences), numbers, tuple(tables))


def _moves(found: Divergence) -> Table:
    """List the pairs of two groups between which most mass of the neighbourhoods moved."""
    teacher, student = found.heatmap.teacher_mass, found.heatmap.student_mass
    change = np.abs(np.nan_to_num(student - teacher))
    np.fill_diagonal(change, 0)
    names = found.groups.names
    rows = []
    for cell in np.argsort(-change, axis=None, kind="stable")[:_LISTED_MOVES].tolist():
        a, b = divmod(cell, len(names))
        if change[a, b] > 0:
            rows.append((names[a], names[b], float(teacher[a, b]), float(student[a, b])))
    columns = ("items of", "their neighbours of", "share in the teacher", "share in the student")
    return Table(columns, rows, "Where neighbourhoods moved most")


def _alignment(comparison: Comparison, k: int, seed: int) -> Section:
    found = comparison.alignment(k, seed=seed)
    sentences = [
        f"As wholes: debiased CKA {_said(found.cka)}, RSA {_said(found.rsa)} ({found.pairs!r}), both 1 for "
        f"one and the same space and about 0 for unrelated ones; Procrustes "
        f"{_said(found.procrustes)}, from 0 to 2."
    ]
    numbers = {
        "CKA": found.cka,
        "RSA": found.rsa,
        "Procrustes": found.procrustes,
        f"mutual kNN@{k}": found.mutual_knn,
    }
    return Section("Alignment", tuple(sentences), numbers)


def _geometry(comparison: Comparison, k: int, seed: int) -> Section:
    found = comparison.geometry(k, seed=seed)
    teacher, student = found.teacher, found.student
    sentences = _notable(teacher, student) or ("The two have much the same shape.",)
    numbers: dict[str, float] = {}
    for side, geometry in (("teacher", teacher), ("student", student)):
        numbers |= {f"{side}: {name}": value for name, (value, _) in geometry.measures().items()}
    return Section("Geometry", tuple(sentences), numbers, (found.to_table(),))


def _notable(teacher: Geometry, student: Geometry) -> Sequence[str]:
    sentences = []
    for words, one, two in (
        ("intrinsic dimension", teacher.intrinsic_dimension, student.intrinsic_dimension),
        ("effective rank", teacher.effective_rank, student.effective_rank),
    ):
        if min(one, two) > 0 and max(one, two) / min(one, two) >= _NOTABLE:
            sentences.append(f"The student's {words} is {two:.3g}, the teacher's {one:.3g}.")
    if abs(student.anisotropy - teacher.anisotropy) >= _FAR_COSINE:
        sentences.append(
            f"Two of the student's items have a cosine of {student.anisotropy:.2f} on average, the teacher's "
            f"{teacher.anisotropy:.2f}."
        )
    if abs(student.hubness.antihubs - teacher.hubness.antihubs) >= _FAR_SHARE:
        sentences.append(
            f"{student.hubness.antihubs:.0%} of the items are nobody's neighbour in the student, "
            f"{teacher.hubness.antihubs:.0%} in the teacher."
        )
    return sentences


def _first(table: Table, n: int, which: str) -> Table:
    if len(table) <= n:
        return table
    return Table(table.columns, table.rows[:n], f"{table.title} · {which} {n} of {len(table)}")


def _said(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{value:.3f}"
