"""PairVectors, PairKeys: a batch of pairs and hard negatives, as vectors and as what is equal among them.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int

from embedscope._errors import InputError
from embedscope.training.losses.directions import unit


@dataclass(frozen=True, eq=False)
class PairVectors:
    """The vectors of a batch: each query, its document, and as many hard negatives as it has.

    Parameters
    ----------
    queries : Tensor, shape (pairs, dims)
        Of any length: cosine similarity counts.
    positives : Tensor, shape (pairs, dims)
        Row by row the queries' documents.
    negatives : Tensor, shape (pairs, hard, dims), optional
        Documents near each query that are no answer.
    present : Tensor of bool, shape (pairs, hard), optional
        Which hard negatives there are; what is elsewhere fills up and never counts. All, if not given.

    Raises
    ------
    InputError
        If there is no pair, or the shapes are not of the same pairs and dims.

    Examples
    --------
    >>> PairVectors(torch.eye(3), torch.eye(3), torch.ones(3, 2, 3)).stacked().shape
    torch.Size([12, 3])
    """

    queries: Float[torch.Tensor, "_ _"]
    positives: Float[torch.Tensor, "_ _"]
    negatives: Float[torch.Tensor, "_ _ _"] | None = None
    present: Bool[torch.Tensor, "_ _"] | None = None

    def __post_init__(self) -> None:
        pairs, dims = self.queries.shape
        if not pairs:
            raise InputError("A batch of no pairs came; wanted one pair at least.")
        _check("positives", self.positives, (pairs, dims))
        hard = 0 if self.negatives is None else self.negatives.shape[1]
        if self.negatives is not None:
            _check("negatives", self.negatives, (pairs, hard, dims))
        if self.present is not None:
            _check("present", self.present, (pairs, hard))

    @classmethod
    def of_stacked(
        cls,
        stacked: Float[torch.Tensor, "texts dims"],
        n_pairs: int,
        present: Bool[torch.Tensor, "_ _"] | None = None,
    ) -> PairVectors:
        """Part what a model gave for all texts of a batch, such as the vectors of a gradient cache.

        Parameters
        ----------
        stacked : Tensor, shape (texts, dims)
            The queries, then their documents, then the hard negatives that there are, query by query.
        n_pairs : int
            How many queries.
        present : Tensor of bool, shape (pairs, hard), optional
            Which hard negatives there are; none, if not given.

        Returns
        -------
        PairVectors
            Gradients flow back into ``stacked``.

        Raises
        ------
        InputError
            If there are more or fewer texts than these.

        Examples
        --------
        >>> parted = PairVectors.of_stacked(torch.eye(5), 2, torch.tensor([[False], [True]]))
        >>> parted.negatives[1]
        tensor([[0., 0., 0., 0., 1.]])
        """
        hard = 0 if present is None else int(present.sum())
        if len(stacked) != 2 * n_pairs + hard:
            raise InputError(
                f"{len(stacked):,} vectors came; wanted {2 * n_pairs + hard:,}: those of {n_pairs:,} "
                f"queries, of as many documents, and of {hard:,} hard negatives."
            )
        queries, positives, rest = torch.split(stacked, [n_pairs, n_pairs, hard])
        if present is None:
            return cls(queries, positives)
        present = present.to(stacked.device)
        negatives = stacked.new_zeros(*present.shape, stacked.shape[1])
        negatives[present] = rest
        return cls(queries, positives, negatives, present)

    def __len__(self) -> int:
        return len(self.queries)

    @property
    def dims(self) -> int:
        """Length of the vectors."""
        return int(self.queries.shape[1])

    def stacked(self) -> Float[torch.Tensor, "texts dims"]:
        """Give all vectors in one matrix, in the order that `of_stacked` takes.

        Returns
        -------
        Tensor, shape (texts, dims)
            Without what only fills up.
        """
        parts = [self.queries, self.positives]
        if self.negatives is not None:
            rows = self.negatives.flatten(0, 1)
            parts.append(rows if self.present is None else rows[self.present.flatten().to(rows.device)])
        return torch.cat(parts)

    def prefix(self, dims: int) -> PairVectors:
        """Cut each vector to its first dims.

        Parameters
        ----------
        dims : int
            How many.

        Returns
        -------
        PairVectors
            Not brought to length 1: what takes cosines does that.
        """
        negatives = None if self.negatives is None else self.negatives[..., :dims]
        return PairVectors(self.queries[:, :dims], self.positives[:, :dims], negatives, self.present)

    def directions(self) -> PairVectors:
        """Bring each vector to length 1, in float32 at least.

        Returns
        -------
        PairVectors
            A vector of zeros stays one.
        """
        negatives = None if self.negatives is None else unit(_full(self.negatives))
        return PairVectors(unit(_full(self.queries)), unit(_full(self.positives)), negatives, self.present)


@dataclass(frozen=True, eq=False)
class PairKeys:
    """Numbers of the texts of a batch: equal where the texts are one, or count as one.

    Parameters
    ----------
    queries, positives : Tensor of int, shape (pairs,)
        Ids or hashes, never found by comparing vectors.
    negatives : Tensor of int, shape (pairs, hard), optional
        Of the hard negatives, in the same numbers as the positives.

    Raises
    ------
    InputError
        If they are not of the same pairs.

    Examples
    --------
    >>> keys = PairKeys(torch.tensor([1, 2, 3]), torch.tensor([7, 7, 8]))
    >>> keys.is_other()
    tensor([[False, False,  True],
            [False, False,  True],
            [ True,  True, False]])
    """

    queries: Int[torch.Tensor, " _"]
    positives: Int[torch.Tensor, " _"]
    negatives: Int[torch.Tensor, "_ _"] | None = None

    def __post_init__(self) -> None:
        pairs = len(self.queries)
        _check("keys of the positives", self.positives, (pairs,))
        if self.negatives is not None:
            _check("keys of the negatives", self.negatives, (pairs, self.negatives.shape[1]))

    def to(self, device: torch.device) -> PairKeys:
        """Bring the keys to a device.

        Parameters
        ----------
        device : torch.device
            Where the vectors are.

        Returns
        -------
        PairKeys
            The same numbers.
        """
        negatives = None if self.negatives is None else self.negatives.to(device)
        return PairKeys(self.queries.to(device), self.positives.to(device), negatives)

    def is_other(self) -> Bool[torch.Tensor, "pairs pairs"]:
        """Say whose document may be a negative of whose query.

        Returns
        -------
        Tensor of bool, shape (pairs, pairs)
            False where the queries are equal or the documents are; so on the diagonal.
        """
        same_query = self.queries[:, None] == self.queries[None, :]
        same_positive = self.positives[:, None] == self.positives[None, :]
        return ~(same_query | same_positive)

    def is_answer(
        self, queries: Int[torch.Tensor, "*shape"], documents: Int[torch.Tensor, "*shape"]
    ) -> Bool[torch.Tensor, "*shape"]:
        """Say which documents some pair of the batch names as the query's own.

        Parameters
        ----------
        queries, documents : Tensor of int, of one shape
            Keys.

        Returns
        -------
        Tensor of bool, of that shape
            Whether the pair is among those of the batch.

        Examples
        --------
        >>> keys = PairKeys(torch.tensor([1, 1]), torch.tensor([7, 8]))
        >>> keys.is_answer(torch.tensor([1, 1, 2]), torch.tensor([8, 9, 8]))
        tensor([ True, False, False])
        """
        known, numbers = torch.unique(torch.cat([self.positives, documents.flatten()]), return_inverse=True)
        _, askers = torch.unique(torch.cat([self.queries, queries.flatten()]), return_inverse=True)
        # A pair of keys becomes one number.
        codes = askers * len(known) + numbers
        own, asked = codes[: len(self.positives)], codes[len(self.positives) :]
        return torch.isin(asked, own).reshape(documents.shape)


def _full(vectors: torch.Tensor) -> torch.Tensor:
    """Half precision has three digits: the scores of near neighbours would be one."""
    return vectors.float() if vectors.dtype in (torch.float16, torch.bfloat16) else vectors


def _check(name: str, found: torch.Tensor, shape: tuple[int, ...]) -> None:
    if tuple(found.shape) != shape:
        raise InputError(f"The {name} are of shape {tuple(found.shape)}; with these queries wanted {shape}.")
