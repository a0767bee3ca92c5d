"""Gate: conditions under which a comparison fails, for CI."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError
from embedscope._table import Table
from embedscope.comparison.comparison import Comparison, K
from embedscope.comparison.condition import OF_DISTANCES, OF_NEIGHBORS, Condition, read_conditions
from embedscope.comparison.groups import Groups
from embedscope.comparison.measure_distances import DistanceOptions
from embedscope.comparison.sampling import GroupMeans

_NAMED = 2


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a condition found.

    Parameters
    ----------
    condition : Condition
        The condition.
    value : float
        The whole's value.
    failed : bool
        Whether the condition holds: for the whole or, where it says ``by``, for any group.
    by : str or None
        What the offenders are groups of; None where no groups are known.
    offenders : tuple of (str, int, float)
        Groups for which the condition holds, with their items and values, the worst first.
    """

    condition: Condition
    value: float
    failed: bool
    by: str | None = None
    offenders: tuple[tuple[str, int, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Gate:
    """The verdicts of all conditions.

    Parameters
    ----------
    verdicts : tuple of Verdict
        One a condition.
    """

    verdicts: tuple[Verdict, ...]

    @property
    def failed(self) -> bool:
        """Whether any condition holds."""
        return any(verdict.failed for verdict in self.verdicts)

    @property
    def words(self) -> str:
        """In a line which conditions hold, with their values and the worst groups."""
        return "; ".join(
            f"{verdict.condition.text} ({verdict.value:.3g}{', ' * bool(verdict.offenders)}{_named(verdict)})"
            for verdict in self.verdicts
            if verdict.failed
        )

    def to_table(self) -> Table:
        """Give the verdicts as a table for people.

        Returns
        -------
        Table
            Condition, value, verdict and the worst of the groups that offend.
        """
        rows = [
            (
                verdict.condition.text,
                verdict.value,
                "FAILED" if verdict.failed else "passed",
                _named(verdict),
            )
            for verdict in self.verdicts
        ]
        n = sum(verdict.failed for verdict in self.verdicts)
        title = f"{n} of {len(rows)} conditions hold: failed" if n else "No condition holds: passed"
        return Table(("fails if", "value", "verdict", "offending groups"), rows, title)

    def to_frame(self) -> pa.Table:
        """Give every verdict and every offending group as an Arrow table.

        Returns
        -------
        pyarrow.Table
            Columns condition, failed, by, group (missing for the whole), items and value.
        """
        rows: list[Mapping[str, Any]] = []
        for verdict in self.verdicts:
            start = {"condition": verdict.condition.text, "failed": verdict.failed, "by": verdict.by}
            rows.append({**start, "group": None, "items": None, "value": verdict.value})
            rows += [
                {**start, "group": group, "items": items, "value": value}
                for group, items, value in verdict.offenders
            ]
        return Table.from_records(rows).to_frame()

    def offenders(self) -> tuple[Table, ...]:
        """List the offending groups of each condition that fails, the worst first.

        Returns
        -------
        tuple of Table
            Group, items and value; one table a failed condition that has groups.
        """
        return tuple(
            Table(
                ("group", "items", "value"),
                verdict.offenders,
                f"{verdict.condition.text}: {_counted(len(verdict.offenders))} by {verdict.by}",
            )
            for verdict in self.verdicts
            if verdict.failed and verdict.offenders
        )

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, (self.to_table(), *self.offenders())))

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in (self.to_table(), *self.offenders()))


