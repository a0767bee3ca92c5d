"""Matryoshka: one loss over the vector and over its prefixes, so that each prefix is a vector of its own.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from jaxtyping import Float

from embedscope._errors import InputError
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors


def prefix_lengths(dims: Iterable[int], whole: int) -> tuple[int, ...]:
    """Give the lengths that are trained: the prefixes, and the whole.

    Parameters
    ----------
    dims : iterable of int
        Lengths of prefixes; the whole may be among them.
    whole : int
        Length of the vector.

    Returns
    -------
    tuple of int
        Each once, rising.

    Raises
    ------
    InputError
        If a prefix is shorter than 1 or longer than the vector.

    Examples
    --------
    >>> prefix_lengths((128, 64), 576)
    (64, 128, 576)
    """
    lengths = sorted({*dims, whole})
    if lengths[0] < 1 or lengths[-1] > whole:
        raise InputError(
            f"A prefix of {lengths[0] if lengths[0] < 1 else lengths[-1]} dims came; wanted 1 to {whole:,}, "
            "the vector's own."
        )
    return tuple(lengths)


class MatryoshkaLoss(torch.nn.Module):
    """The sum of a loss over the prefixes of the vectors, and over the whole.

    Parameters
    ----------
    loss : Module
        From `PairVectors` and `PairKeys`, or none, to a scalar, by cosines: it brings each prefix to length
        1.
    dims : tuple of int
        Lengths of the prefixes; empty: the whole alone. The whole always counts, and once.

    References
    ----------
    Kusupati et al. 2022, arXiv 2205.13147.

    Examples
    --------
    >>> from embedscope.training.losses.spread_out import SpreadOutLoss
    >>> batch = PairVectors(torch.eye(2), torch.eye(2))
    >>> MatryoshkaLoss(SpreadOutLoss(), (1,)).of_prefixes(batch)
    {1: tensor(0.), 2: tensor(0.)}
    """

    def __init__(self, loss: torch.nn.Module, dims: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.loss, self.dims = loss, dims

    def forward(self, vectors: PairVectors, keys: PairKeys | None = None) -> Float[torch.Tensor, ""]:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : PairVectors
            With gradients.
        keys : PairKeys, optional
            What is equal.

        Returns
        -------
        Tensor, shape ()
            The sum.

        Raises
        ------
        InputError
            If a prefix is longer than the vectors.
        """
        return torch.stack(list(self.of_prefixes(vectors, keys).values())).sum()

    def of_prefixes(
        self, vectors: PairVectors, keys: PairKeys | None = None
    ) -> dict[int, Float[torch.Tensor, ""]]:
        """Compute the loss of each prefix.

        Parameters
        ----------
        vectors : PairVectors
            With gradients.
        keys : PairKeys, optional
            What is equal.

        Returns
        -------
        dict of int to Tensor
            By its length, rising; the whole is the last.

        Raises
        ------
        InputError
            If a prefix is longer than the vectors.
        """
        lengths = prefix_lengths(self.dims, vectors.dims)
        return {length: self.loss(vectors.prefix(length), keys) for length in lengths}
