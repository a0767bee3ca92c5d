"""A frozen stem's features of images, computed once and kept on disk.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import torch
from filelock import FileLock
from jaxtyping import Float16
from PIL import Image as PILImage

from embedscope._cache import cache_dir
from embedscope._device import pick_device
from embedscope._errors import InputError, StoreError
from embedscope._hashing import hash_bytes, hash_record
from embedscope._progress import ProgressBar, progress_bar
from embedscope.encoders.checks import check_images
from embedscope.encoders.images import encode_images, image_budget
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.runner import Runner
from embedscope.items.items import Items
from embedscope.items.payloads import Payload
from embedscope.training.augment import Augmentation
from embedscope.training.cut import CutNet

# Another number computes all features again: for a change of what is written, not of the options.
_VERSION = 1
# Images between two writes: what a kill can lose.
_CHUNK = 256


@dataclass(frozen=True)
class FeatureOptions:
    """How features are computed and where they are kept.

    Parameters
    ----------
    augmentation : Augmentation
        Of the indices above 0.
    folder : Path, optional
        Below the cache where nothing is said.
    run : LoadOptions
        ``device``, ``batch_size`` and ``dtype``.
    silent : bool, optional
        True: no bar is drawn.
    """

    augmentation: Augmentation = field(default_factory=Augmentation)
    folder: Path | None = None
    run: LoadOptions = field(default_factory=LoadOptions)
    silent: bool | None = None


def stem_features(
    cut: CutNet, items: Items, index: int = 0, options: FeatureOptions | None = None
) -> Float16[np.ndarray, "items channels rows columns"]:
    """Give the stem's output for each image, from disk where it was computed before.

    A net whose stem is frozen sees the same features in every epoch: kept, an epoch costs the rest alone.

    Parameters
    ----------
    cut : CutNet
        Its stem computes.
    items : Items
        Images.
    index : int
        0: the images as they are; above: the variant of the augmentation with this number.
    options : FeatureOptions, optional
        Augmentation, folder, device.

    Returns
    -------
    ndarray of float16, shape (items, channels, rows, columns)
        Memory-mapped and read-only, in the items' order.

    Raises
    ------
    InputError
        If an item is no image or cannot be decoded, or a feature does not fit float16.
    StoreError
        If the file cannot be written. What was computed stays, and the next call goes on from there.

    Notes
    -----
    One file for each (contents of the images in order, stem's weights and layers, preparation, augmentation
    and index). It is written under another name, in pieces of 256 images; a call after a kill goes on with
    the first image that is missing. Two processes that want the same file compute it once.
    """
    chosen = FeatureOptions() if options is None else options
    if index < 0:
        raise InputError(f"index={index} came; wanted 0 (the image as it is) or the number of a variant.")
    folder = cache_dir("features") if chosen.folder is None else chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{_key(cut, items, index, chosen)}.npy"
    with FileLock(f"{file}.lock"):
        if not file.is_file():
            _Computing(cut, items, index, chosen).write(file)
    # An empty file cannot be mapped.
    features: Float16[np.ndarray, "items channels rows columns"] = np.load(
        file, mmap_mode="r" if len(items) else None
    )
    return features


def _key(cut: CutNet, items: Items, index: int, options: FeatureOptions) -> str:
    contents = hash_bytes(b"".join(items.content_hash(row) for row in range(len(items)))).hex()
    config = cut.net.config.to_json()
    seen = ("image_size", "mean", "std", "interpolation", "crop_pct", "crop_mode")
    return hash_record(
        {
            "version": _VERSION,
            "items": contents,
            "stem": cut.fingerprint,
            "after": cut.after,
            "preparation": {name: config[name] for name in seen},
            "index": index,
            "augmentation": options.augmentation.to_json() if index else None,
        }
    )


class _Computing:
    """One file's worth of features."""

    def __init__(self, cut: CutNet, items: Items, index: int, options: FeatureOptions) -> None:
        self._images = check_images(cast("Sequence[Payload]", items.payloads), "of stem features")
        self._items = items
        self._index = index
        self._options = options
        self._transform = cut.net.config.transform()
        # The whole net moves: half of it on another device could not be trained.
        cut.net.to(pick_device(options.run.device))
        self._runner = Runner(cut.stem.to(memory_format=torch.channels_last), options.run, image_budget)
        self._shape = cut.feature_shape()

    def write(self, file: Path) -> None:
        partial = file.with_suffix(".partial")
        whole = (len(self._images), *self._shape)
        try:
            with partial.open("r+b" if partial.is_file() else "w+b") as opened:
                done = _resume(opened, whole)
                with progress_bar(whole[0], self._words(), "image", self._options.silent) as bar:
                    bar.update(done)
                    for start in range(done, whole[0], _CHUNK):
                        opened.write(self._compute(start, min(start + _CHUNK, whole[0]), bar).tobytes())
                        opened.flush()
                os.fsync(opened.fileno())
            partial.replace(file)
        except OSError as error:
            megabytes = 2 * math.prod(whole) / 1e6
            raise StoreError(
                f"Features cannot be written to {partial}: {error}. They take {megabytes:,.0f} MB in all; "
                "what was computed is kept, and the next call goes on from there."
            ) from error

    def _words(self) -> str:
        return f"Features of {self._items.name}" + (f", variant {self._index}" if self._index else "")

    def _compute(self, start: int, stop: int, bar: ProgressBar) -> Float16[np.ndarray, "chunk values"]:
        images, batcher = self._images[start:stop], self._runner.batcher
        try:
            found = encode_images(
                images, self._prepare, self._forward, batcher, math.prod(self._shape), bar.update
            )
        except InputError:
            self._name_unreadable(start, stop)
            raise
        with np.errstate(over="ignore"):
            small = found.astype(np.float16)
        wrong = np.flatnonzero(~np.isfinite(small).all(axis=1))
        if len(wrong):
            item = self._items.ids[start + int(wrong[0])]
            raise InputError(
                f"The features of item {item!r} do not fit float16: cut the net after another block."
            )
        return small

    def _prepare(self, image: PILImage.Image) -> torch.Tensor:
        content = hash_bytes(image.tobytes()) if self._index else b""
        return self._transform(self._options.augmentation.apply(image, content, self._index))

    def _forward(self, prepared: list[torch.Tensor]) -> torch.Tensor:
        batch = torch.stack(prepared).contiguous(memory_format=torch.channels_last)
        return self._runner.compute(self._runner.model, batch).flatten(1)

    def _name_unreadable(self, start: int, stop: int) -> None:
        """Say which item it was: a piece counts its own images from 0."""
        for row in range(start, stop):
            try:
                self._images[row].open()
            except Exception as error:
                where = f" ({self._images[row].path})" if self._images[row].path else ""
                raise InputError(
                    f"Item {self._items.ids[row]!r}{where} cannot be read as an image: "
                    f"{type(error).__name__}: {error}. Leave it out."
                ) from error


def _resume(opened: BinaryIO, shape: tuple[int, ...]) -> int:
    """Find how many whole rows are there, and go to the end of them; write the header if there is none."""
    header = io.BytesIO()
    facts = {"descr": "<f2", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, facts)
    wanted = header.getvalue()
    row = 2 * math.prod(shape[1:])
    if opened.read(len(wanted)) != wanted:
        opened.seek(0)
        opened.truncate()
        opened.write(wanted)
        return 0
    done = min((opened.seek(0, os.SEEK_END) - len(wanted)) // row, shape[0])
    opened.seek(len(wanted) + done * row)
    opened.truncate()
    return done
