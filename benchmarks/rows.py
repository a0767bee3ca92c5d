"""A benchmark's figure: one line on the screen and one row in results/<date>.jsonl."""

from __future__ import annotations

import datetime
import json
import operator
import os
import platform
import subprocess
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


def row(name: str, value: float, unit: str, peer: str = "", bar: str = "") -> bool:
    """Report one figure, and say whether it meets its bar (as ``"<= 0.6"``); without a bar it does."""
    met = _meets(value, bar)
    RESULTS.mkdir(exist_ok=True)
    record = {
        "name": name,
        "value": round(value, 5),
        "unit": unit,
        "peer": peer,
        "bar": bar,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "commit": _commit(),
    }
    with (RESULTS / f"{datetime.date.today()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
    verdict = f"  bar {bar}: {'met' if met else 'MISSED'}" if bar else ""
    against = f"  against {peer}" if peer else ""
    print(f"{name}: {value:.4g} {unit}{against}{verdict}", flush=True)
    return met


def _meets(value: float, bar: str) -> bool:
    if not bar:
        return True
    sign, limit = bar.split()
    return bool(_COMPARE[sign](value, float(limit)))


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=Path(__file__).parent
    )
    return done.stdout.strip() or "unknown"
