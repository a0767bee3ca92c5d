"""PairLoss: what a batch of pairs teaches a text embedder, all terms together.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from jaxtyping import Float

from embedscope._errors import InputError
from embedscope.training.losses.batch import BatchLoss
from embedscope.training.losses.embedding import EmbeddingLoss
from embedscope.training.losses.masked_nce import MaskedNceLoss, NceOptions
from embedscope.training.losses.matryoshka import MatryoshkaLoss
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors
from embedscope.training.losses.spread_out import SpreadOutLoss


@dataclass(frozen=True)
class PairLossOptions:
    """The terms and their weights.

    Parameters
    ----------
    nce : NceOptions
        Temperature, hardness, shared negatives.
    dims : tuple of int
        Prefixes that are trained beside the whole.
    masked : bool
        Whether what is equal is kept out of the negatives; False is for comparison.
    spread_out : float
        Weight of the spread-out term, over the same prefixes; 0: left out.
    matching : float
        Weight of embedding matching, over the whole vectors, where there is a teacher.

    Raises
    ------
    InputError
        If a weight is below 0.
    """

    nce: NceOptions = field(default_factory=NceOptions)
    dims: tuple[int, ...] = ()
    masked: bool = True
    spread_out: float | int = 0.0
    matching: float | int = 1.0

    def __post_init__(self) -> None:
        if not (self.spread_out >= 0 and self.matching >= 0):
            raise InputError(
                f"spread_out={self.spread_out:g}, matching={self.matching:g} came; wanted weights of 0 or "
                "more."
            )


class PairLoss(torch.nn.Module):
    """Masked NCE over the prefixes, spread-out over the same, embedding matching where there is a teacher.

    Parameters
    ----------
    options : PairLossOptions, optional
        The terms; masked NCE over the whole vectors by default.
    matching : EmbeddingLoss, optional
        Of one specialist, the teacher: ``EmbeddingLoss(Setting(dims, (some_teacher_vectors,)))``. Its
        projector has to be optimised with the student.

    Notes
    -----
    For a batch that fits the memory in chunks only see `embedscope.training.gradient_cache.cached_backward`:
    its chunks are the queries, the documents and the hard negatives in this order, and
    `PairVectors.of_stacked` parts their vectors.

    Examples
    --------
    >>> loss = PairLoss(PairLossOptions(dims=(1,), spread_out=0.5))
    >>> keys = PairKeys(torch.arange(2), torch.arange(2))
    >>> found = loss.of_batch(PairVectors(torch.eye(2), torch.eye(2)), keys)
    >>> sorted(found.parts)
    ['nce', 'nce at 1', 'spread out']
    """

    def __init__(self, options: PairLossOptions | None = None, matching: EmbeddingLoss | None = None) -> None:
        super().__init__()
        self.options = options or PairLossOptions()
        self.nce = MatryoshkaLoss(MaskedNceLoss(self.options.nce), self.options.dims)
        self.spread_out = MatryoshkaLoss(SpreadOutLoss(), self.options.dims)
        self.matching = matching

    def forward(
        self, vectors: PairVectors, keys: PairKeys | None = None, teacher: PairVectors | None = None
    ) -> Float[torch.Tensor, ""]:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : PairVectors
            The student's, with gradients.
        keys : PairKeys, optional
            What is equal.
        teacher : PairVectors, optional
            The teacher's vectors of the same texts.

        Returns
        -------
        Tensor, shape ()
            The weighted sum.

        Raises
        ------
        InputError
            See `of_batch`.
        """
        return self.of_batch(vectors, keys, teacher).total

    def of_batch(
        self, vectors: PairVectors, keys: PairKeys | None = None, teacher: PairVectors | None = None
    ) -> BatchLoss:
        """Compute the loss of a batch, with each part.

        Parameters
        ----------
        vectors : PairVectors
            The student's, with gradients.
        keys : PairKeys, optional
            What is equal.
        teacher : PairVectors, optional
            The teacher's vectors of the same texts.

        Returns
        -------
        BatchLoss
            Parts ``"nce"`` (of the whole vectors) and ``"nce at 64"`` (of a prefix), ``"spread out"`` (summed
            over the prefixes) and ``"matching"``, each before its weight.

        Raises
        ------
        InputError
            If there is a teacher without embedding matching, or the other way round; its texts are others; or
            keys are lacking while equal texts are to be masked.
        """
        if keys is None and self.options.masked:
            raise InputError(
                "No keys came, and equal texts are to be masked: give PairKeys, or masked=False in the "
                "options."
            )
        nce = self.nce.of_prefixes(vectors, keys if self.options.masked else None)
        total = torch.stack(list(nce.values())).sum()
        parts = {"nce" if dims == vectors.dims else f"nce at {dims}": part for dims, part in nce.items()}
        if self.options.spread_out:
            parts["spread out"] = self.spread_out(vectors, keys)
            total = total + self.options.spread_out * parts["spread out"]
        if teacher is not None or self.matching is not None:
            parts["matching"] = self._match(vectors, teacher)
            total = total + self.options.matching * parts["matching"]
        return BatchLoss(total, parts={name: part.detach() for name, part in parts.items()})

    def _match(self, vectors: PairVectors, teacher: PairVectors | None) -> Float[torch.Tensor, ""]:
        if teacher is None or self.matching is None:
            raise InputError(
                "Embedding matching takes both a teacher's vectors and matching=EmbeddingLoss(...); "
                f"{'the vectors' if teacher is None else 'the loss'} did not come."
            )
        student, wanted = vectors.stacked(), teacher.stacked()
        if len(student) != len(wanted):
            raise InputError(
                f"The teacher has vectors of {len(wanted):,} texts and the student of {len(student):,}: give "
                "it the same queries, documents and hard negatives."
            )
        numbers = torch.zeros(len(student), dtype=torch.int64, device=student.device)
        found: torch.Tensor = self.matching(student, wanted, numbers)
        return found
