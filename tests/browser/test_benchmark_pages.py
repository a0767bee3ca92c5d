"""The pages of the browser benchmark draw, pan and are read back, at a size that takes no time."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.browser
POINTS = 2_000


@pytest.fixture
def pages(repo: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark's own code, which lies outside the package."""
    monkeypatch.syspath_prepend(str(repo / "benchmarks"))
    yield importlib.import_module("browser_pages")
    for name in ("browser_pages", "browser_sides"):
        sys.modules.pop(name)


@pytest.mark.parametrize("side", ["embedscope", "plotly"])
def test_a_side_is_drawn_panned_and_weighed(side: str, pages: Any, chromium: Any, tmp_path: Any) -> None:
    sizes = pages.lay_out(tmp_path, POINTS, (side,))
    assert POINTS * 8 <= sizes[side] < POINTS * 20
    with pages.served(tmp_path) as url:
        seen = pages.measure(chromium, url, side, POINTS, pages.margins(chromium, url, side, POINTS))
    assert 0 < seen.first_frame_ms < 60_000
    assert seen.frames > 5
    assert 10 < seen.p95_frame_ms < 10_000
    assert seen.heap_mb > 1
