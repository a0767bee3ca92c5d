"""The palette is what glasbey makes, and can be told apart and read."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.views.palette import MISSING, PALETTE, RAMP, category_color, glasbey_options


def luminance(color: str) -> float:
    """Relative luminance after WCAG 2."""
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def uniform(colors: list[str], severity: int = 0) -> np.ndarray:
    """CAM02-UCS coordinates, as seen with deuteranomaly of some severity."""
    from colorspacious import cspace_convert

    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colors]) / 255
    space = {"name": "sRGB1+CVD", "cvd_type": "deuteranomaly", "severity": severity}
    return cspace_convert(np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1), "sRGB1", "CAM02-UCS")


def nearest_pair(points: np.ndarray) -> float:
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(gaps[np.triu_indices(len(points), 1)].min())


def test_the_table_is_what_glasbey_makes() -> None:
    import glasbey

    assert tuple(glasbey.extend_palette(**glasbey_options())) == PALETTE


def test_colors_are_distinct_hex_and_none_is_the_missing_grey() -> None:
    assert len(set(PALETTE)) == 255
    assert all(len(c) == 7 and int(c[1:], 16) >= 0 for c in (*PALETTE, *RAMP, MISSING))
    assert MISSING not in PALETTE


@pytest.mark.parametrize("ground", ["#ffffff", "#111418"])
def test_the_first_twenty_stand_out_on_both_grounds(ground: str) -> None:
    assert min(contrast(c, ground) for c in PALETTE[:20]) > 1.6
    assert contrast(MISSING, ground) > 2


def test_the_first_fourteen_can_be_told_apart_with_and_without_full_colour_vision() -> None:
    first = list(PALETTE[:14])
    assert nearest_pair(uniform(first)) > 10
    assert nearest_pair(uniform(first, severity=60)) > 10


def test_the_ramp_grows_lighter_all_along() -> None:
    assert np.all(np.diff(uniform(list(RAMP))[:, 0]) > 0)
    assert np.all(np.diff(uniform(list(RAMP), severity=100)[:, 0]) > 0)


def test_a_colour_depends_on_its_rank_only() -> None:
    assert [category_color(rank) for rank in range(3)] == list(PALETTE[:3])
    assert category_color(255) == category_color(-1) == MISSING
