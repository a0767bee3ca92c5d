"""Directions and distances whose gradients stay finite where vectors are zero or equal.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
from jaxtyping import Float


def unit(vectors: Float[torch.Tensor, "*items dims"]) -> Float[torch.Tensor, "*items dims"]:
    """Bring vectors to length 1; a vector of zeros stays one.

    Parameters
    ----------
    vectors : Tensor, shape (..., dims)
        Finite.

    Returns
    -------
    Tensor, shape (..., dims)
        Of the same dtype.

    Notes
    -----
    A zero vector is divided by 1, not by a small number: its gradient is no larger than the others'.

    Examples
    --------
    >>> unit(torch.tensor([[3.0, 4.0], [0.0, 0.0]]))
    tensor([[0.6000, 0.8000],
            [0.0000, 0.0000]])
    """
    lengths = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return vectors / torch.where(lengths > 0, lengths, 1.0)


def cosines(vectors: Float[torch.Tensor, "items dims"]) -> Float[torch.Tensor, "items items"]:
    """Give the cosines of all pairs.

    Parameters
    ----------
    vectors : Tensor, shape (items, dims)
        Finite.

    Returns
    -------
    Tensor, shape (items, items)
        An item's own included.

    Examples
    --------
    >>> cosines(torch.tensor([[2.0, 0.0], [0.0, 1.0]]))
    tensor([[1., 0.],
            [0., 1.]])
    """
    directions = unit(vectors)
    return directions @ directions.T


def distances(vectors: Float[torch.Tensor, "items dims"]) -> Float[torch.Tensor, " pairs"]:
    """Give the lengths |a - b| of all unordered pairs.

    Parameters
    ----------
    vectors : Tensor, shape (items, dims)
        Finite.

    Returns
    -------
    Tensor, shape (items · (items - 1) / 2,)
        By differences; the gradient of a pair of equal vectors is 0.

    Examples
    --------
    >>> distances(torch.tensor([[0.0, 0.0], [3.0, 4.0]]))
    tensor([5.])
    """
    return torch.pdist(vectors)
