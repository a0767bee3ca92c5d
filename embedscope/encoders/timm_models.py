"""timm's networks with trained weights: the packaged one, a folder, or one of the hub.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import timm
import torch
from timm.data import resolve_data_config

from embedscope._errors import unknown_name
from embedscope.encoders import efficientnet_lite0
from embedscope.encoders.found import FoundWeights, find_weights
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.packaged import PACKAGED


@dataclass(frozen=True, eq=False)
class TimmModel:
    """A timm network without its classifier.

    Parameters
    ----------
    module : torch.nn.Module
        On the CPU, with its trained weights.
    preparation : dict
        timm's data configuration: size, mean, standard deviation, crop, interpolation.
    found : FoundWeights
        Where the weights came from.
    """

    module: torch.nn.Module
    preparation: dict[str, Any]
    found: FoundWeights

    @property
    def dims(self) -> int:
        """Length of its pooled features."""
        return feature_width(self.module)


def build_timm(place: str, options: LoadOptions) -> TimmModel:
    """Build a timm network with trained weights.

    Parameters
    ----------
    place : str
        For example ``"efficientnet_lite0"``, ``"resnet50"``, ``"resnet50.a1_in1k"``, or a folder as timm's
        ``save_for_hf`` writes it.
    options : LoadOptions
        ``path`` and ``revision`` are heeded.

    Returns
    -------
    TimmModel
        Ready to compute.

    Raises
    ------
    MissingError
        If there is no such network.
    """
    name = f"timm:{place}"
    if name in PACKAGED:
        weights = PACKAGED[name]
        model, preparation = efficientnet_lite0.build(weights.folder(options.path), weights.fingerprint)
        return TimmModel(model, preparation, FoundWeights(Path(), name, weights.fingerprint, weights.licence))
    is_local = options.path is not None or Path(place).expanduser().is_dir()
    found = find_weights(place if is_local else _hub_name(place), "timm", options)
    model = timm.create_model(f"local-dir:{found.folder}", pretrained=True, num_classes=0)
    return TimmModel(model, resolve_data_config({}, model=model), found)


def feature_width(model: Any) -> int:
    """Tell how long a timm network's pooled features are.

    Parameters
    ----------
    model : torch.nn.Module
        A timm network without its classifier.

    Returns
    -------
    int
        What a convolutional head makes of the trunk's features, where there is such a head.
    """
    return int(getattr(model, "head_hidden_size", model.num_features))


def check_architecture(name: str) -> None:
    """Refuse an architecture that timm does not have.

    Parameters
    ----------
    name : str
        With or without a tag of its weights.

    Raises
    ------
    MissingError
        With the near ones.

    Examples
    --------
    >>> check_architecture("resnet50.a1_in1k")
    """
    architecture = name.partition(".")[0]
    if not timm.is_model(architecture):
        near = difflib.get_close_matches(architecture, timm.list_models(), n=8, cutoff=0.4)
        raise unknown_name("timm model", name, near, "timm.list_models() lists all.")


def _hub_name(place: str) -> str:
    """Give the hub's name of an architecture, with or without a tag; one with a slash is a name already."""
    if "/" in place:
        return place
    check_architecture(place)
    config = timm.get_pretrained_cfg(place, allow_unregistered=True)
    return str(config.hf_hub_id) if config is not None and config.hf_hub_id else f"timm/{place}"
