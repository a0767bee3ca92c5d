"""What a run of the workbench encodes: one space, or a teacher's and a student's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embedscope._errors import InputError
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.spaces.cached import count_cached
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.views.job_words import Order, check_fits

# What a cancel may cost: a twentieth of the work, between these numbers of items.
_STEPS = 20
_CHUNKS = (32, 1024)


class Encoding:
    """The part of a run that loads data and encoders, and encodes.

    Parameters
    ----------
    order : Order
        What is to be done.
    data : object
        What `embedscope.load_items` takes, or a space.
    begin : callable
        Gets each stage in words; what it raises ends the run.

    Attributes
    ----------
    at_hand : str
        The encoder that is loaded, or that encodes; empty before.
    is_loading : bool
        Whether it is being loaded.
    stage : str
        What is encoded now, in words; empty: nothing.

    Examples
    --------
    >>> space = Space.from_arrays([[0, 1], [1, 0], [1, 1]])
    >>> [one.ids for one in Encoding(Order("variable:space", has_vectors=True), space, print).spaces()]
    [(0, 1, 2)]
    """

    def __init__(self, order: Order, data: Any, begin: Callable[[str], object]) -> None:
        self.at_hand, self.is_loading, self.stage = "", False, ""
        self._order, self._data, self._begin = order, data, begin
        self._items: Items | None = None
        self._encoders: list[Encoder] = []

    def spaces(self) -> tuple[Space, ...]:
        """Load and encode.

        Returns
        -------
        tuple of Space
            One, or the teacher's and the student's, of the same items.

        Raises
        ------
        InputError
            If there is nothing to embed, or an encoder cannot read it.
        """
        order = self._order
        if order.encoder:
            items = self._load()
            first = self._encode(items, order.encoder, ", the teacher" if order.student else "")
        else:
            first = self._own_vectors()
            items = first.items
        if not order.student:
            return (first,)
        check_fits(order.student, items.modality, order.title)
        self._items = items
        return first, self._encode(items, order.student, ", the student")

    def _own_vectors(self) -> Space:
        space: Space = self._data
        sample = self._order.sample
        return space if sample is None else space.subset(space.items.sample(sample).ids)

    def _load(self) -> Items:
        order = self._order
        self._begin(f"Loading {order.title}")
        source = self._data.items if isinstance(self._data, Space) else self._data
        items = load_items(source, sample=order.sample)
        if not len(items.valid):
            reasons = "; ".join(str(problem) for problem in items.problems[:3])
            raise InputError(f"There is nothing to embed in {order.title!r}. {reasons}".strip())
        self._items = items.valid
        for encoder in filter(None, (order.encoder, order.student)):
            check_fits(encoder, items.modality, order.title)
        return self._items

    def _encode(self, items: Items, name: str, role: str) -> Space:
        self._begin(f"Loading {name}{role}")
        self.at_hand, self.is_loading = name, True
        encoder = load_encoder(name, device=self._order.device)
        self._encoders.append(encoder)
        self.is_loading, self.stage = False, f"Encoding with {name}{role}"
        self._begin(self.stage)
        space = encode(items, encoder, chunk=_chunk(len(items)), progress=False)
        self.stage = ""
        return space

    def kept(self) -> str:
        """Say how much is kept of what was begun.

        Returns
        -------
        str
            A sentence, or nothing where nothing was begun.
        """
        if self._items is None or not self._encoders:
            return ""
        counts = [count_cached(self._items, encoder) for encoder in self._encoders]
        cached, total = (sum(count) for count in zip(*counts, strict=True))
        return f"{cached:,} of {total:,} vectors are kept; run again to go on."


def _chunk(n: int) -> int:
    smallest, largest = _CHUNKS
    return min(largest, max(smallest, n // _STEPS))
