"""The passes over all pairs: what is kept of each anchor, each cell, and for a second pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from embedscope._progress import ProgressBar, progress_bar
from embedscope.comparison.groups import Groups
from embedscope.comparison.heatmap import Heatmap
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.comparison.seriation import seriate
from embedscope.comparison.worst import WorstAnchors

# Products · dims under which a pass is over before a bar could be read.
_SILENT = 2e10
_EACH = (
    "between",
    "within",
    "teacher_effective",
    "student_effective",
    "teacher_log_z",
    "student_log_z",
)


@dataclass(frozen=True, eq=False)
class FirstPass:
    """What one pass over all pairs leaves behind.

    Parameters
    ----------
    anchors : ndarray of int64, shape (anchors,)
        Rows that were anchors, ascending.
    between, within : ndarray of float64, shape (anchors,)
        The two parts of each anchor's KL, in nats.
    teacher_effective, student_effective : ndarray of float64, shape (anchors,)
        exp(entropy) of each neighbourhood.
    teacher_log_z, student_log_z : ndarray of float64, shape (anchors,)
        Logarithms of the normalisers, which a second pass needs.
    heatmap : Heatmap
        The means by group.
    worst : WorstAnchors
        The most telling anchors of each cell.
    device : str or None
        Where it was computed.
    dtype : str
        Of the products.
    """

    anchors: Int64[np.ndarray, " anchors"]
    between: Float64[np.ndarray, " anchors"]
    within: Float64[np.ndarray, " anchors"]
    teacher_effective: Float64[np.ndarray, " anchors"]
    student_effective: Float64[np.ndarray, " anchors"]
    teacher_log_z: Float64[np.ndarray, " anchors"]
    student_log_z: Float64[np.ndarray, " anchors"]
    heatmap: Heatmap
    worst: WorstAnchors
    device: str | None
    dtype: str


def first_pass(
    teacher: Neighborhoods,
    student: Neighborhoods,
    groups: Groups,
    anchors: Int64[np.ndarray, " anchors"],
    *,
    device: str | None,
    dtype: str,
) -> FirstPass:
    """Go through all pairs once.

    Parameters
    ----------
    teacher, student : Neighborhoods
        Of the same items.
    groups : Groups
        Of the items.
    anchors : ndarray of int64, shape (anchors,)
        Rows that are anchors, ascending.
    device : str, optional
        Where it is computed.
    dtype : {"float32", "float64"}
        Of the products.

    Returns
    -------
    FirstPass
        Anchors in the order in which they came.
    """
    import torch

    from embedscope.comparison.stream import Stream
    from embedscope.comparison.worst_keeper import WorstKeeper

    stream = Stream(teacher, student, groups, anchors, device=device, dtype=dtype)
    n_groups = len(groups)
    tables = torch.zeros((4, n_groups, n_groups), dtype=torch.float64, device=stream.device)
    each = np.empty((6, len(anchors)))
    worst = WorstKeeper(n_groups)
    named = torch.from_numpy(stream.anchors)
    with torch.inference_mode(), _bar(teacher, student, len(anchors)) as bar:
        for block, found in stream.divergences():
            cells = torch.stack([found.between, found.within, found.teacher_mass, found.student_mass])
            tables.index_add_(1, block.codes, cells)
            parts = torch.stack(
                [
                    found.between.sum(dim=1),
                    found.within.sum(dim=1),
                    found.teacher_entropy.exp(),
                    found.student_entropy.exp(),
                    found.teacher_log_z,
                    found.student_log_z,
                ]
            )
            each[:, np.searchsorted(anchors, stream.anchors[block.anchors])] = parts.cpu().numpy()
            worst.add(block.codes.cpu(), named[block.anchors], (found.between + found.within).cpu())
            bar.update(len(block.codes))
    heatmap = _heatmap(groups, anchors, tables.cpu().numpy())
    return FirstPass(
        anchors=anchors,
        **dict(zip(_EACH, each, strict=True)),
        heatmap=heatmap,
        worst=worst.finish(),
        device=device,
        dtype=dtype,
    )


def _heatmap(
    groups: Groups, anchors: Int64[np.ndarray, " anchors"], tables: Float64[np.ndarray, "4 groups groups"]
) -> Heatmap:
    counts = np.bincount(groups.codes[anchors], minlength=len(groups)).astype(np.int64)
    means = tables / np.where(counts, counts, np.nan)[:, None]
    between, within, teacher_mass, student_mass = means
    order = seriate(teacher_mass, groups.counts)
    return Heatmap(groups.names, counts, between, within, teacher_mass, student_mass, order)


def jensen_shannon_pass(
    teacher: Neighborhoods, student: Neighborhoods, groups: Groups, first: FirstPass
) -> Float64[np.ndarray, "groups groups"]:
    """Go through all pairs once more, for the Jensen-Shannon divergence.

    Parameters
    ----------
    teacher, student : Neighborhoods
        As in the first pass.
    groups : Groups
        Of the items.
    first : FirstPass
        What the first pass left behind.

    Returns
    -------
    ndarray of float64, shape (groups, groups)
        Means over each group's anchors, in nats; rows sum to the group's mean, at most log 2.
    """
    import torch

    from embedscope.comparison.stream import Stream

    stream = Stream(teacher, student, groups, first.anchors, device=first.device, dtype=first.dtype)
    place = np.searchsorted(first.anchors, stream.anchors)
    table = torch.zeros((len(groups), len(groups)), dtype=torch.float64, device=stream.device)
    with torch.inference_mode(), _bar(teacher, student, len(first.anchors)) as bar:
        for block, found in stream.jensen_shannon(first.teacher_log_z[place], first.student_log_z[place]):
            table.index_add_(0, block.codes, found)
            bar.update(len(block.codes))
    means: np.ndarray = (
        table.cpu().numpy() / np.where(first.heatmap.anchors, first.heatmap.anchors, np.nan)[:, None]
    )
    return means


def _bar(teacher: Neighborhoods, student: Neighborhoods, anchors: int) -> ProgressBar:
    dims = teacher.vectors.shape[1] + student.vectors.shape[1]
    silent = anchors * len(teacher) * dims < _SILENT
    return progress_bar(anchors, "Comparing neighbourhoods", "anchor", disable=True if silent else None)
