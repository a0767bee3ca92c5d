"""WordLlama's static vectors: the mean of a text's token vectors, with no network at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from embedscope._errors import InputError
from embedscope.encoders.checks import check_texts, finish_vectors, refuse_task
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.packaged import PACKAGED
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.items.payloads import Payload

_BATCH = 256


class WordLlamaEncoder:
    """A table of token vectors as an encoder of texts: about a tenth of a millisecond a text, on any CPU.

    Parameters
    ----------
    table : ndarray of float32, shape (tokens, dims)
        A vector a token.
    tokenizer : tokenizers.Tokenizer
        Gives the tokens.
    weights : str
        Hash of both.
    licence : str
        Of the weights.
    """

    def __init__(
        self, table: Float32[np.ndarray, "tokens dims"], tokenizer: Tokenizer, weights: str, licence: str
    ) -> None:
        self._table = table
        self._tokenizer = tokenizer
        self._record = EncoderRecord(
            name="wordllama",
            modalities=frozenset({"text"}),
            dims=table.shape[1],
            parameters={"kind": "wordllama", "weights": weights},
            licence=licence,
            matryoshka=True,
        )

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        return self._record

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,  # noqa: ARG002 - a mean of token vectors has no side
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode texts in the order given.

        Parameters
        ----------
        payloads : sequence of str
            May be empty. Every token counts, however long a text is.
        role : {"query", "document"}, optional
            Makes no difference.
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
            If a payload is no text, or has no token (the empty text).
        """
        refuse_task(task, self.record.name)
        texts = check_texts(payloads, self.record.name)
        vectors = np.empty((len(texts), self.record.dims), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            for place, tokens in enumerate(
                self._tokenizer.encode_batch(batch, add_special_tokens=False), start
            ):
                vectors[place] = self._mean(tokens.ids, place)
            if progress is not None:
                progress(len(batch))
        return finish_vectors(vectors, dims=dims, normalise=True)

    def _mean(self, ids: list[int], place: int) -> Float32[np.ndarray, " dims"]:
        if not ids:
            raise InputError(f"Item {place} has no token, so {self.record.name} has no vector for it.")
        # Each text by itself: what else is in the batch cannot change a bit of it.
        return np.asarray(self._table[ids].mean(axis=0))


def load(place: str, options: LoadOptions) -> WordLlamaEncoder:
    """Load the packaged table and its tokenizer; the package itself is not imported.

    Parameters
    ----------
    place : str
        ``"wordllama"``.
    options : LoadOptions
        ``path`` is heeded; a device or precision makes no difference to a table.

    Returns
    -------
    WordLlamaEncoder
        Ready to encode.
    """
    options.extras(place)
    weights = PACKAGED["wordllama"]
    folder = Path(weights.folder(options.path))
    table = load_file(folder / "weights/l2_supercat_256.safetensors")["embedding.weight"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers/l2_supercat_tokenizer_config.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return WordLlamaEncoder(table.astype(np.float32), tokenizer, weights.fingerprint, weights.licence)
