"""What a net sees: features kept, images decoded as they come."""

from __future__ import annotations

import numpy as np
import torch

from embedscope.training.augment import Augmentation
from embedscope.training.inputs import ENDLESS, DecodedImages, KeptFeatures
from tests.training.pictures import SIZE, picture_files, pictures, tiny_net

TRANSFORM = tiny_net().config.transform()


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_kept_features_come_in_the_order_that_is_asked():
    features = [np.full((3, 2, 1, 1), 10 * variant, np.float16) for variant in range(3)]
    for variant in features:
        variant += np.arange(3, dtype=np.float16)[:, None, None, None]
    inputs = KeptFeatures(features)
    assert inputs.variants == 2
    loaded, kept = inputs.load(rows(2, 0, 2, 1), rows(0, 1, 2, 0))
    assert loaded[:, 0, 0, 0].tolist() == [2, 10, 22, 1]
    assert loaded.dtype == torch.float32
    assert kept.all()


def test_images_are_decoded_and_changed_by_their_variant():
    items = pictures("flags")
    inputs = DecodedImages(items, TRANSFORM, Augmentation(seed=3))
    assert inputs.variants == ENDLESS
    plain, kept = inputs.load(rows(5, 2), rows(0, 0))
    assert kept.tolist() == [True, True]
    assert torch.equal(plain[1], TRANSFORM(items.payloads[2].open()))
    first, again = (inputs.load(rows(5, 5), rows(1, 2))[0] for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first[0], plain[0])


def test_without_an_augmentation_there_are_no_variants():
    inputs = DecodedImages(pictures("flags"), TRANSFORM)
    assert inputs.variants == 0
    assert torch.equal(inputs.load(rows(1), rows(0))[0], inputs.load(rows(1), rows(7))[0])


def test_an_image_that_is_lost_on_the_way_is_told_once_and_comes_back(tmp_path):
    items, said = picture_files(tmp_path, pictures("flags")), []
    inputs = DecodedImages(items, TRANSFORM, report=said.append)
    whole, _ = inputs.load(rows(0, 1, 2), rows(0, 0, 0))
    file = tmp_path / "flags-1.png"
    content = file.read_bytes()
    file.write_bytes(content[:60])
    for _ in range(2):
        loaded, kept = inputs.load(rows(0, 1, 2), rows(0, 0, 0))
        assert kept.tolist() == [True, False, True]
        assert torch.equal(loaded, whole[[0, 2]])
    (told,) = said
    assert told.startswith(f"Item 'flags-1' ({file}) cannot be read as an image and is left out: ")
    file.write_bytes(content)
    assert inputs.load(rows(0, 1, 2), rows(0, 0, 0))[1].all()


def test_a_batch_of_which_nothing_is_left_has_the_shape_of_the_others(tmp_path):
    items = picture_files(tmp_path, pictures("flags"))
    (tmp_path / "flags-0.png").unlink()
    loaded, kept = DecodedImages(items, TRANSFORM).load(rows(0), rows(0))
    assert loaded.shape == (0, 3, SIZE, SIZE)
    assert kept.tolist() == [False]
