"""Vectors that somebody computed before, given back for the payloads they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float32

from embedscope._arrays import as_vectors
from embedscope._errors import InputError, MissingError
from embedscope._hashing import hash_bytes, hash_record
from embedscope.encoders.checks import finish_vectors, refuse_single, refuse_task, wrong_modality
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.items.items import Items
from embedscope.items.payloads import Payload, content_hash, modality_of

_NAMED_PLACES = 5


class PrecomputedEncoder:
    """Known vectors as an encoder: it knows its items by their content, and no others.

    Parameters
    ----------
    items : Items
        What the vectors are of.
    vectors : array_like of shape (items, dims), or mapping of id to vector
        Rows in the order of ``items``, or by id; ids that ``items`` lacks are left aside.

    Raises
    ------
    InputError
        If an item has no vector, or there are more or fewer rows than items.

    Examples
    --------
    >>> items = Items.from_texts(["red", "blue"], ids=["r", "b"])
    >>> encoder = PrecomputedEncoder(items, {"b": [0.0, 1.0], "r": [1.0, 0.0]})
    >>> encoder.encode(["blue", "red"]).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """

    def __init__(self, items: Items, vectors: Any) -> None:
        self._vectors = as_vectors(_in_order(items, vectors) if isinstance(vectors, Mapping) else vectors)
        if len(self._vectors) != len(items):
            raise InputError(f"{len(self._vectors)} vectors came for {len(items)} items; wanted one each.")
        hashes = [items.content_hash(row) for row in range(len(items))]
        self._rows = {content: row for row, content in enumerate(hashes)}
        self._record = EncoderRecord(
            name="object:precomputed",
            modalities=frozenset({items.modality}),
            dims=self._vectors.shape[1],
            parameters={
                "kind": "precomputed",
                "weights": hash_record(
                    {"vectors": hash_bytes(self._vectors.data).hex(), "items": [h.hex() for h in hashes]}
                ),
            },
        )

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        return self._record

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,  # noqa: ARG002 - there is one vector an item
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Give the known vectors in the order of the payloads.

        Parameters
        ----------
        payloads : sequence of str or Image
            Some of the items' payloads; equal content is the same item. May be empty.
        role : {"query", "document"}, optional
            Makes no difference.
        task : str, optional
            There is none.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called once with the number of payloads.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            As they came.

        Raises
        ------
        InputError
            If a payload is of the other modality.
        MissingError
            If a payload is none of the items.
        """
        refuse_task(task, self.record.name)
        refuse_single(payloads)
        for place, payload in enumerate(payloads):
            if modality_of(payload) not in self.record.modalities:
                raise wrong_modality(payload, place, self.record.name, self.record.modalities)
        rows = [self._rows.get(content_hash(payload), -1) for payload in payloads]
        unknown = [place for place, row in enumerate(rows) if row < 0]
        if unknown:
            shown = ", ".join(str(place) for place in unknown[:_NAMED_PLACES])
            raise MissingError(
                f"{len(unknown)} of {len(rows)} payloads have no precomputed vector, at the places {shown}. "
                "Only what the vectors were computed of can be looked up; encode others with a model."
            )
        if progress is not None and rows:
            progress(len(rows))
        return finish_vectors(self._vectors[np.asarray(rows, np.int64)], dims=dims)


def _in_order(items: Items, vectors: Mapping[Any, Any]) -> list[Any]:
    missing = [item for item in items.ids if item not in vectors]
    if missing:
        raise InputError(f"{len(missing)} items have no vector, the first with the id {missing[0]!r}.")
    return [vectors[item] for item in items.ids]


def from_vectors(vectors: Any, options: LoadOptions) -> PrecomputedEncoder:
    """Make an encoder of vectors in memory.

    Parameters
    ----------
    vectors : array_like or mapping
        As `PrecomputedEncoder` takes them.
    options : LoadOptions
        Its extra is ``items``.

    Returns
    -------
    PrecomputedEncoder
        Its record has no name that can be loaded again.

    Raises
    ------
    InputError
        If ``items`` is missing.
    """
    items = options.extras("object:precomputed", items=None)["items"]
    if not isinstance(items, Items):
        raise InputError("Vectors need the items they are of: load_encoder(vectors, items=items).")
    return PrecomputedEncoder(items, vectors)
