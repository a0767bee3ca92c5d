"""Truncation: what is left of the neighbours when only the first dims count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from jaxtyping import Float32, Float64, Int64

from embedscope._table import Table
from embedscope.comparison.matched import checked_vectors
from embedscope.comparison.prefixes import check_dims
from embedscope.comparison.ranked_lists import chance_overlap
from embedscope.comparison.sampling import Sampling, draw_rows, mean_interval
from embedscope.comparison.truncation_figure import truncation_figure
from embedscope.neighbors import exact_neighbors
from embedscope.neighbors.distances import Points, candidate_distances
from embedscope.neighbors.exact import check_k
from embedscope.neighbors.neighbors import Metric
from embedscope.spaces.space import Space

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

K = 10
# So many sampled queries stay within ± 0.005.
QUERIES = 800
_RANKED = 64


@dataclass(frozen=True, eq=False)
class TruncationCurve:
    """How many neighbours of the full vectors are still found by their first dims.

    Parameters
    ----------
    dims : ndarray of int64, shape (steps,)
        Numbers of each vector that count, ascending; the last is all.
    recall : ndarray of float64, shape (steps,)
        Mean share of an item's k nearest, by the full vectors, among its k nearest by the first dims.
    low, high : ndarray of float64, shape (steps,)
        Ends of the 95 % intervals over items of the same kind.
    k : int
        Neighbours.
    chance : float
        The recall of random neighbours.
    matryoshka : bool or None
        Whether the encoder was trained so that prefixes are vectors; None where it is not known.
    sampling : Sampling
        The items whose neighbours were looked at, always among all.
    """

    dims: Int64[np.ndarray, " steps"]
    recall: Float64[np.ndarray, " steps"]
    low: Float64[np.ndarray, " steps"]
    high: Float64[np.ndarray, " steps"]
    k: int
    chance: float
    matryoshka: bool | None
    sampling: Sampling

    def __len__(self) -> int:
        return len(self.dims)

    def smallest(self, recall: float) -> int | None:
        """Find the fewest dims that keep so much.

        Parameters
        ----------
        recall : float
            Mean recall wanted.

        Returns
        -------
        int or None
            Of those on the curve; None where none does.
        """
        there = np.flatnonzero(self.recall >= recall)
        return int(self.dims[there[0]]) if len(there) else None

    def to_table(self) -> Table:
        """Give the curve as a table.

        Returns
        -------
        Table
            Dims, recall and its interval.
        """
        trained = {True: "trained for it", False: "not trained for it", None: "training not known"}
        rows = [
            (int(dims), float(mean), *(None if np.isnan(end) else float(end) for end in ends))
            for dims, mean, *ends in zip(self.dims, self.recall, self.low, self.high, strict=True)
        ]
        title = (
            f"Neighbours kept by the first dims ({trained[self.matryoshka]}) · chance {self.chance:.3g} · "
            f"{self.sampling!r}"
        )
        return Table(("dims", f"recall@{self.k}", "low", "high"), rows, title)

    def figure(self) -> Figure:
        """Draw the curve: ``.figure()`` of a result gives an ordinary plotly figure to restyle.

        Returns
        -------
        plotly.graph_objects.Figure
            Dims on a logarithmic axis, with the 95 % band and the level of chance.
        """
        return truncation_figure(self)

    def to_frame(self) -> pa.Table:
        """Give the curve as an Arrow table.

        Returns
        -------
        pyarrow.Table
            Columns dims, recall, low, high.
        """
        return pa.table({"dims": self.dims, "recall": self.recall, "low": self.low, "high": self.high})

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def truncation_curve(
    space: Space,
    dims: Sequence[int] | None = None,
    *,
    k: int = K,
    sample: int | None = QUERIES,
    seed: int = 0,
    device: str | None = None,
) -> TruncationCurve:
    """Measure how many neighbours the first dims keep.

    Parameters
    ----------
    space : Space
        Its full vectors are what is right.
    dims : sequence of int, optional
        Points of the curve; powers of two, three quarters of all and all if not given.
    k : int
        Neighbours an item.
    sample : int, optional
        Items whose neighbours are looked at, among all; None: all.
    seed : int
        Seed of the sample.
    device : str, optional
        What computes; CUDA where there is one.

    Returns
    -------
    TruncationCurve
        Ends at recall 1 for all dims.

    Raises
    ------
    InputError
        If k or dims is out of range, or vectors are zero under cosine or not finite (the ids are named).

    Notes
    -----
    Under cosine a prefix is scaled to length 1 again, as `Space.truncate` does; one of zeros is nobody's
    neighbour. Under Euclidean it is taken as it is. A neighbour that ties with the k-th counts. One product
    of the queries with all items in float32, block by block of dims, and a choice of k a step; one copy of
    the vectors.

    References
    ----------
    Kusupati et al. 2022, arXiv 2205.13147 (vectors that are trained for it).

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(100, 8)) * [8, 8, 1, 1, 1, 1, 1, 1]
    >>> curve = truncation_curve(Space.from_arrays(x), [2, 8], device="cpu")
    >>> curve.dims.tolist(), float(curve.recall[1])
    ([2, 8], 1.0)
    """
    from embedscope.comparison.prefix_neighbors import prefix_neighbors

    n = len(space)
    points = Points.of(checked_vectors(space), space.metric)
    check_k(k, n - 1, f"{n:,} items: each has {n - 1:,} others")
    steps = _steps(dims, space.dims)
    rows = draw_rows(n, sample, seed)
    full = exact_neighbors(points.vectors, k, metric=space.metric, queries=rows)
    found = prefix_neighbors(points.vectors, rows, steps, k, space.metric, device)
    found[steps == space.dims] = full.indices
    recalls = np.stack([_recall(points, rows, near, full.distances[:, -1], space.metric) for near in found])
    spread = [mean_interval(values) for values in recalls]
    exact = len(rows) == n
    return TruncationCurve(
        steps,
        recalls.mean(axis=1),
        np.array([interval.low for interval in spread]),
        np.array([interval.high for interval in spread]),
        k,
        chance_overlap(n, k),
        None if space.encoder is None else space.encoder.matryoshka,
        Sampling.exact(n) if exact else Sampling(len(rows), n, seed),
    )


def _steps(dims: Sequence[int] | None, largest: int) -> Int64[np.ndarray, " steps"]:
    if dims is None:
        powers = [2**power for power in range(largest.bit_length()) if 2**power >= min(8, largest)]
        dims = [*powers, max(1, 3 * largest // 4)]
    for wanted in dims:
        check_dims(wanted, largest)
    return np.unique([*dims, largest]).astype(np.int64)


def _recall(
    points: Points,
    rows: Int64[np.ndarray, " queries"],
    near: Int64[np.ndarray, "queries k"],
    kth: Float32[np.ndarray, " queries"],
    metric: Metric,
) -> Float64[np.ndarray, " queries"]:
    """Give the share of the found that are no further off, by the full vectors, than the k-th nearest."""
    recall = np.empty(len(rows))
    for start in range(0, len(rows), _RANKED):
        tile = slice(start, start + _RANKED)
        distances = candidate_distances(points, points.take(rows[tile]), near[tile], metric)
        recall[tile] = ((distances <= kth[tile, None]) & (near[tile] >= 0)).mean(axis=1)
    return recall
