"""Icon sets become pictures: in a square, flipped where they say so, drawn once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from embedscope.items.packaged.drawings import PIXELS, IconSet, render_all
from embedscope.items.payloads import Image

ICONS = {
    "icons": {
        "left": {"body": '<path fill="#f00" d="M0 0h5v10h-5z"/>'},
        "wide": {"body": '<path fill="#00f" d="M0 0h20v5h-20z"/>', "width": 20, "height": 5},
    },
    "aliases": {"right": {"parent": "left", "hFlip": True}, "orphan": {"parent": "gone"}},
    "width": 10,
    "height": 10,
}


@pytest.fixture
def icons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IconSet:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "icons.json").write_text(json.dumps(ICONS))
    return IconSet(tmp_path / "icons.json")


def pixels(folder: Path, name: str) -> np.ndarray:
    return np.asarray(Image(path=folder / f"{name}.png").open())


def test_icons_are_drawn_in_a_square(icons: IconSet) -> None:
    folder = render_all("test", icons.svgs(["left", "right", "wide"]))
    left, right, wide = (pixels(folder, name) for name in ("left", "right", "wide"))
    assert left.shape == right.shape == wide.shape == (PIXELS, PIXELS, 3)
    assert left[36, 10].tolist() == right[36, 60].tolist() == [255, 0, 0]
    assert left[36, 60].tolist() == right[36, 10].tolist() == [255, 255, 255]
    assert (wide[36, 36].tolist(), wide[10, 36].tolist()) == ([0, 0, 255], [255, 255, 255])


def test_what_is_in_the_set(icons: IconSet) -> None:
    assert icons.names == ["left", "wide"]
    assert [name in icons for name in ("left", "right", "orphan", "none")] == [True, True, False, False]


def test_drawings_are_kept_until_they_change(icons: IconSet) -> None:
    folder = render_all("test", icons.svgs(["left"]))
    assert render_all("test", icons.svgs(["left"])) == folder
    assert render_all("test", icons.svgs(["wide"])) != folder
