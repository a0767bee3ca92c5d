"""Draws: which rows of the items make a batch, and in which variant each is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from jaxtyping import Int64

from embedscope.training.samplers import ClassBalancedBatches


class Draws(Iterator[tuple[np.ndarray, np.ndarray]]):
    """Endless rows and variants; the same seed gives the same, and a saved state goes on exactly.

    Parameters
    ----------
    batches : ClassBalancedBatches
        Draws the rows.
    variants : int
        The highest; 0: each item as it is.
    seed : int
        Of the variants.
    """

    def __init__(self, batches: ClassBalancedBatches, variants: int, seed: int) -> None:
        self.batches, self._variants = batches, variants
        self._rng = np.random.default_rng([seed, 1])

    def __next__(self) -> tuple[Int64[np.ndarray, " batch"], Int64[np.ndarray, " batch"]]:
        rows = next(self.batches)
        return rows, self._rng.integers(0, self._variants + 1, len(rows))

    def state_dict(self) -> dict[str, Any]:
        """Say where the draws stand.

        Returns
        -------
        dict
            JSON values.
        """
        return {"batches": self.batches.state_dict(), "rng": self._rng.bit_generator.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where saved draws stood.

        Parameters
        ----------
        state : mapping
            What `state_dict` gave.
        """
        self.batches.load_state_dict(state["batches"])
        self._rng.bit_generator.state = state["rng"]
