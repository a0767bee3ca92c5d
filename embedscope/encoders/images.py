"""Images for a model: decoded and prepared in threads ahead of it, a few batches and no more.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Int64
from PIL import Image as PILImage

from embedscope._errors import InputError
from embedscope.encoders.batching import Batcher, Budget
from embedscope.encoders.protocol import Progress
from embedscope.items.payloads import Image

Prepare = Callable[[PILImage.Image], Any]

_THREADS = min(8, os.cpu_count() or 1)


def image_budget(device: torch.device, batch_size: int | None = None) -> Budget:
    """Choose how large a batch of images may be.

    Parameters
    ----------
    device : torch.device
        A GPU takes large batches to be busy.
    batch_size : int, optional
        Images a batch.

    Returns
    -------
    Budget
        In images: each counts as one token.
    """
    items = batch_size or (16 if device.type == "cpu" else 128)
    return Budget(tokens=items, items=items, enough=items)


def encode_images(
    images: Sequence[Image],
    prepare: Prepare,
    forward: Callable[[list[Any]], torch.Tensor],
    batcher: Batcher,
    dims: int,
    progress: Progress | None = None,
) -> Float32[np.ndarray, "items dims"]:
    """Decode, prepare and encode images, the first two in threads while the model computes.

    Parameters
    ----------
    images : sequence of Image
        May be empty.
    prepare : callable
        Takes a decoded image (mode RGB) and gives what ``forward`` takes; runs in a thread.
    forward : callable
        Takes a list of prepared images and gives their vectors, a tensor (batch, dims).
    batcher : Batcher
        Runs it.
    dims : int
        Length of a vector.
    progress : callable, optional
        Called with the number of images finished since the last call.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        Row i is image i's vector.

    Raises
    ------
    InputError
        If an image cannot be decoded; its place and path are named.

    Notes
    -----
    At most three batches of prepared images are in memory at a time.
    """
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="embedscope-images")
    try:
        ahead = _Ahead(pool, images, prepare, window=2 * batcher.budget.items)

        def run(rows: Int64[np.ndarray, " batch"]) -> torch.Tensor:
            return forward(ahead.take(rows))

        return batcher.run(np.ones(len(images), np.int64), run, dims, progress)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Ahead:
    """Prepared images by place: asked for in order, kept until a later place is asked for.

    A batch that did not fit is asked for again in halves, so its images stay until then.
    """

    def __init__(
        self, pool: ThreadPoolExecutor, images: Sequence[Image], prepare: Prepare, window: int
    ) -> None:
        self._pool = pool
        self._images = images
        self._prepare = prepare
        self._window = window
        self._next = 0
        self._jobs: dict[int, Future[Any]] = {}

    def take(self, rows: Int64[np.ndarray, " batch"]) -> list[Any]:
        first, last = int(rows[0]), int(rows[-1])
        for done in [place for place in self._jobs if place < first]:
            del self._jobs[done]
        while self._next < min(len(self._images), last + 1 + self._window):
            self._jobs[self._next] = self._pool.submit(self._prepare_one, self._next)
            self._next += 1
        return [self._jobs[int(row)].result() for row in rows]

    def _prepare_one(self, place: int) -> Any:
        image = self._images[place]
        try:
            return self._prepare(image.open())
        except Exception as error:
            where = f" ({image.path})" if image.path else ""
            raise InputError(
                f"Item {place}{where} cannot be read as an image: {type(error).__name__}: {error}. "
                "Leave it out, or load the items with on_error='skip'."
            ) from error
