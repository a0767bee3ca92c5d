"""Put the table's best student where the package keeps its own: `embedscope.load_encoder("universal")`.

    python benchmarks/universal/ship.py --preset cpu

takes the student whose validation was best, of all methods; its net must lie in the work folder.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from domains import DOMAINS
from methods import STUDENTS
from presets import BACKBONE, PRESETS

from embedscope.encoders.net_files import load_net, save_net
from embedscope.encoders.universal import FOLDER

HERE = Path(__file__).parent
# Of the backbone's weights. What it was trained on is in the notes.
_LICENCE = "Apache-2.0"


def best_run(results: Path, methods: Collection[str]) -> dict[str, Any]:
    """Give the record of the best validation of some methods."""
    rows = [json.loads(line) for line in (results / "runs.jsonl").read_text().splitlines()]
    mine = [row for row in rows if row["key"].split("/")[0] in methods]
    if not mine:
        raise SystemExit(
            f"{results} has no run of {', '.join(methods)}: python benchmarks/universal/table.py first."
        )
    return max(mine, key=lambda row: row["validation"]["recall_at_1"])


def scores(results: Path, key: str) -> dict[str, float]:
    """Give its Recall@1 on the test's classes, where it was read."""
    rows = [json.loads(line) for line in (results / "test.jsonl").read_text().splitlines()]
    return {row["domain"]: row["recall@1"] for row in rows if row["key"] == key and row["index"] == "own"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS, default="cpu")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder of the table's runs")
    names = [method.name for method in STUDENTS]
    parser.add_argument("--method", choices=names, help="the best of all if not given")
    options = parser.parse_args()
    results = HERE / "results" / options.preset
    chosen = best_run(results, [options.method] if options.method else names)
    net = load_net(options.work / options.preset / chosen["key"] / "model")
    net.config = replace(net.config, licence=net.config.licence or _LICENCE)
    notes = {
        "trained_on": f"{', '.join(DOMAINS)}: see benchmarks/universal/domains.py",
        "backbone": BACKBONE,
        "run": chosen["key"],
        "validation": chosen["validation"],
        "test_recall_at_1": scores(results, chosen["key"]),
    }
    save_net(net, FOLDER, notes=notes)
    print(f"{chosen['key']} -> {FOLDER.relative_to(HERE.parents[1])}")


if __name__ == "__main__":
    main()
