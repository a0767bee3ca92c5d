"""A warning names the person's line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from embedscope._errors import EmbedscopeWarning
from embedscope.items.warn import warn


def test_it_is_a_warning_of_ours() -> None:
    with pytest.warns(EmbedscopeWarning, match="less"):
        warn("less than was asked for")


def test_it_points_at_the_line_outside(tmp_path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("import embedscope as es\n\nes.Items.from_texts(['a', ''])\n")
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert f"{script}:3: EmbedscopeWarning: 1 of 2 items" in run.stderr
