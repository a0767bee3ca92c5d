"""Heatmap: groups × groups means of the anchors' divergences, in layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int64

from embedscope._errors import unknown_name

Layer: TypeAlias = Literal["contribution", "per mass", "between", "within", "js"]


@dataclass(frozen=True, eq=False)
class Heatmap:
    """For each group of anchors (row) and each group of items (column) the mean over the anchors.

    Parameters
    ----------
    names : sequence of str
        The groups.
    anchors : ndarray of int64, shape (groups,)
        Anchors of each group. A row without any is NaN.
    between, within : ndarray of float64, shape (groups, groups)
        The two parts of the contribution, in nats.
    teacher_mass, student_mass : ndarray of float64, shape (groups, groups)
        Share of the column's items in the neighbourhoods; rows sum to 1.
    order : ndarray of int64, shape (groups,)
        Groups in an order that puts similar ones side by side.
    js : ndarray of float64, shape (groups, groups), optional
        Jensen-Shannon divergence, where the second pass was made.
    """

    names: Sequence[str]
    anchors: Int64[np.ndarray, " groups"]
    between: Float64[np.ndarray, "groups groups"]
    within: Float64[np.ndarray, "groups groups"]
    teacher_mass: Float64[np.ndarray, "groups groups"]
    student_mass: Float64[np.ndarray, "groups groups"]
    order: Int64[np.ndarray, " groups"]
    js: Float64[np.ndarray, "groups groups"] | None = None

    @property
    def contribution(self) -> Float64[np.ndarray, "groups groups"]:
        """Between and within together: each row sums to its group's mean KL."""
        total: np.ndarray = self.between + self.within
        return total

    @property
    def per_mass(self) -> Float64[np.ndarray, "groups groups"]:
        """Contribution per unit of teacher mass: how badly off the little that lies there is."""
        with np.errstate(divide="ignore", invalid="ignore"):
            shares: np.ndarray = self.contribution / self.teacher_mass
        shares[self.teacher_mass == 0] = np.nan
        return shares

    def layer(self, name: str) -> Float64[np.ndarray, "groups groups"]:
        """Give a layer by its name.

        Parameters
        ----------
        name : {"contribution", "per mass", "between", "within", "js"}
            Which.

        Returns
        -------
        ndarray of float64, shape (groups, groups)
            Nats; rows are the anchors' groups, in the order of the names.

        Raises
        ------
        MissingError
            If there is no such layer, or ``"js"`` is wanted and the second pass was not made.
        """
        if name not in get_args(Layer):
            raise unknown_name("layer", name, get_args(Layer))
        if name == "js" and self.js is None:
            known = [layer for layer in get_args(Layer) if layer != "js"]
            raise unknown_name("layer", name, known, "The Jensen-Shannon layer needs a second pass.")
        found: np.ndarray = getattr(self, name.replace(" ", "_"))
        return found

    def to_frame(self) -> pa.Table:
        """Give every cell as a row.

        Returns
        -------
        pyarrow.Table
            Columns anchors, items (names of the two groups), n_anchors, and one a layer and mass.
        """
        n = len(self.names)
        rows, columns = np.divmod(np.arange(n * n), n)
        layers = {
            name.replace(" ", "_"): self.layer(name).ravel()
            for name in get_args(Layer)
            if name != "js" or self.js is not None
        }
        return pa.table(
            {
                "anchors": [self.names[row] for row in rows],
                "items": [self.names[column] for column in columns],
                "n_anchors": self.anchors[rows],
                **layers,
                "teacher_mass": self.teacher_mass.ravel(),
                "student_mass": self.student_mass.ravel(),
            }
        )
