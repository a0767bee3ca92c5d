"""What a net in training sees: features kept on disk, or images decoded as they come.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Bool, Float16, Float32, Int64
from PIL import Image as PILImage

from embedscope._hashing import hash_bytes
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.training.augment import Augmentation
from embedscope.training.unreadable import sentence

_THREADS = 16
# Where every step draws a variant anew, they are numbered without end.
ENDLESS = 1 << 31


@runtime_checkable
class Inputs(Protocol):
    """Gives a batch of the model's inputs."""

    variants: int

    def load(
        self, rows: Int64[np.ndarray, " batch"], variants: Int64[np.ndarray, " batch"]
    ) -> tuple[Float32[torch.Tensor, "loaded ..."], Bool[np.ndarray, " batch"]]:
        """Load a batch.

        Parameters
        ----------
        rows : ndarray of int64, shape (batch,)
            Of the items.
        variants : ndarray of int64, shape (batch,)
            0 for the item as it is; up to `variants`.

        Returns
        -------
        loaded : Tensor of float32
            Of the rows that could be read.
        kept : ndarray of bool, shape (batch,)
            Which those are.
        """
        ...


class KeptFeatures:
    """Features of a frozen stem.

    Parameters
    ----------
    features : sequence of ndarray of float16, shape (items, channels, rows, columns)
        Of the images as they are, then of each variant.
    """

    def __init__(self, features: Sequence[Float16[np.ndarray, "items channels rows columns"]]) -> None:
        self._features = list(features)
        self.variants = len(self._features) - 1

    def load(
        self, rows: Int64[np.ndarray, " batch"], variants: Int64[np.ndarray, " batch"]
    ) -> tuple[Float32[torch.Tensor, "loaded channels rows columns"], Bool[np.ndarray, " batch"]]:
        """Gather a batch.

        Parameters
        ----------
        rows : ndarray of int64, shape (batch,)
            Of the items.
        variants : ndarray of int64, shape (batch,)
            0 for the item as it is; up to `variants`.

        Returns
        -------
        loaded : Tensor of float32, shape (batch, channels, rows, columns)
            In the order of the rows.
        kept : ndarray of bool, shape (batch,)
            All of them.
        """
        batch = np.empty((len(rows), *self._features[0].shape[1:]), dtype=np.float32)
        for variant in np.unique(variants):
            chosen = variants == variant
            batch[chosen] = self._features[variant][rows[chosen]]
        return torch.from_numpy(batch), np.ones(len(rows), dtype=bool)


class DecodedImages:
    """Images, decoded and augmented anew for each batch, by several threads.

    Parameters
    ----------
    items : Items
        Images.
    transform : callable
        From an image to the model's input.
    augmentation : Augmentation or None
        Of variants above 0; None: there are none.
    report : callable, optional
        Called with a sentence, once for each image that cannot be read; it is left out of its batches.
    """

    def __init__(
        self,
        items: Items,
        transform: Callable[[PILImage.Image], torch.Tensor],
        augmentation: Augmentation | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self._items, self._transform, self._augmentation = items, transform, augmentation
        self._report = report
        self._unreadable: set[int] = set()
        self._threads = ThreadPoolExecutor(min(_THREADS, torch.get_num_threads() or 1))
        self.variants = 0 if augmentation is None else ENDLESS

    def load(
        self, rows: Int64[np.ndarray, " batch"], variants: Int64[np.ndarray, " batch"]
    ) -> tuple[Float32[torch.Tensor, "loaded 3 height width"], Bool[np.ndarray, " batch"]]:
        """Decode a batch.

        Parameters
        ----------
        rows : ndarray of int64, shape (batch,)
            Of the items.
        variants : ndarray of int64, shape (batch,)
            0 for the image as it is.

        Returns
        -------
        loaded : Tensor of float32, shape (loaded, 3, height, width)
            Of the images that could be read, perhaps of none.
        kept : ndarray of bool, shape (batch,)
            Which those are.
        """
        found = list(self._threads.map(self._one, rows.tolist(), variants.tolist()))
        kept = np.array([value is not None for value in found], dtype=bool)
        loaded = [value for value in found if value is not None]
        if not loaded:
            # A batch of none has the shape of the others.
            return self._transform(PILImage.new("RGB", (8, 8)))[None][:0], kept
        return torch.stack(loaded), kept

    def _one(self, row: int, variant: int) -> torch.Tensor | None:
        payload = self._items.payloads[row]
        try:
            if not isinstance(payload, Image):
                raise TypeError("it is no image")
            image = payload.open()
        except Exception as error:
            self._miss(row, error)
            return None
        if variant and self._augmentation is not None:
            image = self._augmentation.apply(image, hash_bytes(image.tobytes()), variant)
        return self._transform(image)

    def _miss(self, row: int, error: Exception) -> None:
        if row not in self._unreadable and self._report is not None:
            self._report(sentence(self._items, row, error))
        self._unreadable.add(row)
