"""Controls: what is wanted is heard at the next look, and a pause sleeps."""

from __future__ import annotations

import threading
import time

import pytest

from embedscope._errors import StoreError
from embedscope.training.control import Control, read_want, write_want


def test_what_is_asked_for_is_heard(tmp_path) -> None:
    path = tmp_path / "control.json"
    control = Control(path)
    heard = [control.want]
    for want in ("pause", "run", "stop"):
        write_want(path, want)
        heard.append(control.want)
    assert heard == ["run", "pause", "run", "stop"]


def test_a_told_stop_outweighs_the_file(tmp_path) -> None:
    path = tmp_path / "control.json"
    write_want(path, "pause")
    control = Control(path)
    control.stop()
    assert control.want == control.wait_while_paused() == "stop"


def test_a_pause_ends_when_something_else_is_wanted_and_costs_no_processor(tmp_path) -> None:
    path = tmp_path / "control.json"
    write_want(path, "pause")
    threading.Timer(1.0, write_want, (path, "run")).start()
    began, cpu = time.monotonic(), time.thread_time()
    assert Control(path).wait_while_paused() == "run"
    assert time.monotonic() - began > 0.8
    assert time.thread_time() - cpu < 0.1


def test_another_want_is_an_error(tmp_path) -> None:
    path = tmp_path / "control.json"
    path.write_text('{"want": "fly"}')
    with pytest.raises(StoreError, match=r"'fly'.*pause"):
        read_want(path)
