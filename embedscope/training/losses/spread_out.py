"""Spread-out: different texts of a batch shall point in different directions.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int

from embedscope.training.losses.directions import unit
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors


def spread_out(
    vectors: Float[torch.Tensor, "items dims"], keys: Int[torch.Tensor, " items"] | None = None
) -> Float[torch.Tensor, ""]:
    """Compute the mean over i ≠ j of cos²(v_i, v_j).

    Parameters
    ----------
    vectors : Tensor, shape (items, dims)
        With gradients.
    keys : Tensor of int, shape (items,), optional
        Items of equal keys are one, and no pair.

    Returns
    -------
    Tensor, shape ()
        From 0 to 1; 1/dims for directions drawn evenly. 0, with a gradient of 0, where there is no pair.

    References
    ----------
    Zhang et al. 2017, arXiv 1708.06320; EmbeddingGemma, Schechter Vera et al. 2025, arXiv 2509.20354. Ours:
    the keys.

    Examples
    --------
    >>> x = torch.tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0]])
    >>> round(spread_out(x).item(), 4), spread_out(x, torch.tensor([5, 6, 5])).item()
    (0.3333, 0.0)
    """
    directions = unit(vectors)
    squares = (directions @ directions.T) ** 2
    numbers = torch.arange(len(vectors), device=vectors.device) if keys is None else keys.to(vectors.device)
    is_pair = numbers[:, None] != numbers[None, :]
    return (squares * is_pair).sum() / is_pair.sum().clamp(min=1)


class SpreadOutLoss(torch.nn.Module):
    """`spread_out` over the queries, and the same over their documents.

    Examples
    --------
    >>> batch = PairVectors(torch.eye(2), torch.ones(2, 2))
    >>> round(SpreadOutLoss()(batch).item(), 4)
    1.0
    """

    def forward(self, vectors: PairVectors, keys: PairKeys | None = None) -> Float[torch.Tensor, ""]:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : PairVectors
            With gradients; hard negatives are not looked at.
        keys : PairKeys, optional
            What is equal.

        Returns
        -------
        Tensor, shape ()
            From 0 to 2, in float32 at least, also under autocast.
        """
        queries, positives = (None, None) if keys is None else (keys.queries, keys.positives)
        with torch.autocast(vectors.queries.device.type, enabled=False):
            found = vectors.directions()
            return spread_out(found.queries, queries) + spread_out(found.positives, positives)
