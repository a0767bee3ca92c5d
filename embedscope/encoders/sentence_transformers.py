"""Any sentence-transformers model, with batches that are hardly padded.

This file imports torch and sentence_transformers: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from jaxtyping import Float32, Int64
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from transformers import PreTrainedTokenizerBase

from embedscope._device import pick_device
from embedscope.encoders.batching import Batcher
from embedscope.encoders.checks import check_images, check_texts, finish_vectors, refuse_task
from embedscope.encoders.found import find_weights
from embedscope.encoders.images import encode_images, image_budget
from embedscope.encoders.names import join_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.precision import dtype_name, mixed_precision, pick_dtype
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.encoders.quiet import quiet_loading
from embedscope.encoders.state import hash_state
from embedscope.encoders.text_batches import pad_batch, text_budget
from embedscope.items.payloads import Image, Modality, Payload

_ROLE_PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}


class SentenceTransformerEncoder:
    """A sentence-transformers model as an encoder; its vectors equal the model's own ``encode``.

    Parameters
    ----------
    model : SentenceTransformer
        The model; it is put into evaluation mode and onto ``device``.
    name : str
        What `embedscope.load_encoder` takes for it.
    weights : str, optional
        Hash of its files; computed from its parameters where it is not known.
    licence : str
        Of the weights.
    device, batch_size, dtype
        As in `embedscope.load_encoder`.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        name: str,
        *,
        weights: str | None = None,
        licence: str = "",
        device: str | None = None,
        batch_size: int | None = None,
        dtype: str | None = None,
    ) -> None:
        self.model = model.eval()
        self._device = pick_device(device or str(model.device))
        self._dtype = pick_dtype(dtype, self._device)
        model.to(self._device)
        self._batch_size = batch_size
        self._batcher = Batcher(self._device, text_budget(self._device, batch_size))
        self._record = EncoderRecord(
            name=name,
            modalities=_modalities(model),
            dims=int(model.get_embedding_dimension() or 0),
            parameters={
                "kind": "sentence-transformers",
                "weights": weights or hash_state(model),
                "dtype": dtype_name(self._dtype),
                "max_length": model.max_seq_length,
                "prompts": dict(model.prompts),
                "default_prompt": model.default_prompt_name,
            },
            licence=licence,
        )

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        return self._record

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the prompts that the model brings, besides those of the two roles."""
        return tuple(sorted(set(self.model.prompts) - {"query", "document"}))

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode texts (or images, where the model takes them) in the order given.

        Parameters
        ----------
        payloads : sequence of str or Image
            All of one modality.
        role : {"query", "document"}, optional
            Chooses the model's prompt of that name, if it has one.
        task : str, optional
            Name of one of `tasks`; goes before the role.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called with the number of payloads finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Normalised if the model does so.

        Raises
        ------
        InputError
            If a payload is of the wrong modality, or a vector is not finite.
        MissingError
            If the model has no such task.
        """
        refuse_task(task, self.record.name, self.tasks)
        if payloads and isinstance(payloads[0], Image) and "image" in self.record.modalities:
            vectors = self._encode_images(check_images(payloads, self.record.name), progress)
        else:
            vectors = self._encode_texts(check_texts(payloads, self.record.name), role, task, progress)
        return finish_vectors(vectors, dims=dims)

    def _encode_texts(
        self, texts: list[str], role: Role | None, task: str | None, progress: Progress | None
    ) -> np.ndarray:
        prompt = self._prompt(role, task)
        tokenizer = _plain_tokenizer(self.model)
        if tokenizer is None:
            return self._encode_preprocessed(texts, prompt, role, progress)
        return self._encode_tokens(tokenizer, [(prompt or "") + text for text in texts], prompt, progress)

    def _prompt(self, role: Role | None, task: str | None) -> str | None:
        prompts = self.model.prompts
        if task:
            return str(prompts[task])
        # sentence-transformers gives every model an empty "document": a real "passage" goes before it.
        known = [prompts[name] for name in _ROLE_PROMPTS[role] if name in prompts] if role else []
        # An empty prompt is a prompt: it keeps the default one away.
        return next(filter(None, known), "") if known else prompts.get(self.model.default_prompt_name)

    def _encode_tokens(
        self,
        tokenizer: PreTrainedTokenizerBase,
        texts: list[str],
        prompt: str | None,
        progress: Progress | None,
    ) -> np.ndarray:
        """Tokenise everything once, so that batches are made of equal lengths and not of guessed ones."""
        tokens = tokenise(tokenizer, texts)
        fill = {"input_ids": int(tokenizer.pad_token_id or 0)}
        prompt_length = self.model[0]._get_prompt_length(prompt) if prompt else None  # noqa: SLF001 - pooling may leave the prompt out, and only the module knows how long it is

        def forward(rows: Int64[np.ndarray, " batch"]) -> torch.Tensor:
            features: dict[str, Any] = dict(
                pad_batch(
                    {name: [lists[row] for row in rows] for name, lists in tokens.items()},
                    fill,
                    tokenizer.padding_side,
                    self._device,
                )
            )
            if prompt_length is not None:
                features["prompt_length"] = prompt_length
            return self._forward(features | {"modality": "text"})

        lengths = [len(row) for row in tokens["input_ids"]] if tokens else []
        return self._batcher.run(lengths, forward, self.record.dims, progress)

    def _forward(self, features: dict[str, Any]) -> torch.Tensor:
        """Run the modules: the transformer in mixed precision, what pools and normalises in float32."""
        first, *rest = self.model.children()
        with torch.inference_mode():
            with mixed_precision(self._device, self._dtype):
                features = first(features)
            for name, value in features.items():
                if isinstance(value, torch.Tensor) and value.is_floating_point():
                    features[name] = value.float()
            for module in rest:
                features = module(features)
        return cast("torch.Tensor", features["sentence_embedding"])

    def _encode_preprocessed(
        self, texts: list[str], prompt: str | None, role: Role | None, progress: Progress | None
    ) -> np.ndarray:
        """Leave the preparation to the model, where it does more than tokenise (routes, chat templates)."""

        def forward(rows: Int64[np.ndarray, " batch"]) -> torch.Tensor:
            return self._forward_whole([texts[row] for row in rows], prompt, role)

        # Four characters are about one token.
        return self._batcher.run([len(text) // 4 + 1 for text in texts], forward, self.record.dims, progress)

    def _forward_whole(
        self, inputs: list[Any], prompt: str | None = None, role: Role | None = None
    ) -> torch.Tensor:
        routed = {"task": role} if role else {}
        features = self.model.preprocess(inputs, prompt=prompt, **routed)
        features = {k: v.to(self._device) if isinstance(v, torch.Tensor) else v for k, v in features.items()}
        with torch.inference_mode(), mixed_precision(self._device, self._dtype):
            return cast("torch.Tensor", self.model(features, **routed)["sentence_embedding"])

    def _encode_images(self, images: list[Image], progress: Progress | None) -> np.ndarray:
        batcher = Batcher(self._device, image_budget(self._device, self._batch_size))
        return encode_images(
            images, lambda image: image, self._forward_whole, batcher, self.record.dims, progress
        )


def tokenise(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> dict[str, list[list[int]]]:
    """Tokenise texts without padding, cut to the tokenizer's length.

    Parameters
    ----------
    tokenizer : PreTrainedTokenizerBase
        A tokenizer of transformers.
    texts : list of str
        May be empty.

    Returns
    -------
    dict of list of list of int
        ``input_ids`` and what else the tokenizer gives for each token.
    """
    if not texts:
        return {}
    return dict(tokenizer(texts, truncation="longest_first", padding=False, return_attention_mask=False))


def _modalities(model: SentenceTransformer) -> frozenset[Modality]:
    known: tuple[Modality, ...] = ("text", "image")
    return frozenset(modality for modality in known if modality in model.modalities)


def _plain_tokenizer(model: SentenceTransformer) -> PreTrainedTokenizerBase | None:
    """Give the tokenizer where tokenising is all that the model does to a text, else None."""
    first = model[0]
    if type(first) is not Transformer or not isinstance(first.tokenizer, PreTrainedTokenizerBase):
        return None
    plain = (
        first.modality_config.get("text", {}).get("method") == "forward"
        and "message" not in first.modality_config
        and not first.processing_kwargs
        and not any((first.query_expansion, first.query_length, first.document_length))
        and not model._can_flatten_inputs()  # noqa: SLF001 - flash attention takes packed texts: the model packs them itself
    )
    return first.tokenizer if plain else None


def load(place: str, options: LoadOptions) -> SentenceTransformerEncoder:
    """Load a sentence-transformers model: a packaged one, a folder, or one of the hub.

    Parameters
    ----------
    place : str
        For example ``"minilm"``, a folder, or ``"owner/name"``.
    options : LoadOptions
        Its extras are ``max_length`` (tokens).

    Returns
    -------
    SentenceTransformerEncoder
        Ready to encode.
    """
    extra = options.extras(f"sentence-transformers:{place}", max_length=None)
    found = find_weights(place, "sentence-transformers", options)
    device = pick_device(options.device)
    exact = pick_dtype(options.dtype, device) == torch.float32
    with quiet_loading():
        model = SentenceTransformer(
            str(found.folder),
            device=str(device),
            trust_remote_code=options.trust_remote_code,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32 if exact else "auto"},
        )
    if extra["max_length"] is not None:
        model.max_seq_length = extra["max_length"]
    name = join_name(found.name, {"revision": options.revision, **extra})
    return SentenceTransformerEncoder(
        model, name, weights=found.fingerprint, licence=found.licence, **options.run
    )


def from_model(model: SentenceTransformer, options: LoadOptions) -> SentenceTransformerEncoder:
    """Make an encoder of a sentence-transformers model in memory.

    Parameters
    ----------
    model : SentenceTransformer
        The model.
    options : LoadOptions
        Has no extras.

    Returns
    -------
    SentenceTransformerEncoder
        Its record has no name that can be loaded again.
    """
    name = f"object:{type(model).__name__}"
    options.extras(name)
    return SentenceTransformerEncoder(model, name, **options.run)
