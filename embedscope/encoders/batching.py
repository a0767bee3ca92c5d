"""Batches: items of like length together under a budget, halved when the memory runs out.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int64

from embedscope._device import is_out_of_memory, release_memory
from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.encoders.protocol import Progress

Forward = Callable[[Int64[np.ndarray, " batch"]], torch.Tensor]


@dataclass(frozen=True)
class Budget:
    """How large a batch may be.

    Parameters
    ----------
    tokens : int
        Most tokens a batch, padding counted: items × longest.
    items : int
        Most items a batch.
    enough : int
        Tokens from which a batch is worth its launch: from there on an item of another length starts
        the next batch, so that nothing is padded.
    """

    tokens: int
    items: int
    enough: int


def plan_batches(lengths: Int64[np.ndarray, " items"], budget: Budget) -> list[Int64[np.ndarray, " batch"]]:
    """Group items of like length.

    Parameters
    ----------
    lengths : ndarray of int64, shape (items,)
        Tokens of each item; 1 each where they are all alike, as images are.
    budget : Budget
        How large a batch may be. An item that is longer than the budget gets a batch of its own.

    Returns
    -------
    list of ndarray of int64
        Places of each batch's items, longest first: a batch that does not fit shows at the start. Every
        item is in one batch.

    Notes
    -----
    The items are sorted by length (stable, O(n log n)) and cut greedily. The same lengths give the same
    batches, so that the same input gives the same bits.

    Examples
    --------
    >>> lengths = np.array([2, 9, 2, 9])
    >>> [batch.tolist() for batch in plan_batches(lengths, Budget(tokens=18, items=8, enough=4))]
    [[1, 3], [0, 2]]
    """
    order = np.argsort(-lengths, kind="stable")
    batches: list[Int64[np.ndarray, " batch"]] = []
    start = 0
    for place, row in enumerate(order):
        longest = max(1, int(lengths[order[start]]))
        count = place - start
        full = count >= budget.items or (count + 1) * longest > budget.tokens
        padded = lengths[row] < longest and count * longest >= budget.enough
        if count and (full or padded):
            batches.append(order[start:place])
            start = place
    if len(order):
        batches.append(order[start:])
    return batches


class Batcher:
    """Run a model over batches, with smaller ones once the memory ran out.

    It remembers what did not fit, so that the next call does not try it again.

    Parameters
    ----------
    device : torch.device
        Where the model computes.
    budget : Budget
        How large a batch may be.
    """

    def __init__(self, device: torch.device, budget: Budget) -> None:
        self.device = device
        self.budget = budget
        self._too_large: int | None = None

    def run(
        self,
        lengths: Sequence[int] | Int64[np.ndarray, " items"],
        forward: Forward,
        dims: int,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Compute a vector for each item, in the order given.

        Parameters
        ----------
        lengths : sequence of int
            Tokens of each item.
        forward : callable
            Takes the places of a batch's items (int64) and gives their vectors, a tensor (batch, dims).
        dims : int
            Length of a vector.
        progress : callable, optional
            Called with the number of items finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Row i is item i's vector.

        Raises
        ------
        InputError
            If one item alone does not fit into the memory.
        """
        sizes = np.asarray(lengths, dtype=np.int64)
        vectors = np.empty((len(sizes), dims), dtype=np.float32)
        waiting = deque(plan_batches(sizes, self.budget))
        while waiting:
            rows = waiting.popleft()
            found = None if self._known_too_large(sizes[rows]) else self._try(rows, sizes[rows], forward)
            if found is None:
                middle = (len(rows) + 1) // 2
                waiting.extendleft([rows[middle:], rows[:middle]])
                continue
            vectors[rows] = found
            if progress is not None:
                progress(len(rows))
        return vectors

    def _known_too_large(self, sizes: Int64[np.ndarray, " batch"]) -> bool:
        return self._too_large is not None and len(sizes) > 1 and _cost(sizes) >= self._too_large

    def _try(
        self, rows: Int64[np.ndarray, " batch"], sizes: Int64[np.ndarray, " batch"], forward: Forward
    ) -> Float32[np.ndarray, "batch dims"] | None:
        """Give the batch's vectors, or None if they do not fit and the batch can be halved."""
        try:
            return forward(rows).float().cpu().numpy()
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if len(rows) == 1:
                raise InputError(
                    f"Item {rows[0]} ({sizes[0]} tokens) alone does not fit into the memory of "
                    f"{self.device}: {error}. Load the encoder with device='cpu', or shorten the item."
                ) from error
        # Past the except clause: the traceback, which holds the batch's tensors, is gone.
        release_memory(self.device)
        self._too_large = _cost(sizes)
        warnings.warn(
            f"Out of memory on {self.device} with {len(rows)} items of up to {sizes.max()} tokens: "
            f"going on with {(len(rows) + 1) // 2} at a time. batch_size= sets a size from the start.",
            EmbedscopeWarning,
            stacklevel=4,
        )
        return None


def _cost(sizes: Int64[np.ndarray, " batch"]) -> int:
    return len(sizes) * max(1, int(sizes.max()))
