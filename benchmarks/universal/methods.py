"""The rows of the universal embedding's table, and the settings that each may choose from.

Every method has the same number of settings to search (`SETTINGS`), chosen on the validation's classes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from embedscope.comparison.bandwidth import Bandwidth

SETTINGS = 4


@dataclass(frozen=True)
class Setting:
    """One choice: options of the loss, and fields of the recipe."""

    loss: Mapping[str, Any] = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Its choices in a line."""
        chosen = {**self.recipe, **self.loss}
        return ", ".join(f"{name}={value}" for name, value in chosen.items())

    @property
    def slug(self) -> str:
        """The same for a file's name."""
        return re.sub(r"[^A-Za-z0-9.=]+", "-", self.words).strip("-")


@dataclass(frozen=True)
class Method:
    """One row: the loss by its name in embedscope, and its settings."""

    name: str
    title: str
    loss: str
    settings: tuple[Setting, ...]

    def __post_init__(self) -> None:
        if len(self.settings) != SETTINGS:
            raise ValueError(f"{self.name} has {len(self.settings)} settings; each method has {SETTINGS}.")


def _rates(*rates: float, **loss: Any) -> tuple[Setting, ...]:
    return tuple(Setting(loss, {"rate": rate}) for rate in rates)


SPECIALIST = Method(
    "specialist",
    "specialists, each on its own",
    "proxy_anchor",
    (
        *_rates(1e-4, 3e-4, 2e-3),
        Setting({"loss": "normalised_softmax"}, {"rate": 1e-4}),
    ),
)
FUSED = Method(
    "fused",
    "fused: all labels, one net",
    "proxy_anchor",
    (
        *_rates(1e-4, 2e-4, 4e-4),
        Setting({"loss": "normalised_softmax"}, {"rate": 2e-4}),
    ),
)

_RATES = (1.5e-3, 3e-3)


def _two(
    name: str, title: str, loss: str, *options: Mapping[str, Any], rates: tuple[float, float] = _RATES
) -> Method:
    """Two rates, with each of two choices of the loss."""
    settings = tuple(Setting(choice, {"rate": rate}) for choice in options for rate in rates)
    return Method(name, title, loss, settings)


def _four_rates(name: str, title: str, loss: str) -> Method:
    """Four rates, for a loss that has nothing to choose."""
    return Method(name, title, loss, _rates(7e-4, *_RATES, 6e-3))


_SHARP = {"bandwidth": Bandwidth.mean_distance(0.25), "student_bandwidth": Bandwidth.fixed(0.25)}
_WIDE = {"bandwidth": Bandwidth.mean_distance(0.4), "student_bandwidth": Bandwidth.fixed(0.35)}

STUDENTS = (
    _two("kl", "distilled by KL", "kl", _SHARP, _WIDE),
    # At 3e-3 it falls apart (0.609 on the validation; 0.660 at 1.5e-3).
    _two(
        "absolute",
        "absolute distance",
        "absolute",
        {"metric": "euclidean"},
        {"metric": "cosine"},
        rates=(7e-4, 1.5e-3),
    ),
    _four_rates("similarity", "similarity matching", "similarity"),
    _two("rkd", "RKD", "rkd", {"angles": 50.0}, {"angles": 0.0}),
    _four_rates("pkt", "PKT", "pkt"),
    # At 3e-3 it never comes back to where the untouched backbone is (0.550 on the validation).
    _two(
        "embedding",
        "embedding matching",
        "embedding",
        {"hidden": None},
        {"hidden": 256},
        rates=(5e-4, 1.5e-3),
    ),
    _two("udon", "UDON", "udon", {"classes": 1.0}, {"classes": 0.2}),
    _two("unic", "UNIC", "unic", {"standardise": True}, {"standardise": False}),
    _two("reverse_kl", "reverse KL", "reverse_kl", _SHARP, _WIDE),
    _two("js", "JS", "js", _SHARP, _WIDE),
)
