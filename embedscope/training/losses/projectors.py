"""Projectors: from the student's vectors to each specialist's, trained with the student and then left behind.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch


def make_projectors(student_dims: int, dims: Sequence[int], hidden: int | None = None) -> torch.nn.ModuleList:
    """Make a projector for each specialist.

    Parameters
    ----------
    student_dims : int
        Of the student's vectors.
    dims : sequence of int
        Of each specialist's.
    hidden : int, optional
        Width of a hidden layer with GELU; a matrix alone, without bias, if not given.

    Returns
    -------
    ModuleList
        In the order of the specialists. Drawn from torch's own generator: seed it for the same ones.

    Examples
    --------
    >>> [tuple(p.weight.shape) for p in make_projectors(4, [2, 3])]
    [(2, 4), (3, 4)]
    """
    return torch.nn.ModuleList(_projector(student_dims, wide, hidden) for wide in dims)


def _projector(student_dims: int, dims: int, hidden: int | None) -> torch.nn.Module:
    if hidden is None:
        return torch.nn.Linear(student_dims, dims, bias=False)
    return torch.nn.Sequential(
        torch.nn.Linear(student_dims, hidden), torch.nn.GELU(), torch.nn.Linear(hidden, dims)
    )