def check(
    comparison: Comparison,
    conditions: str | Sequence[str],
    *,
    by: str | None = None,
    min_items: int = 1,
    k: int = K,
    seed: int = 0,
) -> Gate:
    """Check whether a comparison fails any of some conditions.

    Parameters
    ----------
    comparison : Comparison
        The teacher and the student.
    conditions : str or sequence of str
        The gate fails where one holds: ``"recall@10 < 0.95"``; several in a text are joined by ``or``. ``by
        column`` after the measure asks it of every group. Measures: recall, overlap, jaccard, rbo and
        mutual_knn (all at k), kl in nats, cka, rsa, procrustes; of the pairs'
        distances js in nats, wasserstein, and auc: how well the student's tell labels apart.
    by : str, optional
        Column whose offending groups are listed where a condition names none; the label if not given.
    min_items : int
        Groups of fewer items are not looked at: their means say little.
    k : int
        Neighbours, where a condition does not say how many.
    seed : int
        Of every sample.

    Returns
    -------
    Gate
        ``gate.failed``, and per condition the value and the offending groups.

    Raises
    ------
    InputError
        If a condition cannot be read, or its measure is not defined for so few or such items.
    MissingError
        If a measure or a column is not known.

    Examples
    --------
    >>> from embedscope.comparison.comparison import compare
    >>> from embedscope.spaces.space import Space
    >>> one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> check(compare(one, one), "recall@1 < 0.95").failed
    False
    """
    parsed = read_conditions(conditions, k)
    return Gate(tuple(_judge(comparison, condition, by, min_items, seed) for condition in parsed))


def _judge(
    comparison: Comparison, condition: Condition, by: str | None, min_items: int, seed: int
) -> Verdict:
    value = _value(comparison, condition, seed)
    if math.isnan(value):
        raise InputError(
            f"{condition.measure} of {len(comparison):,} items is not defined: too few, or all equal."
        )
    chosen = condition.by or by
    grouped = condition.measure in (*OF_NEIGHBORS, "kl") and (chosen or comparison.matched.has_groups())
    if not grouped:
        return Verdict(condition, value, condition.holds(value))
    groups, means = _by_group(comparison, condition, chosen, seed)
    offenders = _offenders(condition, groups, means, min_items)
    failed = bool(offenders) if condition.by else condition.holds(value)
    return Verdict(condition, value, failed, groups.by, offenders)


def _value(comparison: Comparison, condition: Condition, seed: int) -> float:
    if condition.measure in OF_NEIGHBORS:
        return float(comparison.neighbors(condition.k or K, seed=seed).values(condition.measure).mean())
    if condition.measure == "kl":
        one_group = None if comparison.matched.has_groups() else ["all"] * len(comparison)
        return comparison.divergence(condition.by or one_group).mean_kl
    if condition.measure in OF_DISTANCES:
        found = comparison.distances(options=DistanceOptions(seed=seed))
        if condition.measure == "auc":
            return found.separation("student").auc
        return float(getattr(found["all"], condition.measure))
    return float(getattr(comparison.alignment(condition.k, seed=seed), condition.measure))


def _by_group(
    comparison: Comparison, condition: Condition, by: str | None, seed: int
) -> tuple[Groups, GroupMeans]:
    if condition.measure == "kl":
        divergence = comparison.divergence(by)
        return divergence.groups, divergence.by_group
    return comparison.neighbors(condition.k or K, seed=seed).by_group(by, condition.measure)


def _offenders(
    condition: Condition, groups: Groups, means: GroupMeans, min_items: int
) -> tuple[tuple[str, int, float], ...]:
    worst_first = np.argsort(means.means if condition.sign in ("<", "<=") else -means.means, kind="stable")
    return tuple(
        (groups.names[group], int(means.counts[group]), float(means.means[group]))
        for group in worst_first.tolist()
        if means.counts[group] >= max(1, min_items) and condition.holds(float(means.means[group]))
    )


def _counted(groups: int) -> str:
    return "1 group" if groups == 1 else f"{groups:,} groups"


def _named(verdict: Verdict) -> str:
    shown = [f"{group} {value:.3g}" for group, _, value in verdict.offenders[:_NAMED]]
    more = len(verdict.offenders) - len(shown)
    return ", ".join([*shown, f"{more} more"] if more else shown)
