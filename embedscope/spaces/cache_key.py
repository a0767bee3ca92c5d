"""What a vector in the store was made with: one key, one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import embedscope
from embedscope._hashing import hash_record
from embedscope.encoders.protocol import EncoderRecord, Role

# Goes up when the meaning of a stored row changes; vectors of another format are then not found.
FORMAT = 1


@dataclass(frozen=True, eq=False)
class CacheKey:
    """All that changes a vector, apart from the item's content.

    Parameters
    ----------
    encoder : EncoderRecord
        The encoder: model, revision, dtype, pooling, max length, prompts, preprocessing.
    role : {"query", "document"}, optional
        Side of a retrieval.
    task : str, optional
        Name of the task's prompt.
    dims : int, optional
        Length that was asked for; None: the encoder's own.

    Examples
    --------
    >>> record = EncoderRecord("minilm", frozenset({"text"}), 384)
    >>> CacheKey(record).name == CacheKey(record, role="query").name
    False
    """

    encoder: EncoderRecord
    role: Role | None = None
    task: str | None = None
    dims: int | None = None

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return self.encoder.dims if self.dims is None else self.dims

    @cached_property
    def name(self) -> str:
        """Name of the key's table: 32 hexadecimal digits."""
        return hash_record(
            {
                "format": FORMAT,
                "encoder": self.encoder.fingerprint,
                "role": self.role,
                "task": self.task,
                "dims": self.dims,
            }
        )

    def describe(self) -> Mapping[str, Any]:
        """Say what the key means, for people and for the store's list.

        Returns
        -------
        mapping
            JSON values.

        Examples
        --------
        >>> CacheKey(EncoderRecord("minilm", frozenset({"text"}), 384)).describe()["width"]
        384
        """
        return {
            "format": FORMAT,
            "embedscope": embedscope.__version__,
            "encoder": self.encoder.name,
            "fingerprint": self.encoder.fingerprint,
            "parameters": dict(self.encoder.parameters),
            "role": self.role,
            "task": self.task,
            "dims": self.dims,
            "width": self.width,
        }
