"""How long `import embedscope` takes in a fresh process: median of eleven."""

from __future__ import annotations

import statistics
import subprocess
import sys

from rows import row

CODE = "import time; t = time.perf_counter(); import embedscope; print(time.perf_counter() - t)"


def seconds() -> float:
    """Seconds of one import in a process of its own."""
    return float(
        subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True).stdout
    )


if __name__ == "__main__":
    row("import embedscope", statistics.median(seconds() for _ in range(11)), "s", "a limit", "<= 0.4")
