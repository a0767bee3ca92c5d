"""A view's pictures: one below it in a notebook, drawn again when what it shows has changed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.comparison.comparison import compare
from embedscope.spaces.space import Space
from embedscope.views.channel import Request
from embedscope.views.comparison_picture import ComparisonPicture
from embedscope.views.explorer import explore

HEATMAP = Request("heatmap", {"by": "label", "bandwidth": "perplexity:5", "layer": "contribution"})


@pytest.fixture
def shown():
    rng = np.random.default_rng(0)
    teacher = rng.normal(size=(60, 6))
    columns = {"label": [f"class {row % 3}" for row in range(60)]}
    sides = (Space.from_arrays(x, columns=columns) for x in (teacher, teacher[:, :4]))
    view = explore(compare(*sides, names=("large", "small")), layout="pca")
    yield view
    view.close()


def height_of(png: bytes) -> int:
    with PILImage.open(io.BytesIO(png)) as opened:
        return opened.height


def test_a_comparison_draws_the_heatmap_that_was_looked_at_and_computes_none(shown) -> None:
    shown.height = 400
    before = shown.picture()
    assert isinstance(before, ComparisonPicture)
    assert before.divergence is None
    assert before.names == ("large", "small")
    low = shown._draw_small()
    assert shown.picture().divergence is None
    shown._answer_heatmap(HEATMAP)
    assert shown.picture().divergence.groups.by == "label"
    high = shown._draw_small()
    assert height_of(high) > height_of(low)
    assert max(len(low), len(high)) < 250_000


def test_what_changes_the_picture_has_it_drawn_again(shown, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(shown._below, "refresh_soon", lambda: asked.append(1))
    shown._answer_heatmap(HEATMAP)
    assert len(asked) == 1
    shown.labels_b = []
    assert len(asked) == 2
    shown.selection = [1, 2]
    assert len(asked) > 2


def test_pictures_are_written_to_files(shown, tmp_path) -> None:
    assert shown.to_png(tmp_path / "a.png", width=600, height=400) == (tmp_path / "a.png").read_bytes()
    assert shown.to_svg(tmp_path / "a.svg") == (tmp_path / "a.svg").read_text(encoding="utf-8")
