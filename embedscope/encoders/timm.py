"""Any image model of timm: its pooled features, before the classifier.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from timm.data import create_transform

from embedscope.encoders.checks import check_images, finish_vectors, refuse_task
from embedscope.encoders.found import FoundWeights
from embedscope.encoders.images import encode_images, image_budget
from embedscope.encoders.names import join_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.encoders.runner import Runner
from embedscope.encoders.timm_models import build_timm, feature_width
from embedscope.items.payloads import Payload

# What of timm's data configuration changes a pixel that the model sees.
_PREPARATION = ("input_size", "interpolation", "mean", "std", "crop_pct", "crop_mode")


class TimmEncoder:
    """A timm model as an encoder of images.

    Parameters
    ----------
    model : torch.nn.Module
        A timm model without its classifier.
    preparation : dict
        timm's data configuration: size, mean, standard deviation, crop, interpolation.
    found : FoundWeights
        Where the weights came from.
    options : LoadOptions
        Extras: ``normalise`` (True) and ``image_size`` (pixels; the model's own where nothing is said).
    """

    def __init__(
        self, model: torch.nn.Module, preparation: dict[str, Any], found: FoundWeights, options: LoadOptions
    ) -> None:
        extra = options.extras(found.name, normalise=True, image_size=None)
        if extra["image_size"] is not None:
            preparation = {**preparation, "input_size": (3, extra["image_size"], extra["image_size"])}
        self._normalise = bool(extra["normalise"])
        self._prepare = create_transform(**preparation, is_training=False)
        self._runner = Runner(model.to(memory_format=torch.channels_last), options, image_budget)
        asked = {"normalise": None if self._normalise else False, "image_size": extra["image_size"]}
        self._record = EncoderRecord(
            name=join_name(found.name, {"revision": options.revision, **asked}),
            modalities=frozenset({"image"}),
            dims=feature_width(model),
            parameters={
                "kind": "timm",
                "weights": found.fingerprint,
                "dtype": self._runner.dtype,
                "normalise": self._normalise,
                "preparation": {key: _plain(preparation.get(key)) for key in _PREPARATION},
            },
            licence=found.licence or str(getattr(model, "default_cfg", {}).get("license", "")),
        )

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        return self._record

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,  # noqa: ARG002 - an image has no side
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode images in the order given.

        Parameters
        ----------
        payloads : sequence of Image
            May be empty.
        role : {"query", "document"}, optional
            Makes no difference.
        task : str, optional
            There is none.
        dims : int, optional
            Keep the first ``dims`` numbers and normalise again.
        progress : callable, optional
            Called with the number of images finished since the last call.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Pooled features, normalised unless the encoder was loaded with ``normalise=False``.

        Raises
        ------
        InputError
            If a payload is no image or cannot be decoded, or a vector is not finite.
        """
        refuse_task(task, self.record.name)
        images = check_images(payloads, self.record.name)
        vectors = encode_images(
            images, self._prepare, self._forward, self._runner.batcher, self.record.dims, progress
        )
        return finish_vectors(vectors, dims=dims, normalise=self._normalise)

    def _forward(self, prepared: list[torch.Tensor]) -> torch.Tensor:
        batch = torch.stack(prepared).contiguous(memory_format=torch.channels_last)
        return self._runner.compute(self._runner.model, batch)


def load(place: str, options: LoadOptions) -> TimmEncoder:
    """Load a timm model: the packaged one, a folder as timm's ``save_for_hf`` writes it, or one of the hub.

    Parameters
    ----------
    place : str
        For example ``"efficientnet_lite0"``, ``"resnet50"``, ``"resnet50.a1_in1k"``, or a folder.
    options : LoadOptions
        Extras: ``normalise`` and ``image_size``.

    Returns
    -------
    TimmEncoder
        Ready to encode.
    """
    built = build_timm(place, options)
    return TimmEncoder(built.module, built.preparation, built.found, options)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
