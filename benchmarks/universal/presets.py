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
    domains : mapping
        Of a domain's specialist: fields that differ.
    universal : mapping
        Of a net for all domains, fused or distilled: its batches are of several.
    seeds : tuple of int
        The first one searches.
    workers : int
        Runs side by side.
    """

    recipe: Mapping[str, Any] = field(default_factory=dict)
    specialist: Mapping[str, Any] = field(default_factory=dict)
    domains: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    universal: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0, 1, 2)
    workers: int = 1

    def specialist_of(self, domain: str) -> dict[str, Any]:
        """Give the fields of a domain's specialist."""
        return {**self.recipe, **self.specialist, **self.domains.get(domain, {})}

    def watched(self, domain: str) -> str:
        """Tell by which measure of the validation a step and a setting are chosen."""
        return str(self.domains.get(domain, {}).get("best_by", "recall_at_1"))


# Of two digits in the validation nearly each one's nearest is right before any training; of 152 stamps one is
# worth more than a setting. Photos may be mirrored.
_DOMAINS = {"digits": {"best_by": "map_at_r"}, "stamps": {"best_by": "map_at_r", "flip": 0.5}}

PRESETS = {
    "cpu": Preset(
        {
            "image_size": 112,
            "dims": 256,
            "trained_blocks": 1,
            "variants": 3,
            "per_class": 4,
            "validations": 7,
            "device": "cpu",
        },
        specialist={"n_classes": 32, "steps": 200},
        domains=_DOMAINS,
        universal={"mixed": True, "n_classes": 64, "steps": 200},
        workers=2,
    ),
    "gpu": Preset(
        {
            "image_size": 224,
            "dims": 256,
            "trained_blocks": None,
            "variants": 1,
            "per_class": 4,
            "validations": 10,
        },
        specialist={"n_classes": 64, "steps": 1500},
        domains=_DOMAINS,
        universal={"mixed": True, "n_classes": 128, "steps": 3000},
    ),
}
