"""Each tutorial from an empty store, models and data fetched: wall time, peak memory of its process tree.

    python benchmarks/bench_tutorial.py [NN ...]

measures those of these numbers, or all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from rows import row

from embedscope import tutorials
from embedscope._cache import cache_dir

SECONDS, GIGABYTES = "<= 60", "<= 1.7"
# It trains four nets, each in a process beside the kernel.
SECONDS_OF = dict.fromkeys(("04", "05", "06"), "<= 180")
GIGABYTES_OF = dict.fromkeys(("04", "06"), "<= 3.5")

CODE = """
import sys
from pathlib import Path
from embedscope import tutorials
tutorials.execute_into(Path.cwd(), [Path(sys.argv[1])])
"""


def resident(root: psutil.Process) -> int:
    """Resident bytes of a process and all below it; pages that they share are counted once a process."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def run(source: Path, folder: str) -> tuple[float, int]:
    """Seconds and peak bytes of a tutorial in a process of its own."""
    environment = {**os.environ, "EMBEDSCOPE_CACHE": folder}
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", CODE, str(source)], cwd=folder, env=environment)
    peak = 0
    watching = threading.Event()
    while process.poll() is None:
        peak = max(peak, resident(psutil.Process(process.pid)))
        watching.wait(0.1)
    if process.returncode:
        raise SystemExit(f"The tutorial failed with status {process.returncode}.")
    return time.perf_counter() - started, peak


def measure(source: Path) -> None:
    """Run a tutorial from an empty store and report it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "packages").symlink_to(cache_dir("packages"))
        elapsed, peak = run(source, folder)
    number = source.stem[:2]
    row(f"tutorial {number}, wall time", elapsed, "s", "a limit", SECONDS_OF.get(number, SECONDS))
    limit = GIGABYTES_OF.get(number, GIGABYTES)
    row(f"tutorial {number}, peak resident memory of its process tree", peak / 1e9, "GB", "a limit", limit)


if __name__ == "__main__":
    tutorials.prefetch()
    for source in tutorials.sources():
        if source.stem[:2] in (sys.argv[1:] or source.stem[:2]):
            measure(source)
