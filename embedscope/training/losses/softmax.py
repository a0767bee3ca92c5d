"""Distances of a batch to scores, around each item or over all pairs at once.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import torch
from jaxtyping import Float

from embedscope.comparison.scores import ScoreForm, kl_of_scores, without_diagonal
from embedscope.neighbors.neighbors import Metric

Over: TypeAlias = Literal["row", "pairs"]


def scores_over(
    vectors: Float[torch.Tensor, "items dims"],
    sigma: Float[torch.Tensor, " items"],
    metric: Metric,
    over: Over = "row",
) -> Float[torch.Tensor, "rows others"]:
    """Score the pairs of a batch by the comparison's own product, with gradients.

    Parameters
    ----------
    vectors : Tensor, shape (items, dims)
        At least two; a row of zeros is as it is, also under cosine.
    sigma : Tensor, shape (items,)
        The bandwidth of each.
    metric : {"cosine", "euclidean"}
        The metric.
    over : {"row", "pairs"}
        What a softmax will be taken over: an item's pairs, or all pairs of the batch.

    Returns
    -------
    Tensor, shape (items, items - 1) or (1, items · (items - 1))
        -d²/2σ², up to one constant a row of this tensor.

    Examples
    --------
    >>> scores_over(torch.eye(2), torch.ones(2), "cosine", "pairs")
    tensor([[-1., -1.]])
    """
    lengths = torch.linalg.vector_norm(vectors, dim=1, dtype=torch.float64)
    form = ScoreForm.of(vectors, metric, torch.where(lengths > 0, lengths, 1.0))
    rows = torch.arange(len(vectors), device=vectors.device)
    square = form.scores(form.anchors(rows, sigma), slice(None))
    if over == "row":
        return without_diagonal(square)
    # The constant that the product leaves out of a row is what it gives for the item itself.
    return without_diagonal(square - square.diagonal()[:, None]).reshape(1, -1)


def js_of_scores(
    teacher: Float[torch.Tensor, "rows others"], student: Float[torch.Tensor, "rows others"]
) -> Float[torch.Tensor, " rows"]:
    """Jensen-Shannon divergence of each row in nats: half KL(p‖m) and half KL(q‖m), m = (p + q)/2.

    Parameters
    ----------
    teacher : Tensor, shape (rows, others)
        Finite scores.
    student : Tensor, shape (rows, others)
        Likewise; gradients flow through both.

    Returns
    -------
    Tensor, shape (rows,)
        From 0 to log 2, but for rounding.

    Examples
    --------
    >>> js_of_scores(torch.tensor([[0.0, 90.0]]), torch.tensor([[90.0, 0.0]]))
    tensor([0.6931])
    """
    log_p, log_q = torch.log_softmax(teacher, dim=1), torch.log_softmax(student, dim=1)
    middle = torch.logaddexp(log_p, log_q) - math.log(2)
    return (kl_of_scores(log_p, middle) + kl_of_scores(log_q, middle)) / 2
