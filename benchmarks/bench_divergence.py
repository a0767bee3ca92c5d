"""The divergence heatmap over its two matrix products alone, in turns; and beside a naive n × n version.

The products are torch.mm of the same shapes and dtype, by the fastest of five tile sizes. Both sides take
the best of the turns, so that a busy moment of the machine counts for neither.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable

import numpy as np
import torch
from rows import row

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.divergence import divergence
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods

GROUPS = 20
TILES = ((512, 1024), (1024, 1024), (1024, 2048), (2048, 1024), (2048, 2048))
GPU_TILES = ((2048, 8192), (4096, 8192), (8192, 8192), (4096, 16384), (8192, 16384))


def made_up(n: int, dims: int) -> tuple[np.ndarray, np.ndarray, Groups]:
    """20 bumps; the student is the teacher with noise."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, GROUPS, n)
    teacher = rng.standard_normal((GROUPS, dims), dtype=np.float32)[codes]
    teacher = teacher + rng.standard_normal((n, dims), dtype=np.float32)
    student = teacher + 0.5 * rng.standard_normal((n, dims), dtype=np.float32)
    return teacher, student, Groups(codes, [f"group {code}" for code in range(GROUPS)])


def seconds(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - begin


def products(sides: list[torch.Tensor], rows: int, columns: int) -> None:
    """Both products, every tile into the same buffer."""
    n = len(sides[0])
    buffer = sides[0].new_empty(rows * columns)
    for start in range(0, n, rows):
        height = min(rows, n - start)
        for left in range(0, n, columns):
            width = min(columns, n - left)
            out = buffer[: height * width].view(height, width)
            for side in sides:
                torch.mm(side[start : start + height], side[left : left + width].T, out=out)


def naive(sides: list[Neighborhoods], groups: Groups) -> float:
    """n × n log-softmaxes, and the heatmap by one sum a group."""
    logs = []
    for side in sides:
        vectors = torch.nn.functional.normalize(torch.from_numpy(side.vectors))
        scores = (vectors @ vectors.T) / torch.from_numpy(side.sigma**2).float()[:, None]
        logs.append(scores.fill_diagonal_(-1e30).log_softmax(dim=1))
    terms = logs[0].exp() * (logs[0] - logs[1])
    member = torch.nn.functional.one_hot(torch.from_numpy(groups.codes), len(groups)).float()
    table = member.T @ (terms @ member)
    return float(table.sum() / len(terms))


def compare(n: int, dims: int, repeats: int, device: str) -> None:
    teacher, student, groups = made_up(n, dims)
    sides = [Neighborhoods.of(vectors, Bandwidth.mean_distance(0.2)) for vectors in (teacher, student)]
    on = [torch.nn.functional.normalize(torch.from_numpy(x)).to(device) for x in (teacher, student)]
    tiles = GPU_TILES if device == "cuda" else TILES
    alone, whole = [], []
    for turn in range(repeats):
        alone.append(min(seconds(lambda s=shape: products(on, *s)) for shape in tiles))
        whole.append(seconds(lambda: divergence(*sides, groups, device=device)))
        print(f"  turn {turn + 1}: products {alone[-1]:.2f} s, heatmap {whole[-1]:.2f} s", flush=True)
    load = f"load {os.getloadavg()[0]:.1f}"
    peer = f"two torch.mm: {min(alone):.2f} s, {device}, {load}"
    name = f"divergence heatmap, {n:,} × {dims}, {GROUPS} groups"
    row(name, min(whole), "s", peer)
    row(f"{name}, ratio", min(whole) / min(alone), "x", peer, "<= 1.5")


def compare_naive(n: int, dims: int, repeats: int) -> None:
    teacher, student, groups = made_up(n, dims)
    sides = [Neighborhoods.of(vectors, Bandwidth.mean_distance(0.2)) for vectors in (teacher, student)]
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(seconds(lambda: divergence(*sides, groups, device="cpu")))
        theirs.append(seconds(lambda: naive(sides, groups)))
    gap = abs(divergence(*sides, groups, device="cpu").mean_kl - naive(sides, groups))
    name = f"divergence heatmap, {n:,} × {dims}"
    row(f"{name}, over a naive n × n version", min(ours) / min(theirs), "x", f"naive: {min(theirs):.2f} s")
    row(f"{name}, mean KL off a naive n × n version", gap, "nats", "naive in float32", "<= 1e-4")


def peak_memory(n: int, dims: int) -> None:
    """Peak resident memory above that with the vectors in place; a child, so that nothing else shows."""
    read, write = os.pipe()
    if os.fork() == 0:
        teacher, student, groups = made_up(n, dims)
        sides = [Neighborhoods.of(vectors, Bandwidth.fixed(0.3)) for vectors in (teacher, student)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        divergence(*sides, groups, device="cpu", n_anchors=n // 4)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(write, str((after - before) / 1024).encode())
        os._exit(0)
    os.wait()
    row(
        f"divergence heatmap, {n:,} × {dims}: peak memory above the vectors",
        float(os.read(read, 64)),
        "MB",
        "",
        "<= 1000",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--dims", type=int, nargs="+", default=[384, 512])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--skip-naive", action="store_true")
    options = parser.parse_args()
    if options.device == "cpu":
        peak_memory(options.items, options.dims[0])
    for dims in options.dims:
        compare(options.items, dims, options.repeats, options.device)
    if not options.skip_naive:
        compare_naive(5_000, options.dims[0], options.repeats)
