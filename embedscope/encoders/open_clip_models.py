"""open_clip's models with trained weights, and their image towers alone.

This file imports torch and open_clip: import it inside the function that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import open_clip
import torch

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope._hashing import hash_files
from embedscope.encoders.found import FoundWeights, find_weights
from embedscope.encoders.options import LoadOptions

_CONFIG = "open_clip_config.json"
# A tower is built with a whole model around it: the text tower beside it is as small as can be.
_LEAST_TEXT = {"context_length": 2, "vocab_size": 2, "width": 8, "heads": 1, "layers": 1}
_CROPS = {"shortest": "center", "longest": "border", "squash": "squash"}


@dataclass(frozen=True, eq=False)
class OpenClipModel:
    """An open_clip model.

    Parameters
    ----------
    module : torch.nn.Module
        On the CPU, with its trained weights.
    prepare : callable
        Takes a PIL image and gives a tensor.
    source : str
        What ``open_clip.get_tokenizer`` takes for it.
    config : mapping
        open_clip's own: ``embed_dim``, ``vision_cfg``, ...
    found : FoundWeights
        Where the weights came from.
    """

    module: Any
    prepare: Any
    source: str
    config: Mapping[str, Any]
    found: FoundWeights


def build_open_clip(place: str, options: LoadOptions) -> OpenClipModel:
    """Build an open_clip model with trained weights.

    Parameters
    ----------
    place : str
        For example ``"ViT-B-32/laion2b_s34b_b79k"``, ``"ViT-B-32//my/weights.safetensors"``, or a folder with
        ``open_clip_config.json``.
    options : LoadOptions
        ``path`` and ``revision`` are heeded.

    Returns
    -------
    OpenClipModel
        Ready to compute.

    Raises
    ------
    MissingError
        If there is no such model, tag or file.
    InputError
        If the weights exist as a pickle only.
    """
    if options.path is not None or not _is_architecture(place):
        return _of_folder(find_weights(place, "open_clip", options))
    architecture, _, tag = place.partition("/")
    check_place(place)
    name = f"open_clip:{place}"
    if tag.endswith(".safetensors"):
        file = Path(tag).expanduser()
        model, _, prepare = open_clip.create_model_and_transforms(architecture, pretrained=str(file))
        found = FoundWeights(file.parent, f"open_clip:{architecture}/{file.resolve()}", hash_files([file]))
        return OpenClipModel(model, prepare, architecture, _config(architecture), found)
    hub = str(open_clip.get_pretrained_cfg(architecture, tag).get("hf_hub") or "").rstrip("/")
    if not hub:
        raise InputError(f"The weights {name!r} exist as a pickle only, and pickles are not loaded.")
    found = find_weights(hub, "open_clip", options)
    return _of_folder(FoundWeights(found.folder, name, found.fingerprint))


def check_place(place: str) -> None:
    """Refuse an architecture's weights that open_clip does not know; nothing is loaded.

    Parameters
    ----------
    place : str
        As `build_open_clip` takes it. What could be a model of the hub is let through.

    Raises
    ------
    MissingError
        If there is no such tag or file, or nothing of that name.

    Examples
    --------
    >>> check_place("ViT-B-32/laion2b_s34b_b79k")
    """
    if not _is_architecture(place):
        if "/" not in place and not Path(place).is_dir():
            raise unknown_name("open_clip model", place, open_clip.list_models(), "Or a folder of one.")
        return
    architecture, _, tag = place.partition("/")
    if tag.endswith(".safetensors"):
        file = Path(tag).expanduser()
        if not file.is_file():
            raise MissingError(f"There is no file {file}; write open_clip:{architecture}/<file or tag>.")
        return
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if tag not in tags:
        raise unknown_name(f"weight of open_clip's {architecture}", tag, tags, "Or a *.safetensors file.")


def _is_architecture(place: str) -> bool:
    return not Path(place).is_dir() and place.partition("/")[0] in open_clip.list_models()


def _of_folder(found: FoundWeights) -> OpenClipModel:
    source = f"local-dir:{found.folder}"
    model, _, prepare = open_clip.create_model_and_transforms(source, require_pretrained=True)
    config = json.loads((found.folder / _CONFIG).read_text(encoding="utf-8"))["model_cfg"]
    return OpenClipModel(model, prepare, source, config, found)


def _config(architecture: str) -> dict[str, Any]:
    found = open_clip.get_model_config(architecture)
    if found is None:
        raise unknown_name("open_clip model", architecture, open_clip.list_models())
    return dict(found)


def tower_options(config: Mapping[str, Any]) -> dict[str, Any]:
    """Pick what builds a model's image tower.

    Parameters
    ----------
    config : mapping
        open_clip's, of the whole model.

    Returns
    -------
    dict
        JSON values for `build_tower`.
    """
    # Its own weights come afterwards, and a tower gives one vector an image.
    vision = {**config["vision_cfg"], "timm_model_pretrained": False, "output_tokens": False}
    return {
        "embed_dim": int(config["embed_dim"]),
        "vision_cfg": vision,
        "quick_gelu": bool(config.get("quick_gelu", False)),
    }


def build_tower(architecture: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """Build an image tower with random weights.

    Parameters
    ----------
    architecture : str
        One of ``open_clip.list_models()``, where there are no options.
    options : mapping
        What `tower_options` gave; empty: the architecture's own.

    Returns
    -------
    torch.nn.Module
        From prepared images to vectors of ``embed_dim`` numbers.

    Raises
    ------
    MissingError
        If open_clip has no such architecture.
    """
    chosen = dict(options) or tower_options(_config(architecture))
    tower: torch.nn.Module = open_clip.CLIP(text_cfg=dict(_LEAST_TEXT), **chosen).visual
    return tower


def preparation(model: OpenClipModel) -> dict[str, Any]:
    """Tell how a model wants its images, in the words of `NetConfig`.

    Parameters
    ----------
    model : OpenClipModel
        Any.

    Returns
    -------
    dict
        ``image_size``, ``mean``, ``std``, ``interpolation`` and ``crop_mode``.

    Raises
    ------
    InputError
        If its images are not square.
    """
    asked = open_clip.get_model_preprocess_cfg(model.module)
    size = asked["size"]
    sides = (size, size) if isinstance(size, int) else tuple(size)
    if sides[0] != sides[1]:
        raise InputError(f"{model.found.name!r} sees images of {sides[0]} × {sides[1]} px; wanted a square.")
    return {
        "image_size": int(sides[0]),
        "mean": tuple(map(float, asked["mean"])),
        "std": tuple(map(float, asked["std"])),
        "interpolation": str(asked.get("interpolation", "bicubic")),
        "crop_mode": _CROPS[str(asked.get("resize_mode", "shortest"))],
    }
