"""A net that embedscope trained, as an encoder of images: from its folder, or from memory.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float32

from embedscope.encoders.checks import check_images, finish_vectors, refuse_task
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig, pretrained_net, start_head
from embedscope.encoders.images import encode_images, image_budget
from embedscope.encoders.net_files import CONFIG, WEIGHTS, load_net, open_net, save_net
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.encoders.runner import Runner
from embedscope.encoders.state import hash_state
from embedscope.items.payloads import Payload

__all__ = [
    "EmbeddingNet",
    "NetConfig",
    "TrainedEncoder",
    "load_net",
    "pretrained_net",
    "save_net",
    "start_head",
]

_LEFT_BY_A_RUN = "model"


@dataclass(frozen=True)
class NetSource:
    """Where a net came from.

    Parameters
    ----------
    name : str
        What `embedscope.load_encoder` takes for it.
    weights : str
        Hash of its weights.
    """

    name: str
    weights: str


class TrainedEncoder:
    """An `EmbeddingNet` as an encoder of images.

    Parameters
    ----------
    net : EmbeddingNet
        Put into evaluation mode and onto the device.
    source : NetSource
        Where it came from.
    options : LoadOptions
        ``device``, ``batch_size`` and ``dtype``; there are no extras.
    """

    def __init__(self, net: EmbeddingNet, source: NetSource, options: LoadOptions) -> None:
        options.extras(source.name)
        self.net = net
        self._prepare = net.config.transform()
        self._runner = Runner(net.to(memory_format=torch.channels_last), options, image_budget)
        config = net.config.to_json()
        licence = str(config.pop("licence"))
        self._record = EncoderRecord(
            name=source.name,
            modalities=frozenset({"image"}),
            dims=net.dims,
            parameters={
                "kind": "embedscope",
                "weights": source.weights,
                "dtype": self._runner.dtype,
                "net": config,
            },
            licence=licence,
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
            Of unit length.

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
        return finish_vectors(vectors, dims=dims, normalise=True)

    def _forward(self, prepared: list[torch.Tensor]) -> torch.Tensor:
        batch = torch.stack(prepared).contiguous(memory_format=torch.channels_last)
        return self._runner.compute(self.net, batch)


def load(place: str, options: LoadOptions) -> TrainedEncoder:
    """Load a net from its folder.

    Parameters
    ----------
    place : str
        A folder that `save_net` wrote, or of a run that has left its net in ``model`` there.
    options : LoadOptions
        ``path`` goes before ``place``.

    Returns
    -------
    TrainedEncoder
        Ready to encode.

    Raises
    ------
    MissingError
        If the folder or one of its files is not there.
    InputError
        If it is a folder of something else, or of a newer version.
    StoreError
        If the files are damaged.
    """
    folder = Path(options.path or place).expanduser().resolve()
    # A run's folder has a config.json of its own, but never the weights beside it.
    left = folder / _LEFT_BY_A_RUN
    if (left / CONFIG).is_file() and not (folder / WEIGHTS).is_file():
        folder = left
    return open_encoder(folder, f"trained:{folder}", options)


def open_encoder(folder: Path, name: str, options: LoadOptions) -> TrainedEncoder:
    """Make an encoder of a net's folder under a name.

    Parameters
    ----------
    folder : Path
        What `save_net` wrote.
    name : str
        What `embedscope.load_encoder` takes for it.
    options : LoadOptions
        ``device``, ``batch_size`` and ``dtype``.

    Returns
    -------
    TrainedEncoder
        Ready to encode.
    """
    net, sha256 = open_net(folder)
    return TrainedEncoder(net, NetSource(name, sha256), options)


def from_net(net: EmbeddingNet, options: LoadOptions) -> TrainedEncoder:
    """Make an encoder of a net in memory.

    Parameters
    ----------
    net : EmbeddingNet
        The net itself, no copy: it is in evaluation mode afterwards.
    options : LoadOptions
        ``device``, ``batch_size`` and ``dtype``.

    Returns
    -------
    TrainedEncoder
        Its record has no name that can be loaded again.
    """
    return TrainedEncoder(net, NetSource(f"object:{type(net).__name__}", hash_state(net)), options)
