"""Calibration: the σ of a specialist, found once on a sample of its vectors.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32, Float64

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth, mean_distance
from embedscope.comparison.perplexity import sigma_for_perplexity
from embedscope.comparison.scores import without_diagonal
from embedscope.neighbors.neighbors import Metric
from embedscope.training.losses.directions import unit

SAMPLE = 4096


@dataclass(frozen=True)
class Calibration:
    """How the rows of a batch get their σ.

    Parameters
    ----------
    bandwidth : Bandwidth
        The rule.
    metric : {"cosine", "euclidean"}
        Of the distances that σ divides.
    sigma : float, optional
        One σ for every row; where it is None each batch is measured anew.
    """

    bandwidth: Bandwidth
    metric: Metric
    sigma: float | None = None

    def of_batch(self, vectors: Float[torch.Tensor, "items dims"]) -> Float[torch.Tensor, " items"]:
        """Give each row of a batch its σ, without gradients.

        Parameters
        ----------
        vectors : Tensor, shape (items, dims)
            At least two, all of this specialist's domain.

        Returns
        -------
        Tensor, shape (items,)
            In units of distance (of unit vectors under cosine), on the vectors' device. 1 for rows that are
            equal to all others.

        Notes
        -----
        A perplexity is that of the row among the batch, by the comparison's own search: O(items² · dims) and
        about ten steps of O(items²) on the CPU.

        Examples
        --------
        >>> Calibration(Bandwidth.fixed(0.5), "cosine", 0.5).of_batch(torch.eye(2))
        tensor([0.5000, 0.5000])
        """
        if self.sigma is not None:
            return vectors.new_full((len(vectors),), self.sigma)
        squares = squared_distances(vectors.detach(), self.metric)
        if self.bandwidth.rule == "mean distance":
            mean = float(squares.sqrt().mean())
            return vectors.new_full((len(vectors),), self.bandwidth.value * mean if mean > 0 else 1.0)
        found = sigma_for_perplexity(squares.cpu().numpy(), self.bandwidth.among(len(vectors)))
        return torch.from_numpy(found).to(vectors)


def calibrate(
    vectors: Float32[np.ndarray, "items dims"],
    bandwidth: Bandwidth,
    metric: Metric = "cosine",
    *,
    sample: int = SAMPLE,
    seed: int = 0,
) -> Calibration:
    """Find a specialist's σ on a sample of its vectors.

    Specialists' scales differ, so that one σ for all would make one of them see no neighbours and another
    nothing else.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The specialist's vectors of its own domain.
    bandwidth : Bandwidth
        A fixed σ stays as it is; a factor of the mean distance is measured here; a perplexity is found for
        each row in each batch.
    metric : {"cosine", "euclidean"}
        The metric.
    sample : int
        So many items are measured, drawn where there are more.
    seed : int
        Of the draw.

    Returns
    -------
    Calibration
        Ready for batches.

    Raises
    ------
    InputError
        If there are fewer than two vectors, or all are equal where their mean distance is wanted.

    Examples
    --------
    >>> calibrate(np.eye(3, dtype=np.float32), Bandwidth.mean_distance(0.5)).sigma.__round__(4)
    0.7071
    """
    if bandwidth.rule == "fixed":
        return Calibration(bandwidth, metric, bandwidth.value)
    if len(vectors) < 2:
        raise InputError(
            f"A bandwidth is calibrated on distances, and {len(vectors)} item of this domain came: give 2 or "
            "more, or a fixed one: Bandwidth.fixed(sigma)."
        )
    if bandwidth.rule == "perplexity":
        return Calibration(bandwidth, metric)
    if len(vectors) > sample:
        chosen = np.random.default_rng(seed).choice(len(vectors), sample, replace=False)
        vectors = vectors[np.sort(chosen)]
    mean = mean_distance(vectors, metric)
    if mean == 0:
        raise InputError(
            f"All {len(vectors):,} vectors of this domain are equal, so their mean distance is 0 and no "
            "bandwidth. Use Bandwidth.fixed(sigma), or look at the specialist: it has collapsed."
        )
    return Calibration(bandwidth, metric, bandwidth.value * mean)


def squared_distances(
    vectors: Float[torch.Tensor, "items dims"], metric: Metric
) -> Float64[torch.Tensor, "items others"]:
    """Measure the squared distances of a batch in float64, each item's own left out.

    Parameters
    ----------
    vectors : Tensor, shape (items, dims)
        At least two.
    metric : {"cosine", "euclidean"}
        Under cosine of the unit vectors.

    Returns
    -------
    Tensor of float64, shape (items, items - 1)
        By differences, so that no digits cancel.

    Examples
    --------
    >>> squared_distances(torch.eye(2), "cosine").round(decimals=3).tolist()
    [[2.0], [2.0]]
    """
    exact = vectors.double()
    if metric == "cosine":
        exact = unit(exact)
    gaps = torch.cdist(exact, exact, compute_mode="donot_use_mm_for_euclid_dist")
    return without_diagonal(gaps**2)
