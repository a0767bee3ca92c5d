"""MixtureSampler: batches of one source each, by rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int, Int64

from embedscope._errors import InputError
from embedscope.training.distinct import Distinct
from embedscope.training.mixture_turns import Turns
from embedscope.training.shuffled import Shuffled


@dataclass(frozen=True, eq=False)
class MixtureSource:
    """A data set of a mixture.

    Parameters
    ----------
    size : int
        Its items.
    rate : float, optional
        How often it gives a batch, relative to the others; its size, if not given.
    keys : ndarray of int, shape (size,) or (size, kinds), optional
        Two items that agree in one never come into one batch: of a pair, the query's key and the document's.

    Raises
    ------
    InputError
        If it has no items, or keys of another number.
    """

    size: int
    rate: float | int | None = None
    keys: Int[np.ndarray, "*shape"] | None = None

    def __post_init__(self) -> None:
        if self.size < 1:
            raise InputError(f"A source of {self.size} items came; wanted 1 or more: leave an empty one out.")
        shape = (self.size,) if self.keys is None else self.keys.shape
        if len(shape) not in (1, 2) or shape[0] != self.size:
            raise InputError(
                f"A source of {self.size:,} items came with keys of shape {shape}; wanted one for "
                "each item, or a row."
            )


@dataclass(frozen=True, eq=False)
class MixtureBatch:
    """A batch.

    Parameters
    ----------
    source : int
        The number of the source.
    rows : ndarray of int64, shape (batch,)
        Of its items, none twice.
    """

    source: int
    rows: Int64[np.ndarray, " batch"]


class MixtureSampler(Iterator[MixtureBatch]):
    """Endless batches, each of one source; the same seed gives the same, and a saved state goes on exactly.

    A batch of one data set has negatives that are hard to tell by their look alone.

    Parameters
    ----------
    sources : sequence of MixtureSource
        At least one.
    batch_size : int
        Items of a batch; fewer where a source has fewer, or has a key often (see `Distinct`).
    seed : int
        Of the orders within the sources.

    Raises
    ------
    InputError
        If there is no source, a rate is not positive, the batch size is below 1, or a key is that of more
        than half of the items of its source.

    Notes
    -----
    Which source is next is no draw: after any number of batches each source has given its share within one
    batch (see `Turns`). Within a source items come each once a round, in a new order every round; a batch
    that a round does not fill goes on with the next one. Time of a batch in proportion to its size.

    Examples
    --------
    >>> batches = MixtureSampler([MixtureSource(10), MixtureSource(30)], batch_size=2)
    >>> [next(batches).source for _ in range(8)]
    [1, 1, 0, 1, 1, 1, 0, 1]
    """

    def __init__(self, sources: Sequence[MixtureSource], batch_size: int, seed: int = 0) -> None:
        if not sources or batch_size < 1:
            raise InputError(
                f"{len(sources)} sources and batches of {batch_size} came; wanted 1 or more of both."
            )
        self.sizes = [source.size for source in sources]
        self.batch_size = batch_size
        self._rates = [float(s.size if s.rate is None else s.rate) for s in sources]
        self._turns = Turns(self._rates)
        self._orders = [_order(source) for source in sources]
        self._items = [0] * len(sources)
        self._rng = np.random.default_rng(seed)

    def __next__(self) -> MixtureBatch:
        source = self._turns.take()
        rows = self._orders[source].take(self.batch_size, self._rng)
        self._items[source] += len(rows)
        return MixtureBatch(source, np.asarray(rows, dtype=np.int64))

    @property
    def steps_per_epoch(self) -> int:
        """Batches that hold as many items as there are."""
        return -(-sum(self.sizes) // self.batch_size)

    @property
    def batches(self) -> list[int]:
        """Batches that each source has given."""
        return self._turns.given

    @property
    def rounds(self) -> list[float]:
        """How often each source has been gone through: items given, over items."""
        return [given / size for given, size in zip(self._items, self.sizes, strict=True)]

    def state_dict(self) -> dict[str, Any]:
        """Say where the batches stand; of batches fetched ahead it knows only that they were given.

        Returns
        -------
        dict
            Of numbers, strings and lists: JSON holds it.
        """
        return {
            "plan": self._plan(),
            "rng": self._rng.bit_generator.state,
            "batches": self.batches,
            "items": list(self._items),
            "left": [list(order.left) for order in self._orders],
            "waiting": [list(order.waiting) if isinstance(order, Distinct) else [] for order in self._orders],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where saved batches stood.

        Parameters
        ----------
        state : mapping
            What `state_dict` gave, of the same sources.

        Raises
        ------
        InputError
            If the sources, their rates or the batch size are others.
        """
        here = self._plan()
        other = [name for name, value in here.items() if state["plan"].get(name) != value]
        if other:
            raise InputError(
                f"The saved mixture has {other[0]}={state['plan'].get(other[0])} and this one "
                f"{here[other[0]]}: resume with the same sources, rates and batch size."
            )
        self._rng.bit_generator.state = state["rng"]
        self._turns.given = state["batches"]
        self._items = list(state["items"])
        for order, left, waiting in zip(self._orders, state["left"], state["waiting"], strict=True):
            order.left = list(left)
            if isinstance(order, Distinct):
                order.waiting = list(waiting)

    def _plan(self) -> dict[str, Any]:
        return {
            "sizes": list(self.sizes),
            "rates": list(self._rates),
            "batch_size": self.batch_size,
            "distinct": [isinstance(order, Distinct) for order in self._orders],
        }


def _order(source: MixtureSource) -> Shuffled:
    if source.keys is None:
        return Shuffled(range(source.size))
    return Distinct(source.keys.reshape(source.size, -1))
