"""Angles of all triplets of a batch, compared: each item's part of the loss together with its gradient.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from typing import Any

import torch
from jaxtyping import Float
from torch.autograd.function import once_differentiable

from embedscope.training.losses.directions import unit

# So many middle items at once: their items² cosines stay in a core's cache (on a GPU more would be idle).
_ITEMS_AT_ONCE, _ON_GPU = 16, 128


def angle_gaps(
    student: Float[torch.Tensor, "items dims"], teacher: Float[torch.Tensor, "items teacher_dims"]
) -> Float[torch.Tensor, " items"]:
    """Compare the angles at each item: the mean over the pairs of two different others.

    Parameters
    ----------
    student : Tensor, shape (items, dims)
        At least three.
    teacher : Tensor, shape (items, teacher_dims)
        The specialist's; no gradient flows into it.

    Returns
    -------
    Tensor, shape (items,)
        Smooth L1 of the cosines; a cosine is 0 where the middle item equals one of the others.

    Notes
    -----
    The cosines of one middle item are a symmetric matrix, and the slope of smooth L1 is the gap cut to ±1:
    so the gradient is one product more, taken while the matrix is at hand. Time O(items³ · dims), memory
    O(items² · dims).

    Examples
    --------
    >>> corner = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> line = torch.tensor([[0.0], [1.0], [2.0]])
    >>> angle_gaps(corner, line)
    tensor([0.5000, 1.2071, 0.0429])
    """
    n = len(student)
    found: torch.Tensor = _AngleGaps.apply(student, teacher.detach())
    return found / ((n - 1) * (n - 2))


class _AngleGaps(torch.autograd.Function):
    """The sum over the pairs, of each middle item."""

    @staticmethod
    def forward(ctx: Any, student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
        n = len(student)
        sums = student.new_empty(n)
        slopes = student.new_empty(n, n, student.shape[1])
        at_once = _ON_GPU if student.is_cuda else _ITEMS_AT_ONCE
        for start in range(0, n, at_once):
            chosen = slice(start, start + at_once)
            sums[chosen] = _compare(student, teacher, chosen, slopes[chosen])
        ctx.save_for_backward(slopes)
        return sums

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        (slopes,) = ctx.saved_tensors
        return (gradient @ slopes.flatten(1)).view(slopes.shape[1:]), None


def _compare(
    student: torch.Tensor, teacher: torch.Tensor, chosen: slice, slopes: torch.Tensor
) -> torch.Tensor:
    """Give the sums of some middle items, and write what each of them is by each of the student's vectors."""
    sides = student[None] - student[chosen, None]
    lengths = torch.linalg.vector_norm(sides, dim=2, keepdim=True)
    lengths = torch.where(lengths > 0, lengths, 1.0)
    sides /= lengths
    known = unit(teacher[None] - teacher[chosen, None])
    gaps = torch.bmm(known, known.transpose(1, 2))
    torch.baddbmm(gaps, sides, sides.transpose(1, 2), beta=-1, out=gaps)
    # A pair of one item is no angle.
    gaps.diagonal(dim1=1, dim2=2).zero_()
    slope = gaps.clamp(-1, 1)
    # By a side: the product with the others, less what would only change the side's length.
    torch.bmm(slope, sides, out=slopes)
    slopes -= sides * torch.linalg.vecdot(slopes, sides).unsqueeze(2)
    slopes *= 2 / lengths
    # Every side begins at the middle item.
    own = torch.arange(len(slopes), device=slopes.device)
    slopes[own, own + chosen.start] -= slopes.sum(dim=1)
    # Smooth L1 is half the square within ±1 and a line beyond: slope · (gap - slope / 2) is both.
    gaps.sub_(slope, alpha=0.5)
    sums: torch.Tensor = torch.linalg.vecdot(slope.flatten(1), gaps.flatten(1))
    return sums
