"""What the page knows of a run: how it stands, its curves, its domains, what it said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from embedscope._errors import StoreError
from embedscope.training.checkpoint_files import latest_step
from embedscope.training.control import read_want
from embedscope.training.events import Event, settled
from embedscope.training.run import Run
from embedscope.training.run_folder import read_json
from embedscope.views.palette import category_color
from embedscope.views.training_curves import loss_curves, validation_curves

_NOTES, _NOTE_CHARACTERS, _ERROR_CHARACTERS = 50, 1000, 6000
# More lines than this cannot be told apart.
_DOMAINS, _NAME_CHARACTERS = 24, 200
_AFTER_PREPARING = frozenset({"loss", "validation", "checkpoint", "data"})


def training_facts(run: Run) -> dict[str, Any]:
    """Describe a run for the front end's ``training`` trait, maps apart.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    dict
        JSON values, as ``interface Training`` of ``widgets/src/model.ts`` names them; a few ten kilobytes at
        most, however long the run.
    """
    events = run.events()
    kept = settled(events)
    losses, validations = (_of_kind(kept, kind) for kind in ("loss", "validation"))
    said = next(reversed(_of_kind(events, "data")), {})
    domains = _domains(said, [*losses[-1:], *validations[-1:]])
    names = [name for name, _ in domains]
    state, pace = run.state, run.pace
    moves = state == "running"
    return {
        "job": run.job,
        "folder": str(run.folder.path),
        "state": state,
        "want": _want(run) if state in ("running", "paused") else "",
        "step": pace.step,
        "total": pace.total or said.get("steps"),
        "rate": pace.rate if moves else None,
        "remaining_s": pace.remaining_s if moves else None,
        "progress": _progress(events) if state in ("running", "paused") else None,
        "domains": [fact for _, fact in domains],
        "net": _net(run, said, events),
        "loss": loss_curves(losses, names),
        "validation": validation_curves(validations, names),
        "best": _best(validations),
        "checkpoint": latest_step(run.folder.checkpoints),
        "has_model": run.folder.model.is_dir(),
        "notes": _notes(run, events),
        "error": _cut(run.error or "", _ERROR_CHARACTERS),
    }


def _of_kind(events: Sequence[Event], kind: str) -> list[Event]:
    return [event for event in events if event["kind"] == kind]


def _domains(said: Mapping[str, Any], last: Sequence[Event]) -> list[tuple[str, dict[str, Any]]]:
    """Pair each domain's name, as events have it, with what the page is told of it."""
    names = [str(name) for name in said.get("domains", [])]
    if not names:
        found = (key.partition("/")[2] for event in last for key in event if "/" in key)
        names = list(dict.fromkeys(name for name in found if name))
    facts = []
    for rank, name in enumerate(names[:_DOMAINS]):
        sizes = {part: _at(said.get(part), rank) for part in ("train", "validation")}
        color = category_color(rank)
        facts.append((name, {"name": _cut(name, _NAME_CHARACTERS), "color": color, **sizes}))
    return facts


def _at(values: object, rank: int) -> Any:
    return values[rank] if isinstance(values, list) and rank < len(values) else None


def _progress(events: Sequence[Event]) -> dict[str, Any] | None:
    """Say what it does before its first step, or its first one after a new start, where it is there."""
    last: list[Event] = []
    for event in reversed(events):
        if event["kind"] in _AFTER_PREPARING:
            return None
        if event["kind"] == "state" and "worker" in event:
            break
        if event["kind"] == "progress" and (not last or _stage(event) == _stage(last[0])):
            last.append(event)
    if not last:
        return None
    now, first = last[0], last[-1]
    done, total, seconds = now.get("done", 0), now.get("total"), now["t"] - first["t"]
    rate = (done - first.get("done", 0)) / seconds if seconds > 0 else None
    left = (total - done) / rate if rate and total else None
    return {
        "stage": _cut(_stage(now), _NAME_CHARACTERS),
        "done": done,
        "total": total,
        "unit": _cut(str(now.get("unit", "")), 40),
        "note": _cut(str(now.get("note") or ""), _NAME_CHARACTERS),
        "rate": rate,
        "remaining_s": left,
    }


def _stage(event: Event) -> str:
    return str(event.get("description", ""))


def _net(run: Run, said: Mapping[str, Any], events: Sequence[Event]) -> dict[str, Any]:
    options = read_json(run.folder.config).get("options", {})
    options = options if isinstance(options, dict) else {}
    backbone = options.get("backbone") or options.get("student") or ""
    devices = [event["device"] for event in events if event["kind"] == "state" and event.get("device")]
    return {
        "backbone": _cut(str(backbone), _NAME_CHARACTERS),
        "loss": _cut(str(options.get("loss", "")), _NAME_CHARACTERS),
        "dims": said.get("dims"),
        "trained_parameters": said.get("trained_parameters"),
        "parameters": said.get("parameters"),
        "device": _cut(str(devices[-1]), 40) if devices else "",
    }


def _best(validations: Sequence[Event]) -> dict[str, Any] | None:
    best = next((event for event in reversed(validations) if event.get("is_best")), None)
    return None if best is None else {"step": best["step"], "recall": best.get("recall_at_1")}


def _notes(run: Run, events: Sequence[Event]) -> list[dict[str, Any]]:
    said = [
        {"step": event["step"], "text": _cut(str(event.get("text", "")), _NOTE_CHARACTERS)}
        for event in _of_kind(events, "note")
    ]
    return [*said[-_NOTES:], *({"step": None, "text": problem} for problem in run.problems)]


def _want(run: Run) -> str:
    try:
        return read_want(run.folder.control)
    except StoreError:
        # Half a file of somebody else's hand: the worker says what is wrong with it.
        return ""


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"
