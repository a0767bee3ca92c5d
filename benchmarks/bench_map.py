"""Vectors to a map with clusters, whole fresh processes: embedscope beside umap-learn and hdbscan.

Both sides import everything, start with an empty folder for numba's compiled code, and run in turns. Ours
finds neighbours, lays out, measures trustworthiness and continuity, and clusters; the peers lay out and
cluster. The trustworthiness of both maps is then measured by scikit-learn's definition, on the same
vectors.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from rows import row

import embedscope as es
from embedscope._cache import cache_dir
from embedscope.layouts import map_trust

OURS = """
import sys, time
import numpy as np
import embedscope as es
x = np.load(sys.argv[1])
layout = es.layout(x)
clusters = es.cluster(x, layout)
np.save(sys.argv[2], layout.coords)
begin = time.perf_counter()
if "again" in sys.argv:
    es.cluster(x, es.layout(x))
print(len(clusters), time.perf_counter() - begin)
"""
PEERS = """
import sys
import numpy as np
import umap, hdbscan
x = np.load(sys.argv[1])
coords = umap.UMAP(metric="cosine").fit_transform(x)
labels = hdbscan.HDBSCAN().fit_predict(coords)
np.save(sys.argv[2], coords)
print(labels.max() + 1, 0.0)
"""


def newsgroup_vectors(n: int) -> Path:
    """MiniLM's vectors of n newsgroup posts: encoded once (10,000 in 4 minutes on two cores) and kept."""
    path = cache_dir("benchmarks") / f"newsgroups-minilm-{n}.npy"
    if not path.exists():
        space = es.encode(es.load_items("newsgroups", sample=n, seed=0), "minilm")
        np.save(path, np.asarray(space.vectors, np.float32))
    return path


def mixture_vectors(n: int) -> Path:
    """20 bumps on the sphere in 384 dimensions, each spread along 30 directions of its own."""
    rng = np.random.default_rng(0)
    parts = []
    for centre in rng.standard_normal((20, 384)) / np.sqrt(384):
        spread = rng.standard_normal((n // 20, 30)) * np.linspace(0.35, 0.07, 30)
        parts.append(centre + spread @ rng.standard_normal((30, 384)) / np.sqrt(384))
    vectors = rng.permutation(np.concatenate(parts) + 0.02 * rng.standard_normal((n // 20 * 20, 384)))
    path = cache_dir("benchmarks") / f"mixture-{n}.npy"
    np.save(path, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
    return path


def run(code: str, vectors: Path, compiled: str, *extra: str) -> tuple[float, np.ndarray, str]:
    """Seconds of one process from start to end, the coordinates it made, and what it said."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": compiled}
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/coords.npy"
        command = [sys.executable, "-W", "ignore", "-c", code, str(vectors), out, *extra]
        begin = time.perf_counter()
        said = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
        return time.perf_counter() - begin, np.load(out), said


def cold(code: str, vectors: Path) -> tuple[float, np.ndarray, str]:
    """One process whose compiled code starts empty."""
    with tempfile.TemporaryDirectory() as compiled:
        return run(code, vectors, compiled)


def compare_cold(vectors: Path, repeats: int, name: str) -> None:
    """Median wall times in turns, and the trustworthiness of both maps."""
    peer = "umap.UMAP + hdbscan.HDBSCAN"
    ours, peers = [], []
    for turn in range(repeats):
        ours.append(cold(OURS, vectors))
        peers.append(cold(PEERS, vectors))
        print(f"  turn {turn + 1}: ours {ours[-1][0]:.1f} s, peers {peers[-1][0]:.1f} s", flush=True)
    own, other = (statistics.median(seconds for seconds, _, _ in side) for side in (ours, peers))
    row(f"{name}: vectors to map with clusters, cold", own, "s", f"{peer}: {other:.1f} s")
    row(f"{name}: vectors to map with clusters, cold, ratio", own / other, "x", peer, "<= 0.6")
    x = np.load(vectors)
    own_trust, other_trust = (
        statistics.median(map_trust(x, coords).trustworthiness for _, coords, _ in side)
        for side in (ours, peers)
    )
    row(f"{name}: trustworthiness of the map", own_trust, "", f"{peer}: {other_trust:.4f}")
    row(f"{name}: trustworthiness above the peer's", own_trust - other_trust, "", peer, ">= -0.01")


def report_warm(vectors: Path, name: str) -> None:
    """A second process, which finds the compiled code, and a second call in one process."""
    with tempfile.TemporaryDirectory() as compiled:
        run(OURS, vectors, compiled)
        second, _, said = run(OURS, vectors, compiled, "again")
    again = float(said.split()[1])
    row(f"{name}: the same in a second process", second - again, "s")
    row(f"{name}: the same again in one process", again, "s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--mixture", action="store_true", help="made-up vectors: nothing to fetch or encode")
    options = parser.parse_args()
    made = mixture_vectors(options.items) if options.mixture else newsgroup_vectors(options.items)
    compare_cold(made, options.repeats, made.stem)
    report_warm(made, made.stem)
