"""First frame, panning and memory in headless Chromium: embedscope, jupyter-scatter and plotly's scattergl.

The same points in 20 categories on a canvas of 900 × 600, a fresh page for every run, the sides in turns.
*First frame* is from when code and data are in the page until points are in the pixels that are read back.
*Panning* is real mouse drags; the 95th percentile is of the times between frames meanwhile.

    python benchmarks/bench_browser.py [--quick] [--runs 5] [--points 100000 1000000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from browser_pages import Seen, chromium, lay_out, margins, measure, served
from browser_sides import SIDES
from rows import row

OURS, PEER, SLOWER = SIDES
BARS = {PEER: "<= 1.05", SLOWER: "<= 1"}


def run_sides(n: int, runs: int) -> tuple[dict[str, list[Seen]], dict[str, int]]:
    """Every side's runs, taken in turns, and the bytes of its state."""
    seen: dict[str, list[Seen]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        sizes = lay_out(Path(folder), n)
        with served(Path(folder)) as url:
            around = {side: margins(browser, url, side, n) for side in SIDES}
            for turn in range(runs):
                for side in SIDES[turn % 3 :] + SIDES[: turn % 3]:
                    one = measure(browser, url, side, n, around[side])
                    seen[side].append(one)
                    print(f"  turn {turn + 1}, {side}: {one}", flush=True)
    return seen, sizes


def report(n: int, seen: dict[str, list[Seen]], sizes: dict[str, int]) -> bool:
    """Rows of every figure and of the ratios; says whether all bars are met."""
    figures: list[tuple[str, str, Callable[[Seen], float]]] = [
        ("first frame", "ms", lambda one: one.first_frame_ms),
        ("p95 frame while panning", "ms", lambda one: one.p95_frame_ms),
        ("JS heap with array buffers", "MB", lambda one: one.heap_mb + one.arrays_mb),
    ]
    met = True
    for name, unit, figure in figures:
        medians = {side: statistics.median(figure(one) for one in runs) for side, runs in seen.items()}
        for side, value in medians.items():
            row(f"browser, {n:,} points: {name}, {side}", value, unit)
        for side, bar in BARS.items():
            wanted = "" if unit == "MB" else bar
            ratio = medians[OURS] / medians[side]
            met = row(f"browser, {n:,} points: {name}, ratio", ratio, "x", side, wanted) and met
    for side, size in sizes.items():
        row(f"browser, {n:,} points: bytes a point on the wire, {side}", size / n, "B")
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of 100,000 points")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--points", type=int, nargs="+", default=[100_000, 1_000_000])
    options = parser.parse_args()
    sizes, runs = ([100_000], 1) if options.quick else (options.points, options.runs)
    met = [report(n, *run_sides(n, runs)) for n in sizes]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
