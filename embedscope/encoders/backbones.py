"""Backbones of an EmbeddingNet by name: networks of timm, and image towers of open_clip.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import timm
import torch

from embedscope._errors import InputError
from embedscope.encoders import efficientnet_lite0
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.timm_models import build_timm, check_architecture

_OPEN_CLIP = "open_clip:"
# What timm must be told to build a network whose weights were trained elsewhere.
_ARCHITECTURES: Mapping[str, Mapping[str, Any]] = {"efficientnet_lite0": efficientnet_lite0.ARCHITECTURE}


def build_backbone(name: str, options: Mapping[str, Any], pooling: str = "") -> torch.nn.Module:
    """Build a backbone with random weights.

    Parameters
    ----------
    name : str
        timm's name of an architecture, or "open_clip:" and open_clip's.
    options : mapping
        What timm is given besides; or all that builds open_clip's tower.
    pooling : str
        timm's ``global_pool``; the backbone's own where nothing is said.

    Returns
    -------
    torch.nn.Module
        From images to pooled features.

    Raises
    ------
    MissingError
        If there is no such architecture.
    InputError
        If pooling is asked of an open_clip tower.
    """
    if name.startswith(_OPEN_CLIP):
        if pooling:
            raise InputError(f"pooling={pooling!r} came; {name!r} pools by itself: leave it out.")
        from embedscope.encoders.open_clip_models import build_tower

        return build_tower(name.removeprefix(_OPEN_CLIP), options)
    check_architecture(name)
    pooled = {"global_pool": pooling} if pooling else {}
    built: torch.nn.Module = timm.create_model(name, pretrained=False, num_classes=0, **pooled, **options)
    return built


def check_backbone(name: str) -> None:
    """Refuse a backbone that nobody knows; nothing is loaded.

    Parameters
    ----------
    name : str
        As `trained_backbone` takes it.

    Raises
    ------
    MissingError
        With the near ones.

    Examples
    --------
    >>> check_backbone("timm:resnet50.a1_in1k")
    """
    if name.startswith(_OPEN_CLIP):
        from embedscope.encoders.open_clip_models import check_place

        check_place(name.removeprefix(_OPEN_CLIP))
    else:
        check_architecture(name.removeprefix("timm:"))


@dataclass(frozen=True, eq=False)
class TrainedBackbone:
    """A backbone with trained weights, and what a net's configuration says of it.

    Parameters
    ----------
    name : str
        Of the weights, for messages.
    state : dict of str to torch.Tensor
        The weights.
    fields : dict
        Fields of `NetConfig`: ``backbone``, ``backbone_options``, ``image_size``, ``mean``, ``std``,
        ``interpolation``, ``licence``, ...
    """

    name: str
    state: dict[str, torch.Tensor]
    fields: dict[str, Any]


def trained_backbone(name: str, path: str | Path | None = None) -> TrainedBackbone:
    """Find a backbone's trained weights.

    Parameters
    ----------
    name : str
        A timm name, packaged or on the hub; or "open_clip:" and an architecture with a tag or a file of
        weights, or a folder.
    path : str or Path, optional
        Where the weights lie, instead of fetching them.

    Returns
    -------
    TrainedBackbone
        On the CPU.

    Raises
    ------
    MissingError
        If there is no such backbone, here or on the hub.
    """
    if name.startswith(_OPEN_CLIP):
        return _tower(name.removeprefix(_OPEN_CLIP), path)
    architecture = name.removeprefix("timm:").partition(".")[0]
    check_architecture(architecture)
    built = build_timm(name.removeprefix("timm:"), LoadOptions(path=path))
    own = built.preparation
    fields = {
        "backbone": architecture,
        "backbone_options": dict(_ARCHITECTURES.get(architecture, {})),
        "image_size": int(own["input_size"][-1]),
        "mean": tuple(map(float, own["mean"])),
        "std": tuple(map(float, own["std"])),
        "interpolation": str(own["interpolation"]),
        "licence": built.found.licence,
    }
    return TrainedBackbone(built.found.name, built.module.state_dict(), fields)


def _tower(place: str, path: str | Path | None) -> TrainedBackbone:
    from embedscope.encoders.open_clip_models import build_open_clip, preparation, tower_options

    built = build_open_clip(place, LoadOptions(path=path))
    is_folder = path is not None or Path(place).is_dir()
    # The options say all of it: the name is for people, and holds nobody's path.
    called = built.found.folder.name if is_folder else place.partition("/")[0]
    fields = {
        "backbone": f"{_OPEN_CLIP}{called}",
        "backbone_options": tower_options(built.config),
        "licence": built.found.licence,
        **preparation(built),
    }
    return TrainedBackbone(built.found.name, built.module.visual.state_dict(), fields)
