"""Geometry of one space, and of two beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float64

from embedscope._table import Table
from embedscope.comparison.dimension import effective_rank, singular_values, two_nn
from embedscope.comparison.dispersion import anisotropy, class_alignment, uniformity
from embedscope.comparison.groups import Groups
from embedscope.comparison.hubness import Hubness
from embedscope.comparison.matched import checked_vectors, metric_vectors
from embedscope.comparison.pair_sample import PAIRS
from embedscope.comparison.sampling import Sampling
from embedscope.neighbors.distances import Points
from embedscope.neighbors.exact import check_k
from embedscope.neighbors.neighbors import Neighbors
from embedscope.spaces.space import Space

_K = 10


@dataclass(frozen=True, eq=False)
class Geometry:
    """The shape of a space, in numbers.

    Parameters
    ----------
    n : int
        Items.
    dims : int
        Numbers in a vector.
    hubness : Hubness
        How often each item is a neighbour.
    intrinsic_dimension : float
        TwoNN; it reads low above about 8. NaN under three items, or where all have duplicates.
    effective_rank : float
        exp of the entropy of the singular values, about the mean.
    anisotropy : float
        Mean cosine of two different items.
    uniformity : float
        log E exp(-2‖x̂ - ŷ‖²): lower is more even.
    alignment : float
        E‖x̂ - ŷ‖² of items of one class: lower is tighter. NaN without classes.
    density : ndarray of float64, shape (items,)
        Each item's mean similarity to its k nearest: the cosine, or 1/(1 + distance).
    pairs : Sampling
        Pairs that the uniformity is of, and its interval.
    recall : float or None
        Of the neighbours where there were too many items for exact ones; None: exact.
    """

    n: int
    dims: int
    hubness: Hubness
    intrinsic_dimension: float
    effective_rank: float
    anisotropy: float
    uniformity: float
    alignment: float
    density: Float64[np.ndarray, " items"]
    pairs: Sampling
    recall: float | None = None

    def measures(self) -> dict[str, tuple[float, str]]:
        """Give each measure with a few words on what it says.

        Returns
        -------
        dict of str to (float, str)
            In the order of the table.
        """
        k = self.hubness.k
        return {
            f"hubness: skew, k={k}": (
                self.hubness.skewness,
                "above 1: few items are many others' neighbours",
            ),
            "hubness: Gini": (self.hubness.gini, "0: all are neighbours equally often"),
            "hubness: anti-hubs": (self.hubness.antihubs, "share of items that are nobody's neighbour"),
            "intrinsic dimension (TwoNN)": (self.intrinsic_dimension, "reads low above about 8"),
            "effective rank": (self.effective_rank, f"of {self.dims:,} dims"),
            "anisotropy": (self.anisotropy, "mean cosine of two items; 0: no common direction"),
            "uniformity": (self.uniformity, f"lower: more even; {self.pairs!r}"),
            "alignment of classes": (self.alignment, "lower: tighter classes"),
            f"density: mean of {k} nearest": (float(self.density.mean()), "similarity to the neighbours"),
        }

    def to_table(self) -> Table:
        """Give the measures as a table for people.

        Returns
        -------
        Table
            Measure, value and what it says.
        """
        rows = [(name, _known(value), words) for name, (value, words) in self.measures().items()]
        return Table(("measure", "value", "says"), rows, self._title())

    def to_frame(self) -> pa.Table:
        """Give the measures as an Arrow table.

        Returns
        -------
        pyarrow.Table
            One row a measure.
        """
        return self.to_table().to_frame()

    def _title(self) -> str:
        neighbors = "exact" if self.recall is None else f"recall {self.recall:.3f}"
        return f"Geometry of {self.n:,} items × {self.dims:,} dims · neighbours {neighbors}"

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


@dataclass(frozen=True, eq=False)
class Geometries:
    """The shapes of a teacher and a student, side by side.

    Parameters
    ----------
    teacher, student : Geometry
        Of the same items.
    """

    teacher: Geometry
    student: Geometry

    def to_table(self) -> Table:
        """Give the measures as a table for people.

        Returns
        -------
        Table
            Measure, the teacher's value, the student's.
        """
        other = self.student.measures()
        rows: list[tuple[Any, ...]] = [("dims", self.teacher.dims, self.student.dims, "")]
        for name, (value, words) in self.teacher.measures().items():
            own_dims = name == "effective rank"
            rows.append((name, _known(value), _known(other[name][0]), "" if own_dims else words))
        return Table(("measure", "teacher", "student", "says"), rows, f"Geometry of {self.teacher.n:,} items")

    def to_frame(self) -> pa.Table:
        """Give the measures as an Arrow table.

        Returns
        -------
        pyarrow.Table
            One row a measure.
        """
        return self.to_table().to_frame()

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def geometry(
    space: Space,
    *,
    k: int | None = None,
    groups: Groups | None = None,
    n_pairs: int = PAIRS,
    seed: int = 0,
) -> Geometry:
    """Measure the shape of a space.

    Parameters
    ----------
    space : Space
        At least two items.
    k : int, optional
        Neighbours of hubness and density; 10, or all others where there are not more.
    groups : Groups, optional
        Classes of the items, for the alignment.
    n_pairs : int
        Pairs for the uniformity; all where there are not more.
    seed : int
        Seed of the pairs.

    Returns
    -------
    Geometry
        In the original dims.

    Raises
    ------
    InputError
        If k is out of range, or vectors are zero under cosine or not finite (the ids are named).

    Notes
    -----
    O(items · dims²) beside the neighbours, which the space keeps.

    References
    ----------
    Radovanović et al. 2010, Journal of Machine Learning Research 11 (hubness); Facco et al. 2017; Roy,
    Vetterli 2007; Wang, Isola 2020, arXiv 2005.10242.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(100, 3))
    >>> geometry(Space.from_arrays(x, metric="euclidean")).hubness.k
    10
    """
    n = len(space)
    vectors = checked_vectors(space)
    points = Points.of(vectors, space.metric)
    k = min(_K, n - 1) if k is None else k
    check_k(k, n - 1, f"{n:,} items: each has {n - 1:,} others")
    neighbors = space.neighbors(min(max(k, 2), n - 1))
    even, pairs = uniformity(points, n_pairs=n_pairs, seed=seed)
    return Geometry(
        n,
        space.dims,
        Hubness.of(neighbors.take(k).indices),
        two_nn(neighbors) if neighbors.k > 1 else float("nan"),
        effective_rank(singular_values(metric_vectors(space, vectors))),
        anisotropy(points),
        even,
        float("nan") if groups is None else class_alignment(points, groups),
        local_density(neighbors.take(k)),
        pairs,
        neighbors.recall,
    )


def local_density(neighbors: Neighbors) -> Float64[np.ndarray, " items"]:
    """Measure how near each item's neighbours are.

    Parameters
    ----------
    neighbors : Neighbors
        Of every item.

    Returns
    -------
    ndarray of float64, shape (items,)
        Mean cosine, or mean of 1/(1 + distance): larger where it is crowded.

    Examples
    --------
    >>> from embedscope.neighbors import exact_neighbors
    >>> local_density(exact_neighbors([[0.0], [1.0], [4.0]], 1, metric="euclidean")).tolist()
    [0.5, 0.5, 0.25]
    """
    distances = neighbors.distances.astype(np.float64)
    similarities = 1 - distances if neighbors.metric == "cosine" else 1 / (1 + distances)
    means: np.ndarray = similarities.mean(axis=1)
    return means


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
