"""Anchor pairs: the items that one anchor's divergence comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Float64, Int64

from embedscope._errors import InputError
from embedscope.comparison.neighborhoods import Neighborhoods


@dataclass(frozen=True, eq=False)
class AnchorPairs:
    """Items around one anchor, those that tell the two spaces apart most first.

    Parameters
    ----------
    anchor : int
        Row of the anchor.
    rows : ndarray of int64, shape (pairs,)
        The items.
    teacher_probability, student_probability : ndarray of float64, shape (pairs,)
        p(j | i) and q(j | i).
    contributions : ndarray of float64, shape (pairs,)
        p log(p/q) in nats: above 0 where the student lost the item, under 0 where it gained it.
    kl : float
        The sum over all other items, of which these are a part.
    """

    anchor: int
    rows: Int64[np.ndarray, " pairs"]
    teacher_probability: Float64[np.ndarray, " pairs"]
    student_probability: Float64[np.ndarray, " pairs"]
    contributions: Float64[np.ndarray, " pairs"]
    kl: float

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"AnchorPairs({len(self)} items of anchor {self.anchor}, KL {self.kl:.3g} nats)"

    def to_frame(self) -> pa.Table:
        """Give every pair as a row.

        Returns
        -------
        pyarrow.Table
            Columns row, teacher_probability, student_probability, contribution.
        """
        return pa.table(
            {
                "row": self.rows,
                "teacher_probability": self.teacher_probability,
                "student_probability": self.student_probability,
                "contribution": self.contributions,
            }
        )


def anchor_pairs(
    teacher: Neighborhoods,
    student: Neighborhoods,
    anchor: int,
    k: int,
    among: Bool[np.ndarray, " items"] | None = None,
) -> AnchorPairs:
    """Compute one anchor's pairs anew, in float64.

    Parameters
    ----------
    teacher, student : Neighborhoods
        Of the same items.
    anchor : int
        Row of the anchor.
    k : int
        How many pairs at most.
    among : ndarray of bool, shape (items,), optional
        Items to choose from, for example those of one group.

    Returns
    -------
    AnchorPairs
        The k of largest |p log(p/q)|; ties by row. Costs two products of the vectors with one.

    Raises
    ------
    InputError
        If there is no such row, or k is less than 1.

    Examples
    --------
    >>> from embedscope.comparison.bandwidth import Bandwidth
    >>> spaces = [[0], [1], [2]], [[0], [2], [1]]
    >>> sides = [Neighborhoods.of(x, Bandwidth.fixed(1), "euclidean") for x in spaces]
    >>> anchor_pairs(*sides, 0, 1).rows.tolist()
    [1]
    """
    if not 0 <= anchor < len(teacher):
        raise InputError(f"anchor={anchor}: wanted a row from 0 to {len(teacher) - 1:,}.")
    if k < 1:
        raise InputError(f"k={k} pairs: wanted 1 or more.")
    log_p, log_q = teacher.log_probabilities(anchor), student.log_probabilities(anchor)
    p, q = np.exp(log_p), np.exp(log_q)
    terms = np.zeros(len(p))
    weighed = p > 0
    terms[weighed] = p[weighed] * (log_p[weighed] - log_q[weighed])
    chosen = np.arange(len(p)) != anchor if among is None else among & (np.arange(len(p)) != anchor)
    rows = np.flatnonzero(chosen)
    rows = rows[np.argsort(-np.abs(terms[rows]), kind="stable")[:k]]
    return AnchorPairs(anchor, rows, p[rows], q[rows], terms[rows], float(terms.sum()))
