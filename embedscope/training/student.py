"""Student: the net in training, its inputs, and the folder that it is saved to.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from embedscope._errors import InputError
from embedscope.encoders.embedding_net import EmbeddingNet, pretrained_net, start_head
from embedscope.encoders.net_files import load_net
from embedscope.encoders.options import LoadOptions
from embedscope.items.items import Items
from embedscope.training.cut import CutNet
from embedscope.training.cut_last import cut_last
from embedscope.training.features import FeatureOptions, stem_features
from embedscope.training.inputs import DecodedImages, Inputs, KeptFeatures
from embedscope.training.recipe import Recipe
from embedscope.training.training_data import TrainingData
from embedscope.training.unreadable import refuse_unreadable, without_unreadable

# Of the items whose features start the head.
_START_SAMPLE = 4096
_CHUNK = 256


@dataclass(eq=False)
class Student:
    """A net to train, with the data that could be read.

    Parameters
    ----------
    net : EmbeddingNet
        The whole net.
    model : nn.Module
        What is trained: the net, or what comes after its frozen stem.
    data : TrainingData
        Without the images that cannot be read.
    train : Inputs
        Of the items to train on.
    validation : Inputs or None
        Of those to validate on.
    """

    net: EmbeddingNet
    model: nn.Module
    data: TrainingData
    train: Inputs
    validation: Inputs | None

    def freeze_norms(self) -> None:
        """Keep batch norms in evaluation mode.

        A batch of one domain has its own moments, and a large batch comes in chunks.
        """
        self.model.eval()


def make_student(
    backbone: str,
    recipe: Recipe,
    data: TrainingData,
    report: Callable[[str], None],
    *,
    is_settled: bool = False,
) -> Student:
    """Build a net, read its inputs and start its head.

    Parameters
    ----------
    backbone : str
        A name of timm or of open_clip, or the folder of a net that was trained before.
    recipe : Recipe
        How.
    data : TrainingData
        Images.
    report : callable
        Called with a sentence for each image that is left out.
    is_settled : bool
        Whether it is known already what is left out: a resume is on the same items.

    Returns
    -------
    Student
        On the CPU, or the device where the features were computed.

    Raises
    ------
    InputError
        If the backbone cannot be cut, there are too few items for the head, or no image of a domain can be
        read.
    """
    torch.manual_seed(recipe.seed)
    net, is_fresh = _net(backbone, recipe)
    if recipe.trained_blocks is None:
        student = _decoded(net, recipe, data if is_settled else without_unreadable(data, report), report)
    else:
        student = _kept(net, recipe, data, None if is_settled else report)
    if is_fresh and isinstance(net.head, nn.Linear):
        start_head(net, _pooled(student, recipe), whiten=0.5)
    student.freeze_norms()
    return student


def _net(backbone: str, recipe: Recipe) -> tuple[EmbeddingNet, bool]:
    if backbone.startswith("trained:"):
        return load_net(backbone.partition(":")[2]), False
    size: dict[str, Any] = {} if recipe.image_size is None else {"image_size": recipe.image_size}
    name = backbone.removeprefix("timm:")
    # timm's usual share of the resized side: a crop of the middle loses little, and sees finer.
    return pretrained_net(name, dims=recipe.dims, hidden=recipe.hidden, crop_pct=0.875, **size), True


def _decoded(net: EmbeddingNet, recipe: Recipe, data: TrainingData, report: Callable[[str], None]) -> Student:
    transform = net.config.transform()
    changes = recipe.augmentation if recipe.variants else None
    train = DecodedImages(data.train, transform, changes, report)
    asked = data.validation
    held = None if asked is None else DecodedImages(asked, transform, report=report)
    return Student(net, net, data, train, held)


def _kept(
    net: EmbeddingNet, recipe: Recipe, data: TrainingData, report: Callable[[str], None] | None
) -> Student:
    cut = cut_last(net, recipe.trained_blocks or 0)
    options = FeatureOptions(recipe.augmentation, run=LoadOptions(device=recipe.device))
    data = _with_features(cut, data, "train", options, report)
    train = KeptFeatures(
        [stem_features(cut, data.train, index, options) for index in range(recipe.variants + 1)]
    )
    data = _with_features(cut, data, "validation", options, report)
    asked = data.validation
    held = None if asked is None else KeptFeatures([stem_features(cut, asked, 0, options)])
    return Student(net, cut.rest, data, train, held)


def _with_features(
    cut: CutNet, data: TrainingData, part: str, options: FeatureOptions, report: Callable[[str], None] | None
) -> TrainingData:
    """Compute a part's features; images that cannot be read are left out of it, where that is the reason."""
    items: Items | None = getattr(data, part)
    if items is None or not len(items):
        return data
    try:
        stem_features(cut, items, 0, options)
    except (InputError, OSError) as error:
        if report is None:
            refuse_unreadable(items, error)
            raise
        left = without_unreadable(data, report, [part])
        if left is data:
            raise
        return left
    return data


def _pooled(student: Student, recipe: Recipe) -> torch.Tensor:
    """Give the pooled features of a sample of the items, for the head's start."""
    n_items = len(student.data.train)
    rng = np.random.default_rng(recipe.seed)
    rows = np.sort(rng.choice(n_items, min(n_items, _START_SAMPLE), replace=False))
    model: Any = student.model
    pooled = model.pooled if hasattr(model, "pooled") else student.net.backbone
    device = next(student.net.parameters()).device
    found = []
    with torch.inference_mode():
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            inputs, _ = student.train.load(chunk, np.zeros_like(chunk))
            found.append(pooled(inputs.to(device)).float().cpu())
    # Tensors of inference mode cannot be used in training.
    return torch.cat(found).clone()
