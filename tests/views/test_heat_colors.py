"""Colours of a drawn heatmap: 0 is the ground, ends are the widget's, what is missing is grey."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from embedscope.comparison.diverging import OVER, UNDER
from embedscope.views.heat_colors import heat_ramp, heat_rgb
from embedscope.views.lettering import GROUNDS

RAMP_TS = Path(__file__).parents[2] / "widgets/src/panes/heatmap/ramp.ts"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_middle_is_the_ground_and_the_ends_are_far_from_it(theme) -> None:
    assert heat_ramp(theme, 7) == [*UNDER[theme][::-1], GROUNDS[theme].page, *OVER[theme]]


def test_the_widget_has_the_same_colours() -> None:
    given = re.findall(r"#[0-9a-f]{6}", RAMP_TS.read_text(encoding="utf-8").split("const STEPS")[0])
    assert given == [*UNDER["light"], *OVER["light"], *UNDER["dark"], *OVER["dark"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_leave_the_ground_step_by_step(theme) -> None:
    ramp = heat_rgb(np.linspace(0, 1, 30)[None], theme)[0].astype(float)
    light = ramp @ [0.2126, 0.7152, 0.0722]
    away = np.diff(light) if theme == "dark" else -np.diff(light)
    assert (away > 0).all()


def test_what_is_missing_is_grey_and_what_lies_beyond_has_the_end() -> None:
    missing, beyond, end = heat_rgb(np.array([[np.nan, 3.0, 1.0]]), "light")[0].tolist()
    assert "#" + bytes(missing).hex() == GROUNDS["light"].line
    assert beyond == end
