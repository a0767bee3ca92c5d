"""Any torch module as an encoder, with the person's own preparation of a payload.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Int64
from PIL import Image as PILImage
from torch.utils.data import default_collate

from embedscope._errors import InputError
from embedscope._hashing import hash_text
from embedscope.encoders.checks import check_images, check_texts, finish_vectors, refuse_task
from embedscope.encoders.images import encode_images, image_budget
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.encoders.runner import Runner
from embedscope.encoders.state import hash_state
from embedscope.items.payloads import Modality, Payload

_PROBES: dict[Modality, Any] = {"text": "a", "image": PILImage.new("RGB", (64, 64), "white")}


class TorchModuleEncoder:
    """A torch module as an encoder: ``module(collate([prepare(payload), ...]))`` is (batch, dims).

    Parameters
    ----------
    module : torch.nn.Module
        Gives a vector for each payload.
    options : LoadOptions
        Extras: ``prepare`` (a PIL image or a text to what ``collate`` takes), ``collate`` (a list of those to
        what the module takes; stacks tensors where nothing is said), ``modality`` ("image"), ``name``,
        ``normalise`` (False).

    Raises
    ------
    InputError
        If ``prepare`` is missing, or the module does not give (batch, dims).
    """

    def __init__(self, module: torch.nn.Module, options: LoadOptions) -> None:
        name = f"object:{type(module).__name__}"
        extra = options.extras(
            name, prepare=None, collate=default_collate, modality="image", name=None, normalise=False
        )
        if not callable(extra["prepare"]):
            raise InputError(
                "A torch module needs prepare=: load_encoder(module, prepare=..., modality=...), "
                "where prepare makes a tensor of a PIL image or of a text."
            )
        if extra["modality"] not in _PROBES:
            raise InputError(f"modality={extra['modality']!r} came; wanted 'image' or 'text'.")
        self._prepare: Callable[[Any], Any] = extra["prepare"]
        self._collate: Callable[[list[Any]], Any] = extra["collate"]
        self._modality: Modality = extra["modality"]
        self._normalise = bool(extra["normalise"])
        self._runner = Runner(module, options, image_budget)
        self._record = EncoderRecord(
            name=f"object:{extra['name']}" if extra["name"] else name,
            modalities=frozenset({self._modality}),
            dims=self._probe(),
            parameters={
                "kind": "torch",
                "weights": hash_state(module),
                "dtype": self._runner.dtype,
                "normalise": self._normalise,
                "prepare": _describe(self._prepare),
                "collate": _describe(self._collate),
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
        role: Role | None = None,  # noqa: ARG002 - nothing is known of the module's sides
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Encode payloads in the order given.

        Parameters
        ----------
        payloads : sequence of str or Image
            All of the encoder's modality. May be empty.
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
            As the module gives them, normalised if the encoder was made with ``normalise=True``.

        Raises
        ------
        InputError
            If a payload is of the wrong modality or cannot be prepared, or a vector is not finite.
        """
        refuse_task(task, self.record.name)
        batcher, width = self._runner.batcher, self.record.dims
        if self._modality == "image":
            images = check_images(payloads, self.record.name)
            vectors = encode_images(images, self._prepare, self._forward, batcher, width, progress)
        else:
            texts = check_texts(payloads, self.record.name)

            def forward(rows: Int64[np.ndarray, " batch"]) -> torch.Tensor:
                return self._forward([self._prepare(texts[row]) for row in rows])

            vectors = batcher.run(np.ones(len(texts), np.int64), forward, width, progress)
        return finish_vectors(vectors, dims=dims, normalise=self._normalise)

    def _forward(self, prepared: list[Any]) -> torch.Tensor:
        vectors = self._runner.compute(self._runner.model, self._collate(prepared))
        if vectors.ndim != 2 or len(vectors) != len(prepared):
            raise InputError(
                f"The module gave {tuple(vectors.shape)} for {len(prepared)} payloads; "
                f"wanted ({len(prepared)}, dims)."
            )
        return vectors

    def _probe(self) -> int:
        return int(self._forward([self._prepare(_PROBES[self._modality])]).shape[1])


def _describe(function: Callable[..., Any]) -> str:
    """Tell a preparation from another one: by its source where there is one, else by what it prints as."""
    try:
        return hash_text(inspect.getsource(function)).hex()
    except (OSError, TypeError):
        return re.sub(r" at 0x[0-9a-f]+", "", repr(function))


def from_module(module: torch.nn.Module, options: LoadOptions) -> TorchModuleEncoder:
    """Make an encoder of a torch module in memory.

    Parameters
    ----------
    module : torch.nn.Module
        The module.
    options : LoadOptions
        As `TorchModuleEncoder` takes them.

    Returns
    -------
    TorchModuleEncoder
        Its record has no name that can be loaded again.

    Examples
    --------
    >>> length = lambda text: torch.tensor([float(len(text)), 1.0])
    >>> options = LoadOptions(device="cpu", extra={"prepare": length, "modality": "text"})
    >>> from_module(torch.nn.Identity(), options).encode(["abc", ""]).tolist()
    [[3.0, 1.0], [0.0, 1.0]]
    """
    return TorchModuleEncoder(module, options)
