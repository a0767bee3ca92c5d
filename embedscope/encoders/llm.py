"""A decoder LLM as an encoder of texts, as Gemini Embedding makes one: ``llm:<decoder>``.

This file imports torch and sentence_transformers: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import PreTrainedTokenizerBase

from embedscope._device import pick_device
from embedscope._errors import InputError
from embedscope.encoders.found import FoundWeights
from embedscope.encoders.llm_build import build_found, build_llm, is_finished, shape_of
from embedscope.encoders.llm_lora import add_lora, has_lora, merge_lora, save_llm
from embedscope.encoders.llm_options import LLMOptions
from embedscope.encoders.llm_sources import find_llm
from embedscope.encoders.names import join_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.precision import pick_dtype
from embedscope.encoders.protocol import Progress, Role
from embedscope.encoders.sentence_transformers import SentenceTransformerEncoder

__all__ = ["LLMEncoder", "add_lora", "build_llm", "has_lora", "load", "merge_lora", "save_llm"]


class LLMEncoder(SentenceTransformerEncoder):
    """A decoder that was turned into an embedder, as an encoder of texts.

    Parameters
    ----------
    model : SentenceTransformer
        From `build_llm`.
    found : FoundWeights
        Where its weights came from; its name is what `embedscope.load_encoder` takes.
    device, batch_size, dtype
        As in `embedscope.load_encoder`.
    drawn : mapping
        What was drawn at random, and from which seed: it is in no file, and changes every vector.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        found: FoundWeights,
        *,
        device: str | None = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        drawn: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            model,
            found.name,
            weights=found.fingerprint,
            licence=found.licence,
            device=device,
            batch_size=batch_size,
            dtype=dtype,
        )
        parameters = {
            **self._record.parameters,
            "kind": "llm",
            **shape_of(model),
            "drawn": dict(drawn or {}),
        }
        self._record = replace(self._record, parameters=parameters)

    def _prompt(self, role: Role | None, task: str | None) -> str | None:
        """Give what goes before a query; a document stays as it is, whatever the task."""
        if role == "document":
            return None
        return self.model.prompts.get(task or role or "") or None

    def _encode_tokens(
        self,
        tokenizer: PreTrainedTokenizerBase,
        texts: list[str],
        prompt: str | None,
        progress: Progress | None,
    ) -> np.ndarray:
        for place, text in enumerate(texts):
            # Decoders' tokenizers add no token of their own: of nothing there is no mean.
            if not any(map(str.isalnum, text)) and not tokenizer(text)["input_ids"]:
                raise InputError(f"Item {place} has no token, so {self.record.name} has no vector for it.")
        return super()._encode_tokens(tokenizer, texts, prompt, progress)


def load(place: str, options: LoadOptions) -> LLMEncoder:
    """Load a decoder as an embedder: the packaged one, a GGUF file, a folder, or one of the hub.

    Parameters
    ----------
    place : str
        ``"smollm2"``, a path, ``"owner/name"``, or a folder that `save_llm` wrote.
    options : LoadOptions
        Its extras are those of `LLMOptions`, but ``lora`` and ``dtype``.

    Returns
    -------
    LLMEncoder
        Ready to encode.

    Raises
    ------
    MissingError
        If there is no such decoder.
    InputError
        If an option does not fit, or the decoder stays causal.
    """
    known = [option.name for option in fields(LLMOptions) if option.name not in ("lora", "dtype")]
    extra = options.extras(f"llm:{place}", **dict.fromkeys(known))
    exact = pick_dtype(options.dtype, pick_device(options.device)) == torch.float32
    chosen = LLMOptions.from_mapping(extra | {"dtype": "float32" if exact else "auto"}, f"llm:{place}")
    found = find_llm(place, options)
    model = build_found(found, chosen, trust_remote_code=options.trust_remote_code)
    named = replace(found, name=join_name(found.name, {"revision": options.revision, **options.extra}))
    is_drawn = chosen.projection is not None and not is_finished(found.folder)
    return LLMEncoder(model, named, drawn={"seed": chosen.seed} if is_drawn else None, **options.run)
