"""Images are prepared ahead, in order, a few at a time."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from PIL import Image as PILImage

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.encoders.batching import Batcher
from embedscope.encoders.images import encode_images, image_budget
from embedscope.items.payloads import Image

CPU = torch.device("cpu")


def corner(image: PILImage.Image) -> torch.Tensor:
    return torch.tensor(image.getpixel((0, 0)), dtype=torch.float32)


def grey(level: int, tmp_path) -> Image:
    file = tmp_path / f"{level}.png"
    PILImage.new("RGB", (3, 3), (level, level, 0)).save(file)
    return Image(path=file)


@pytest.fixture
def images(tmp_path):
    return [grey(level, tmp_path) for level in range(50)]


def test_vectors_are_in_the_order_given(images):
    batcher = Batcher(CPU, image_budget(CPU, 7))
    vectors = encode_images(images, corner, torch.stack, batcher, 3)
    np.testing.assert_array_equal(vectors, [[level, level, 0] for level in range(50)])


def test_preparing_runs_in_threads_and_not_far_ahead(images):
    prepared, forwarded, ahead = 0, 0, []
    lock = threading.Lock()
    names = set()

    def prepare(image: PILImage.Image) -> torch.Tensor:
        nonlocal prepared
        with lock:
            prepared += 1
            names.add(threading.current_thread().name)
        return corner(image)

    def forward(batch: list[torch.Tensor]) -> torch.Tensor:
        nonlocal forwarded
        forwarded += len(batch)
        with lock:
            ahead.append(prepared - forwarded)
        return torch.stack(batch)

    encode_images(images, prepare, forward, Batcher(CPU, image_budget(CPU, 4)), 3)
    assert prepared == 50
    assert max(ahead) <= 8
    assert all(name.startswith("embedscope-images") for name in names)


def test_a_batch_that_is_halved_is_not_prepared_again(images):
    count = 0

    def prepare(image: PILImage.Image) -> torch.Tensor:
        nonlocal count
        count += 1
        return corner(image)

    def forward(batch: list[torch.Tensor]) -> torch.Tensor:
        if len(batch) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return torch.stack(batch)

    with pytest.warns(EmbedscopeWarning, match="Out of memory"):
        vectors = encode_images(images, prepare, forward, Batcher(CPU, image_budget(CPU, 16)), 3)
    np.testing.assert_array_equal(vectors[:, 0], np.arange(50))
    assert count == 50


def test_a_missing_file_is_named_and_the_threads_end(images, tmp_path):
    before = threading.active_count()
    broken = [*images[:5], Image(path=tmp_path / "gone.png"), *images]
    with pytest.raises(InputError, match=r"Item 5 \(.*gone\.png\) cannot be read as an image: FileNotFound"):
        encode_images(broken, corner, torch.stack, Batcher(CPU, image_budget(CPU, 2)), 3)
    assert threading.active_count() == before
