"""Masked NCE: each query's document against the others of the batch, equal ones left out.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float

from embedscope._errors import InputError
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors


@dataclass(frozen=True)
class NceOptions:
    """What the loss leaves open.

    Parameters
    ----------
    temperature : float
        Divides the cosine similarities. Gemini Embedding's authors do not publish theirs; this one is ours.
    hardness : float
        A query's own hard negatives weigh exp(hardness · similarity), without a gradient through the weight;
        0: all weigh one. EmbeddingGemma has 5.
    shared_negatives : bool
        Whether hard negatives are also negatives of the other queries, weighing one there; else of their own
        query alone.

    Raises
    ------
    InputError
        If the temperature is not positive, or the hardness is below 0.
    """

    temperature: float | int = 0.05
    hardness: float | int = 0.0
    shared_negatives: bool = False

    def __post_init__(self) -> None:
        if not (self.temperature > 0 and self.hardness >= 0):
            raise InputError(
                f"temperature={self.temperature:g}, hardness={self.hardness:g} came; wanted a positive "
                "temperature, and a hardness of 0 or more."
            )


class MaskedNceLoss(torch.nn.Module):
    """Mean over the pairs of -log of the share of a query's own document among all that count.

    The mask is what lets data of few labels train, where many documents of a batch are equal.

    Parameters
    ----------
    options : NceOptions, optional
        The open choices.

    Notes
    -----
    With s the cosine similarity, in nats::

        -log  e^(s(q_i, p_i) / τ) / (e^(s(q_i, p_i) / τ) + Σ_hard w e^(s(q_i, n) / τ)
                                     + Σ_(j≠i) m_ij e^(s(q_i, p_j) / τ))

    m_ij is 0 where q_i equals q_j or p_i equals p_j, by their keys, else 1. A hard negative that some pair of
    the batch gives the same query as its document is left out as well. The paper's equation, read literally,
    has no positive below the line and no lower bound; Gemini Embedding 2 writes it as here. Queries are never
    each other's negatives. Time and memory pairs × (pairs + hard), or pairs² × (1 + hard) where negatives are
    shared; across processes each has its own batch.

    References
    ----------
    Lee et al. 2025, arXiv 2503.07891; Gemini Embedding 2, arXiv 2605.27295; hardness: EmbeddingGemma,
    Schechter Vera et al. 2025, arXiv 2509.20354. Ours: the temperature, and shared negatives as an option.

    Examples
    --------
    >>> labels = torch.eye(2)[[0, 0, 1, 1]]
    >>> batch, keys = PairVectors(labels, labels), PairKeys(torch.arange(4), torch.tensor([0, 0, 1, 1]))
    >>> round(MaskedNceLoss()(batch).item(), 4), round(MaskedNceLoss()(batch, keys).item(), 4)
    (0.6931, 0.0)
    """

    def __init__(self, options: NceOptions | None = None) -> None:
        super().__init__()
        self.options = options or NceOptions()

    def forward(self, vectors: PairVectors, keys: PairKeys | None = None) -> Float[torch.Tensor, ""]:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : PairVectors
            With gradients.
        keys : PairKeys, optional
            What is equal; without them nothing is masked.

        Returns
        -------
        Tensor, shape ()
            In float32 at least, also under autocast; 0, with a gradient of 0, where no pair has a negative.

        Raises
        ------
        InputError
            See `terms`.
        """
        return self.terms(vectors, keys).mean()

    def terms(self, vectors: PairVectors, keys: PairKeys | None = None) -> Float[torch.Tensor, " pairs"]:
        """Compute each pair's loss.

        Parameters
        ----------
        vectors : PairVectors
            With gradients.
        keys : PairKeys, optional
            What is equal; without them nothing is masked.

        Returns
        -------
        Tensor, shape (pairs,)
            From 0, in nats.

        Raises
        ------
        InputError
            If the keys are of another batch, or there are hard negatives and they have none.
        """
        device = vectors.queries.device
        keys = None if keys is None else _fitting(keys.to(device), vectors)
        with torch.autocast(device.type, enabled=False):
            found = vectors.directions()
            scores = found.queries @ found.positives.T / self.options.temperature
            own = scores.diagonal()[:, None]
            # Over the own score the sum has a term that is 1: it neither overflows nor vanishes.
            counts = torch.eye(len(found), dtype=torch.bool, device=device)
            counts = counts | (~counts if keys is None else keys.is_other())
            columns = [(scores - own).masked_fill(~counts, -torch.inf)]
            if found.negatives is not None:
                hard, is_hard = self._hard(found, found.negatives, keys)
                columns.append((hard - own).masked_fill(~is_hard, -torch.inf))
            return torch.logsumexp(torch.cat(columns, dim=1), dim=1)

    def _hard(
        self, found: PairVectors, negatives: Float[torch.Tensor, "pairs hard dims"], keys: PairKeys | None
    ) -> tuple[Float[torch.Tensor, "pairs columns"], Bool[torch.Tensor, "pairs columns"]]:
        """Score the hard negatives, and say which of them count."""
        pairs, hard, _ = negatives.shape
        device = negatives.device
        is_there = torch.ones(pairs, hard, dtype=torch.bool, device=device)
        if found.present is not None:
            is_there = found.present.to(device)
        names = None if keys is None else keys.negatives
        if self.options.shared_negatives:
            similarities = found.queries @ negatives.flatten(0, 1).T
            owners = torch.arange(pairs, device=device).repeat_interleave(hard)
            is_own = owners[None, :] == torch.arange(pairs, device=device)[:, None]
            is_there = is_there.flatten().expand(pairs, -1)
            names = None if names is None else names.flatten().expand(pairs, -1)
        else:
            similarities = torch.einsum("pd,phd->ph", found.queries, negatives)
            is_own = torch.ones_like(is_there)
        if keys is not None and names is not None:
            is_there = is_there & ~keys.is_answer(keys.queries[:, None].expand_as(names), names)
        weights = self.options.hardness * similarities.detach() * is_own
        return similarities / self.options.temperature + weights, is_there


def _fitting(keys: PairKeys, vectors: PairVectors) -> PairKeys:
    if len(keys.queries) != len(vectors):
        raise InputError(f"Keys of {len(keys.queries):,} pairs came for vectors of {len(vectors):,}.")
    if vectors.negatives is not None:
        wanted = tuple(vectors.negatives.shape[:2])
        came = None if keys.negatives is None else tuple(keys.negatives.shape)
        if came != wanted:
            raise InputError(
                f"The keys of the hard negatives are {'none' if came is None else came}; wanted {wanted}. "
                "Give a key for each, any number where there is no negative."
            )
    return keys
