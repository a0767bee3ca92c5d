"""Any text model of transformers, with the pooling that the person chooses.

This file imports torch and transformers: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Int64
from transformers import AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from embedscope._errors import InputError
from embedscope.encoders.checks import check_texts, finish_vectors, refuse_task
from embedscope.encoders.found import FoundWeights, find_weights
from embedscope.encoders.names import join_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.pooling import check_pooling, pool
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.encoders.quiet import quiet_loading
from embedscope.encoders.runner import Runner
from embedscope.encoders.text_batches import pad_batch, text_budget
from embedscope.items.payloads import Payload

# Tokenizers write a number past any model for "no limit".
_NO_LIMIT = 1_000_000


class TransformersEncoder:
    """A transformers model with a pooling as an encoder of texts.

    Parameters
    ----------
    model : PreTrainedModel
        Gives ``last_hidden_state``.
    tokenizer : PreTrainedTokenizerBase
        Its tokenizer.
    found : FoundWeights
        Where the weights came from.
    options : LoadOptions
        Extras: ``pooling`` ("mean", "cls" or "last"), ``max_length`` (tokens), ``normalise`` (True), and
        ``prompts``, a mapping of a role's or task's name to what goes before the text.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        found: FoundWeights,
        options: LoadOptions,
    ) -> None:
        extra = options.extras(found.name, pooling="mean", max_length=None, normalise=True, prompts=None)
        self._pooling = check_pooling(extra["pooling"])
        self._normalise = bool(extra["normalise"])
        self._prompts: dict[str, str] = dict(extra["prompts"] or {})
        self._tokenizer = tokenizer
        self._max_length = extra["max_length"] or _longest(model, tokenizer)
        self._runner = Runner(model, options, text_budget)
        self._record = EncoderRecord(
            name=join_name(found.name, {"revision": options.revision, **options.extra}),
            modalities=frozenset({"text"}),
            dims=int(model.config.hidden_size),
            parameters={
                "kind": "transformers",
                "weights": found.fingerprint,
                "dtype": self._runner.dtype,
                "pooling": self._pooling,
                "max_length": self._max_length,
                "normalise": self._normalise,
                "prompts": self._prompts,
            },
            licence=found.licence,
        )

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
            May be empty.
        role : {"query", "document"}, optional
            Chooses the prompt of that name, if there is one.
        task : str, optional
            Name of a prompt; goes before the role.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called with the number of texts finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Normalised unless the encoder was loaded with ``normalise=False``.

        Raises
        ------
        InputError
            If a payload is no text, or a vector is not finite.
        MissingError
            If there is no prompt for the task.
        """
        refuse_task(task, self.record.name, self._prompts)
        prompt = self._prompts.get(task or role or "", "")
        texts = [prompt + text for text in check_texts(payloads, self.record.name)]
        vectors = self._encode_texts(texts, progress)
        return finish_vectors(vectors, dims=dims, normalise=self._normalise)

    def _encode_texts(self, texts: list[str], progress: Progress | None) -> np.ndarray:
        tokens = self._tokenise(texts)

        def forward(rows: Int64[np.ndarray, " batch"]) -> torch.Tensor:
            chosen = {name: [lists[row] for row in rows] for name, lists in tokens.items()}
            # Always on the right, whatever the tokenizer prefers: positions count from the first token.
            batch = pad_batch(chosen, {}, "right", self._runner.device)
            hidden = self._runner.compute(self._last_layer, **batch)
            return pool(hidden, batch["attention_mask"], self._pooling)

        lengths = [len(row) for row in tokens.get("input_ids", [])]
        return self._runner.batcher.run(lengths, forward, self.record.dims, progress)

    def _last_layer(self, **batch: torch.Tensor) -> Any:
        return self._runner.model(**batch).last_hidden_state

    def _tokenise(self, texts: list[str]) -> dict[str, list[list[int]]]:
        if not texts:
            return {}
        return dict(
            self._tokenizer(
                texts,
                truncation=self._max_length is not None,
                max_length=self._max_length,
                padding=False,
                return_attention_mask=False,
            )
        )


def _longest(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int | None:
    limits = [tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None)]
    known = [int(limit) for limit in limits if limit is not None and 0 < limit < _NO_LIMIT]
    return min(known) if known else None


def load(place: str, options: LoadOptions) -> TransformersEncoder:
    """Load a transformers model: a folder, or one of the hub.

    Parameters
    ----------
    place : str
        A folder, or ``"owner/name"``.
    options : LoadOptions
        Extras: ``pooling``, ``max_length``, ``normalise`` and ``prompts``.

    Returns
    -------
    TransformersEncoder
        Ready to encode.

    Raises
    ------
    InputError
        If the folder has no tokenizer, hence is no text model.
    """
    found = find_weights(place, "transformers", options)
    trust = {"trust_remote_code": options.trust_remote_code, "local_files_only": True}
    try:
        tokenizer = AutoTokenizer.from_pretrained(found.folder, **trust)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{found.name} has no tokenizer that transformers can load ({reason}); an image model is loaded "
            "as timm:<name> or open_clip:<name>."
        ) from error
    with quiet_loading():
        model = AutoModel.from_pretrained(found.folder, use_safetensors=True, dtype=torch.float32, **trust)
    if model.config.is_encoder_decoder:
        model = model.get_encoder()
    return TransformersEncoder(model, tokenizer, found, options)
