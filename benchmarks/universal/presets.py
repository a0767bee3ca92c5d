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
        Fields of embedscope's `Recipe`.
    specialist_steps : int
        Of a specialist, which sees a fifth of the images.
    seeds : tuple of int
        The first one searches.
    workers : int
        Runs side by side.
    """

    recipe: Mapping[str, Any] = field(default_factory=dict)
    specialist_steps: int = 0
    seeds: tuple[int, ...] = (0, 1, 2)
    workers: int = 1


PRESETS = {
    "cpu": Preset(
        {
            "image_size": 112,
            "dims": 128,
            "trained_blocks": 1,
            "variants": 3,
            "n_classes": 32,
            "per_class": 4,
            "steps": 600,
            "validations": 7,
            "device": "cpu",
        },
        specialist_steps=200,
        workers=2,
    ),
    "gpu": Preset(
        {
            "image_size": 224,
            "dims": 128,
            "trained_blocks": None,
            "variants": 1,
            "n_classes": 64,
            "per_class": 4,
            "steps": 3000,
            "validations": 10,
        },
        specialist_steps=1500,
    ),
}
