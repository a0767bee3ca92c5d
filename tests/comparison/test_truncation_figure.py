from __future__ import annotations

import numpy as np
import pytest

from embedscope.comparison.truncation import truncation_curve


@pytest.fixture(scope="module")
def curve(make_spaces):
    return truncation_curve(make_spaces(dims=(32, 8))[0], [4, 8, 16], k=5, device="cpu")


def test_the_line_is_the_curve_and_the_band_its_interval(curve):
    band, line = curve.figure().data
    np.testing.assert_array_equal(line.x, [4, 8, 16, 32])
    np.testing.assert_array_equal(line.y, curve.recall)
    np.testing.assert_array_equal(line.customdata, np.stack([curve.low, curve.high], axis=1))
    np.testing.assert_array_equal(band.y, [*curve.high, *curve.low[::-1]])


def test_the_axis_names_the_steps_and_chance_is_there(curve):
    figure = curve.figure()
    assert figure.layout.xaxis.type == "log"
    assert list(figure.layout.xaxis.ticktext) == ["4", "8", "16", "32"]
    assert figure.layout.shapes[0].y0 == curve.chance
    assert "recall@5" in figure.layout.title.text
    assert len(figure.to_json()) < 20_000
