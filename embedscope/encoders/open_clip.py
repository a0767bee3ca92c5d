"""Any open_clip model: images and texts in one space, so that a text finds images.

This file imports torch and open_clip: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import open_clip
import torch
from jaxtyping import Float32, Int64

from embedscope.encoders.batching import Batcher
from embedscope.encoders.checks import check_images, check_texts, finish_vectors, refuse_task
from embedscope.encoders.found import FoundWeights
from embedscope.encoders.images import encode_images, image_budget
from embedscope.encoders.names import join_name
from embedscope.encoders.open_clip_models import build_open_clip
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.encoders.runner import Runner
from embedscope.encoders.text_batches import text_budget
from embedscope.items.payloads import Image, Payload


class OpenClipEncoder:
    """An open_clip model as an encoder of images and texts.

    Parameters
    ----------
    model : torch.nn.Module
        The model.
    prepare : callable
        Takes a PIL image and gives a tensor.
    tokenizer : callable
        Takes texts and gives token ids, int64 of shape (texts, context).
    found : FoundWeights
        Where the weights came from.
    options : LoadOptions
        Has no extras.
    """

    def __init__(
        self, model: Any, prepare: Any, tokenizer: Any, found: FoundWeights, options: LoadOptions
    ) -> None:
        options.extras(found.name)
        self._clip = model
        self._prepare = prepare
        self._tokenizer = tokenizer
        self._runner = Runner(model, options, image_budget)
        self._text_batcher = Batcher(
            self._runner.device, text_budget(self._runner.device, options.batch_size)
        )
        self._record = EncoderRecord(
            name=join_name(found.name, {"revision": options.revision}),
            modalities=frozenset({"image", "text"}),
            dims=int(self._runner.compute(model.encode_text, tokenizer(["a"])).shape[1]),
            parameters={
                "kind": "open_clip",
                "weights": found.fingerprint,
                "dtype": self._runner.dtype,
                "preparation": repr(open_clip.get_model_preprocess_cfg(model)),
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
        role: Role | None = None,  # noqa: ARG002 - both towers share one space, whichever side asks
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode images, or texts, in the order given.

        Parameters
        ----------
        payloads : sequence of str or Image
            All of one modality. May be empty.
        role : {"query", "document"}, optional
            Makes no difference.
        task : str, optional
            There is none.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called with the number of payloads finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Normalised: the dot product of an image's and a text's vector is their similarity.

        Raises
        ------
        InputError
            If the modalities are mixed, an image cannot be decoded, or a vector is not finite.
        """
        refuse_task(task, self.record.name)
        if payloads and isinstance(payloads[0], Image):
            vectors = self._encode_images(check_images(payloads, self.record.name), progress)
        else:
            vectors = self._encode_texts(check_texts(payloads, self.record.name), progress)
        return finish_vectors(vectors, dims=dims, normalise=True)

    def _encode_images(self, images: list[Image], progress: Progress | None) -> np.ndarray:
        encode = self._clip.encode_image

        def forward(prepared: list[torch.Tensor]) -> torch.Tensor:
            return self._runner.compute(encode, torch.stack(prepared))

        return encode_images(images, self._prepare, forward, self._runner.batcher, self.record.dims, progress)

    def _encode_texts(self, texts: list[str], progress: Progress | None) -> np.ndarray:
        if not texts:
            return np.empty((0, self.record.dims), np.float32)
        tokens = self._tokenizer(texts)
        encode = self._clip.encode_text

        def forward(rows: Int64[np.ndarray, " batch"]) -> torch.Tensor:
            return self._runner.compute(encode, tokens[torch.from_numpy(rows)])

        # The text tower always sees its whole context, however short a text is.
        return self._text_batcher.run([tokens.shape[1]] * len(texts), forward, self.record.dims, progress)


def load(place: str, options: LoadOptions) -> OpenClipEncoder:
    """Load an open_clip model: a folder, an architecture with a tag or file of weights, or one of the hub.

    Parameters
    ----------
    place : str
        For example ``"ViT-B-32/laion2b_s34b_b79k"``, ``"ViT-B-32//my/weights.safetensors"``, or a folder with
        ``open_clip_config.json``.
    options : LoadOptions
        Has no extras.

    Returns
    -------
    OpenClipEncoder
        Ready to encode.
    """
    built = build_open_clip(place, options)
    tokenizer = open_clip.get_tokenizer(built.source)
    return OpenClipEncoder(built.module, built.prepare, tokenizer, built.found, options)
