"""Sizes and themes that cannot be drawn are said before anything is drawn."""

from __future__ import annotations

import pytest

from embedscope._errors import InputError
from embedscope.views.picture import PictureOptions, check_theme


@pytest.mark.parametrize(
    "wrong", [{"width": 100}, {"height": 9000}, {"scale": 0.1}, {"width": 8001}], ids=lambda wrong: str(wrong)
)
def test_a_size_that_cannot_be_drawn(wrong: dict) -> None:
    with pytest.raises(InputError, match="cannot be drawn: width from 320"):
        PictureOptions(**wrong)


def test_a_ground_that_there_is_not() -> None:
    check_theme(PictureOptions().theme)
    with pytest.raises(InputError, match="'light' or 'dark'; got 'blue'"):
        check_theme("blue")
