"""The contract of every encoder: payloads in, float32 vectors out, and a record of what made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from jaxtyping import Float32

from embedscope._hashing import hash_record
from embedscope.items.payloads import Modality, Payload

Role: TypeAlias = Literal["query", "document"]
Progress: TypeAlias = Callable[[int], object]


@dataclass(frozen=True)
class EncoderRecord:
    """What is known of an encoder once it is gone; a space keeps it with its vectors.

    Parameters
    ----------
    name : str
        What `embedscope.load_encoder` takes, for example ``"timm:efficientnet_lite0"``.
    modalities : frozenset of {"text", "image"}
        What it encodes.
    dims : int
        Length of a vector.
    parameters : mapping
        All that changes a vector: model, revision or hash of the weights, dtype, pooling, max length,
        prompts, preprocessing. JSON values only.
    licence : str
        Of the weights, where known.
    matryoshka : bool
        Whether it was trained so that a prefix of a vector is a vector too.
    """

    name: str
    modalities: frozenset[Modality]
    dims: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    licence: str = ""
    matryoshka: bool = False

    @property
    def fingerprint(self) -> str:
        """Hash of all that changes a vector: another fingerprint is another space.

        The name counts only where the parameters hold no hash of the weights: the same weights in another
        folder are the same encoder.
        """
        known = self.parameters.get("weights", {"name": self.name})
        return hash_record({"weights": known, "dims": self.dims, "parameters": dict(self.parameters)})


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns payloads into vectors."""

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        ...

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode payloads in the order given.

        Parameters
        ----------
        payloads : sequence of str or Image
            All of one modality that the encoder has. May be empty.
        role : {"query", "document"}, optional
            Which side of a retrieval the payloads are; encoders without sides ignore it.
        task : str, optional
            Name of a task for which the encoder has a prompt; an encoder without tasks raises on one.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called with the number of payloads finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Finite; a row's value does not depend on its batch mates beyond rounding.

        Raises
        ------
        InputError
            If a payload is of a modality the encoder does not have, or a vector is not finite: the
            message names the item's place.
        """
        ...
