"""The progress bar: what it shows, and that it stays quiet where it should."""

from __future__ import annotations

import subprocess
import sys

import pytest

from embedscope._progress import progress_bar


def test_it_shows_rate_remaining_time_and_note(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(10, "encode", unit="text", disable=False) as bar:
        bar.note("4 from the store")
        bar.update(4)
        bar.update(6)
    shown = capsys.readouterr().err.split("\r")[-1]
    assert shown.startswith("encode: 100%")
    assert "10/10" in shown
    assert "text/s" in shown
    assert "4 from the store" in shown


def test_a_total_that_is_not_known_still_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(None, "read") as bar:
        bar.update(3)
    assert "3 item" in capsys.readouterr().err


def test_disabled_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(10, "encode", disable=True) as bar:
        bar.update(10)
        bar.note("done")
    captured = capsys.readouterr()
    assert captured.err == captured.out == ""


def test_the_bar_closes_when_the_work_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with progress_bar(10, "encode") as bar:
            bar.update(4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert capsys.readouterr().err.endswith("\n")


def test_the_environment_turns_bars_off() -> None:
    code = "from embedscope._progress import progress_bar\nwith progress_bar(3, 'encode') as bar:\n bar.update(3)"
    quiet = subprocess.run(
        [sys.executable, "-c", code], env={"TQDM_DISABLE": "1"}, check=True, capture_output=True, text=True
    )
    assert quiet.stderr == ""
