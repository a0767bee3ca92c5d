"""How long and how large a run of the universal embedding's table is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BACKBONE = "efficientnet_lite0"


@dataclass(frozen=True)
class Preset:
    """What all runs have in common.

    Parameters
    ----------
    recipe : mapping
        Fields of embedscope's `Recipe`, of every run.
    specialist : mapping
        Of a specialist: its batches are of one domain.
    universal : mapping
        Of a net for all domains, fused or distilled: its batches are of several.
    seeds : tuple of int
        The first one searches.
    workers : int
        Runs side by side.
    """

    recipe: Mapping[str, Any] = field(default_factory=dict)
    specialist: Mapping[str, Any] = field(default_factory=dict)
    universal: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0, 1, 2)
    workers: int = 1


PRESETS = {
    "cpu": Preset(
        {
            "image_size": 112,
            "dims": 128,
            "trained_blocks": 1,
            "variants": 3,
            "per_class": 4,
            "validations": 7,
            "device": "cpu",
        },
        specialist={"n_classes": 32, "steps": 200},
        universal={"mixed": True, "n_classes": 64, "steps": 300},
        workers=2,
    ),
    "gpu": Preset(
        {
            "image_size": 224,
            "dims": 128,
            "trained_blocks": None,
            "variants": 1,
            "per_class": 4,
            "validations": 10,
        },
        specialist={"n_classes": 64, "steps": 1500},
        universal={"mixed": True, "n_classes": 128, "steps": 3000},
    ),
}
