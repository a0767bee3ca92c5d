"""A function from texts to vectors as an encoder: what packages that bring their own code have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32

from embedscope.encoders.checks import check_texts, finish_vectors, refuse_task
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.items.payloads import Payload

Embed: TypeAlias = Callable[[list[str], Role | None], np.ndarray]

# Few enough that a batch's numbers stay in the processor's caches, and that progress moves.
_BATCH = 32


class TextFunctionEncoder:
    """A function from texts to vectors, as an encoder of texts.

    Parameters
    ----------
    embed : callable
        Takes a list of texts that UTF-8 can write and a role, and gives float32 of shape (texts, dims). No
        vector may depend on the other texts.
    record : EncoderRecord
        What makes its vectors what they are.
    batch_size : int, optional
        Most texts a call; 32 where nothing is said.
    """

    def __init__(self, embed: Embed, record: EncoderRecord, batch_size: int | None = None) -> None:
        self._embed = embed
        self._record = record
        self._batch_size = batch_size or _BATCH

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        return self._record

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode texts in the order given.

        Parameters
        ----------
        payloads : sequence of str
            May be empty. The empty text has a vector too. A lone surrogate, which has no UTF-8 form, counts
            as a question mark.
        role : {"query", "document"}, optional
            Which side of a retrieval the texts are, for models that know sides.
        task : str, optional
            There is none.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called with the number of texts finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Normalised.

        Raises
        ------
        InputError
            If a payload is no text.
        """
        refuse_task(task, self.record.name)
        texts = check_texts(payloads, self.record.name)
        vectors = np.empty((len(texts), self.record.dims), np.float32)
        for start in range(0, len(texts), self._batch_size):
            batch = [_writable(text) for text in texts[start : start + self._batch_size]]
            vectors[start : start + len(batch)] = self._embed(batch, role)
            if progress is not None:
                progress(len(batch))
        return finish_vectors(vectors, dims=dims, normalise=True)


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
