"""The progress bar: what it shows, and that it stays quiet where it should."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading

import pytest

from embedscope._progress import Cancelled, Progressed, listening, progress_bar


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


def test_what_was_finished_before_counts_for_no_rate(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Progressed] = []
    with progress_bar(10, "train", unit="step", disable=False, done=8):
        pass
    shown = capsys.readouterr().err
    assert "8/10" in shown
    assert "? step/s" in shown
    with listening(heard.append), progress_bar(10, "train", done=8) as bar:
        bar.update()
    assert [one.done for one in heard] == [8, 9]


def test_a_listener_hears_instead_of_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Progressed] = []
    with listening(heard.append), progress_bar(3, "encode", unit="text", disable=False) as bar:
        bar.note("1 kept already")
        bar.update(2)
        bar.update(1)
    assert [one.done for one in heard] == [0, 0, 2, 3]
    assert heard[-1] == Progressed("encode", 3, 3, "text", "1 kept already")
    assert capsys.readouterr().err == ""
    with progress_bar(1, "encode", disable=False) as bar:
        bar.update()
    assert len(heard) == 4


def test_another_threads_bars_are_not_heard() -> None:
    heard: list[Progressed] = []

    def work() -> None:
        with progress_bar(1, "encode", disable=True) as bar:
            bar.update()

    with listening(heard.append):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert heard == []


def test_a_listener_stops_the_work_past_every_handler_of_errors() -> None:
    finished: list[int] = []

    def stop(now: Progressed) -> None:
        if now.done == 2:
            raise Cancelled

    def work() -> None:
        with listening(stop), progress_bar(5, "encode") as bar:
            for step in range(5):
                with contextlib.suppress(Exception):
                    bar.update()
                finished.append(step)

    with pytest.raises(Cancelled):
        work()
    assert finished == [0]
