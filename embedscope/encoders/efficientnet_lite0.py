"""The packaged ImageNet weights of EfficientNet-Lite0, under the names of timm's architecture.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors.torch import load_file, save_file

from embedscope._cache import cache_dir

# TensorFlow's own padding and epsilon, with which the weights were trained; timm's default differs.
ARCHITECTURE = {"pad_type": "same", "bn_eps": 1e-3}
_PREPARATION = {
    "input_size": (3, 224, 224),
    "interpolation": "bicubic",
    "mean": (0.498, 0.498, 0.498),
    "std": (0.502, 0.502, 0.502),
    "crop_pct": 0.875,
    "crop_mode": "center",
}
# Blocks a stage: the package counts through, timm counts within a stage.
_STAGES = (1, 2, 2, 3, 3, 4, 1)
_OUTSIDE = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}
_WIDE = {  # a block that widens first
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_NARROW = {  # the first stage's block, which does not
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn1",
    "_project_conv": "conv_pw",
    "_bn2": "bn2",
}


def build(
    folder: Path, fingerprint: str, *, classifier: bool = False
) -> tuple[torch.nn.Module, dict[str, Any]]:
    """Make timm's network with the packaged weights.

    Parameters
    ----------
    folder : Path
        Where the package's ``.pth`` lies.
    fingerprint : str
        Hash of it, the key of the converted file.
    classifier : bool
        Keep the last layer, which gives 1,000 logits in place of 1,280 features.

    Returns
    -------
    model : torch.nn.Module
        On the CPU.
    preparation : dict
        timm's data configuration.

    Notes
    -----
    The package holds a pickle. It is read once, with ``weights_only=True`` (tensors and plain containers,
    nothing that could run) and after its SHA-256 was checked, and kept as safetensors in the cache.
    """
    model = timm.create_model("efficientnet_lite0", pretrained=False, **ARCHITECTURE)
    model.load_state_dict(load_file(_converted(folder, fingerprint)))
    if not classifier:
        model.reset_classifier(0)
    return model, dict(_PREPARATION)


def _converted(folder: Path, fingerprint: str) -> Path:
    target = cache_dir("converted") / f"efficientnet-lite0-{fingerprint}.safetensors"
    if not target.is_file():
        state = torch.load(next(folder.glob("*.pth")), map_location="cpu", weights_only=True)
        handle, partial = tempfile.mkstemp(dir=target.parent, suffix=".partial")
        os.close(handle)
        save_file(rename_keys(state), partial)
        Path(partial).replace(target)
    return target


def rename_keys(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Give the package's tensors timm's names.

    Parameters
    ----------
    state : mapping of str to torch.Tensor
        As the package names them.

    Returns
    -------
    dict of str to torch.Tensor
        As ``timm.create_model("efficientnet_lite0")`` names them.

    Examples
    --------
    >>> list(rename_keys({"_blocks.2._bn0.bias": torch.zeros(1), "_fc.bias": torch.zeros(1)}))
    ['blocks.1.1.bn1.bias', 'classifier.bias']
    """
    return {_rename(key): tensor.contiguous() for key, tensor in state.items()}


def _rename(key: str) -> str:
    inside = re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(\w+)", key)
    if inside is None:
        layer, _, kind = key.partition(".")
        return f"{_OUTSIDE[layer]}.{kind}"
    stage, place = _stage(int(inside[1]))
    names = _NARROW if stage == 0 else _WIDE
    return f"blocks.{stage}.{place}.{names[inside[2]]}.{inside[3]}"


def _stage(block: int) -> tuple[int, int]:
    for stage, count in enumerate(_STAGES):
        if block < count:
            return stage, block
        block -= count
    raise KeyError(f"EfficientNet-Lite0 has {sum(_STAGES)} blocks.")
