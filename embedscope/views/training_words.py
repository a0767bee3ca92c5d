"""What a run is called, and the line of facts below its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMED = 4
_CHARACTERS = 60


def run_title(facts: Mapping[str, Any]) -> str:
    """Say what a run does.

    Parameters
    ----------
    facts : mapping
        Of `training_facts`.

    Returns
    -------
    str
        A title.

    Examples
    --------
    >>> run_title({"job": "distill", "domains": [{"name": "emoji"}, {"name": "flags"}]})
    'Distilling emoji and flags into one net'
    >>> run_title({"job": "specialist", "domains": [{"name": "emoji"}]})
    'Training a specialist of emoji'
    """
    names = [_short(domain["name"]) for domain in facts.get("domains", [])]
    job = str(facts.get("job", ""))
    if not names:
        return {"distill": "Distilling specialists", "specialist": "Training a specialist"}.get(job, job)
    shown = names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]
    listed = " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    if job == "distill":
        return f"Distilling {listed} into one net"
    if job != "specialist":
        return f"{job}: {listed}"
    return f"Training a specialist of {listed}" if len(names) == 1 else f"Training one net on {listed}"


def run_line(facts: Mapping[str, Any]) -> str:
    """Say what is trained, on what and where.

    Parameters
    ----------
    facts : mapping
        Of `training_facts`.

    Returns
    -------
    str
        Parts with dots between them; what is not known is left out.

    Examples
    --------
    >>> run_line({"net": {"backbone": "efficientnet_lite0", "dims": 64}, "folder": "runs/a"})
    'efficientnet_lite0 · 64 dims · runs/a'
    """
    net = facts.get("net", {})
    trained, whole = net.get("trained_parameters"), net.get("parameters")
    images = sum((domain.get("train") or {}).get("images", 0) for domain in facts.get("domains", []))
    parts = [
        _short(str(net.get("backbone") or "")),
        f"loss {net['loss']}" if net.get("loss") else "",
        f"{net['dims']} dims" if net.get("dims") else "",
        f"{_millions(trained)} of {_millions(whole)} parameters trained" if trained and whole else "",
        f"{images:,} images" if images else "",
        str(net.get("device") or ""),
        str(facts.get("folder", "")),
    ]
    return " · ".join(part for part in parts if part)


def _millions(count: int) -> str:
    return f"{count / 1e6:.2g} M" if count >= 100_000 else f"{count:,}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CHARACTERS else f"{line[: _CHARACTERS - 1]}…"
