"""Events: a line at a time, followed from an offset, whatever happened to the last line."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from embedscope._errors import InputError, StoreError
from embedscope.training.events import EventLog, read_events, settled


def test_a_line_is_there_as_soon_as_it_is_appended(tmp_path) -> None:
    path = tmp_path / "events.jsonl"
    log = EventLog(path)
    log.append("loss", 1, {"loss": 0.1 + 0.2})
    page = read_events(path)
    assert page.events[0]["loss"] == 0.1 + 0.2
    assert page.offset == path.stat().st_size
    log.append("note", 1, {"text": "zwei\nZeilen ‮ ü"})
    later = read_events(path, page.offset)
    assert [event["text"] for event in later.events] == ["zwei\nZeilen ‮ ü"]
    assert read_events(path, later.offset).events == ()
    log.close()


def test_a_torn_last_line_is_left_and_reported(tmp_path) -> None:
    path = tmp_path / "events.jsonl"
    with EventLog(path) as log:
        log.append("loss", 1, {"loss": 1.0})
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"t": 1, "step": 2, "ki')
    page = read_events(path)
    assert (len(page.events), page.offset, page.torn, page.damaged) == (1, whole, 23, 0)
    # The writer's other half comes: a follower reads the line from its beginning.
    with path.open("ab") as file:
        file.write(b'nd": "loss"}\n')
    assert read_events(path, page.offset).events[0]["step"] == 2


def test_a_new_writer_does_not_go_on_in_a_torn_line(tmp_path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"t": 1, "step": 1, "kind": "loss"}\n{"t": 1, "st')
    with EventLog(path) as log:
        log.append("loss", 2)
    page = read_events(path)
    assert [event["step"] for event in page.events] == [1, 2]
    assert (page.torn, page.damaged) == (0, 1)


@pytest.mark.parametrize(
    "line", ["[1]", "null", '{"kind": "loss"}', '{"kind": 1, "step": 1, "t": 1}', "\xff"]
)
def test_what_is_no_event_is_counted(tmp_path, line: str) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line.encode("latin-1") + b"\n")
    assert read_events(path).damaged == 1


def test_numbers_that_are_not_finite_become_null(tmp_path) -> None:
    path = tmp_path / "events.jsonl"
    with EventLog(path) as log:
        log.append("loss", 1, {"loss": math.nan, "parts": {"emoji": [math.inf, 1.0]}})
    event = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(name))
    assert (event["loss"], event["parts"]) == (None, {"emoji": [None, 1.0]})


def test_own_names_are_not_taken(tmp_path) -> None:
    with pytest.raises(InputError, match="step"):
        EventLog(tmp_path / "events.jsonl").append("loss", 1, {"step": 2})


def test_no_file_is_no_event_and_no_path_writes_none(tmp_path) -> None:
    assert read_events(tmp_path / "none.jsonl").events == ()
    EventLog(None).append("loss", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(tmp_path) -> None:
    with pytest.raises(StoreError, match="No space left"):
        EventLog(_full_device()).append("loss", 1)
    with pytest.raises(StoreError, match="cannot be read"):
        read_events(tmp_path)


def _full_device() -> Path:
    if not Path("/dev/full").exists():
        pytest.skip("This system has no /dev/full, a device that is always full.")
    return Path("/dev/full")


def _event(kind: str, step: int, **values: object) -> dict[str, object]:
    return {"t": 0.0, "kind": kind, "step": step, **values}


def test_what_a_resume_did_again_counts_once() -> None:
    events = [
        _event("state", 0, state="running"),
        _event("loss", 1, loss=1.0),
        _event("checkpoint", 1),
        _event("loss", 2, loss=0.9),
        _event("note", 2, text="kept"),
        _event("state", 1, state="running"),
        _event("loss", 2, loss=0.8),
    ]
    kept = settled(events)
    assert [(e["step"], e["loss"]) for e in kept if e["kind"] == "loss"] == [(1, 1.0), (2, 0.8)]
    assert [e["step"] for e in kept if e["kind"] == "checkpoint"] == [1]
    assert any(e["kind"] == "note" for e in kept)


def test_a_pause_takes_nothing_back() -> None:
    events = [_event("loss", 5), _event("state", 5, state="paused"), _event("state", 5, state="running")]
    assert settled(events) == events
