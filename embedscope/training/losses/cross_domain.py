"""Cross-domain term: a student's neighbourhoods shall not reach into other domains.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int

from embedscope.training.losses.directions import unit


def cross_domain_loss(
    student: Float[torch.Tensor, "items dims"], domains: Int[torch.Tensor, " items"], sigma: float
) -> Float[torch.Tensor, ""]:
    """Compute the mean of -log of the probability that a neighbour is of the item's own domain.

    No specialist tells how far images of two domains lie apart. With the specialist's distribution p taken as
    0 for items of other domains, KL(p‖q) over the whole batch is the KL within the domain and this term.

    Parameters
    ----------
    student : Tensor, shape (items, dims)
        The student's vectors.
    domains : Tensor of int, shape (items,)
        Numbers of the domains.
    sigma : float
        Of the softmax over j ≠ i of -d²/2σ², d between unit vectors.

    Returns
    -------
    Tensor, shape ()
        In nats, over the items that have others of their domain and of another one; 0, with a gradient of 0,
        where there is none.

    References
    ----------
    Ours.

    Examples
    --------
    >>> x = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> near = cross_domain_loss(x, torch.tensor([0, 0, 1, 1]), 0.3)
    >>> mixed = cross_domain_loss(x, torch.tensor([0, 1, 0, 1]), 0.3)
    >>> bool(near < 0.001 < 10 < mixed)
    True
    """
    directions = unit(student)
    # d² = 2 - 2cos: the constant falls out of the softmax.
    scores = directions @ directions.T / sigma**2
    own = domains[:, None] == domains[None, :]
    others = ~torch.eye(len(student), dtype=torch.bool, device=student.device)
    near, far = own & others, ~own
    counts = near.any(dim=1) & far.any(dim=1)
    if not bool(counts.any()):
        return 0.0 * student.sum()
    everywhere = torch.logsumexp(scores.masked_fill(~others, -torch.inf)[counts], dim=1)
    within = torch.logsumexp(scores.masked_fill(~near, -torch.inf)[counts], dim=1)
    return (everywhere - within).mean()
