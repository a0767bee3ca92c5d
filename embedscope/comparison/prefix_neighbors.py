"""The nearest by the first dims, for every number of dims at once.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64

from embedscope._device import pick_device
from embedscope.neighbors.neighbors import Metric

_TILE_NUMBERS = 1 << 23


def prefix_neighbors(
    vectors: Float32[np.ndarray, "items dims"],
    rows: Int64[np.ndarray, " queries"],
    steps: Int64[np.ndarray, " steps"],
    k: int,
    metric: Metric,
    device: str | None,
) -> Int64[np.ndarray, "steps queries k"]:
    """Find the k nearest of each query by each number of first dims, a block of queries at a time.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The items.
    rows : ndarray of int64, shape (queries,)
        Which of them ask; none is its own neighbour.
    steps : ndarray of int64, shape (steps,)
        Numbers of dims, ascending, the last one all.
    k : int
        How many.
    metric : {"cosine", "euclidean"}
        The metric.
    device : str or None
        What computes.

    Returns
    -------
    ndarray of int64, shape (steps, queries, k)
        Nearest first; -1 where a prefix has no direction.
    """
    where = pick_device(device)
    # One copy of the vectors, cut into the blocks of dims between steps.
    cuts = [0, *steps.tolist()]
    parts = [torch.tensor(vectors[:, a:b], device=where) for a, b in pairwise(cuts)]
    squares = torch.stack([(part * part).sum(dim=1) for part in parts]).cumsum(dim=0)
    found = np.empty((len(steps), len(rows), k), np.int64)
    width = max(1, _TILE_NUMBERS // len(vectors))
    for start in range(0, len(rows), width):
        chosen = torch.from_numpy(rows[start : start + width]).to(where)
        products = torch.zeros(len(chosen), len(vectors), device=where)
        for step, part in enumerate(parts):
            products.addmm_(part[chosen], part.T)
            near = _nearest(products, squares[step], chosen, k, metric)
            found[step, start : start + width] = near.cpu().numpy()
    return found


def _nearest(
    products: Float[torch.Tensor, "queries items"],
    squares: Float[torch.Tensor, " items"],
    own: torch.Tensor,
    k: int,
    metric: Metric,
) -> torch.Tensor:
    if metric == "cosine":
        # A prefix of zeros has no direction: 0/0 must not come out as the largest.
        keys = torch.where(squares > 0, products * squares.rsqrt(), -torch.inf)
    else:
        keys = 2 * products - squares
    keys[torch.arange(len(own), device=keys.device), own] = -torch.inf
    best, near = keys.topk(k, dim=1)
    return torch.where(torch.isfinite(best), near, -1)
