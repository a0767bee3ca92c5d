"""A step of the dims slider: neighbours by the first dims, over one product with all full vectors."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from rows import row

from embedscope.comparison.reranker import Reranker
from embedscope.spaces.space import Space


def seconds(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def compare(n: int, dims: int, repeats: int) -> None:
    """Steps and products in turns; every step at another number of dims, the slowest kind among them."""
    space = Space.from_arrays(np.random.default_rng(0).standard_normal((n, dims), dtype=np.float32))
    vectors, query = space.vectors, space.vectors[7].copy()
    reranker = Reranker(space)
    reranker.nearest(0, dims)
    first_look = seconds(lambda: reranker.nearest(7, dims))
    cuts = np.linspace(1, dims, 41).astype(int).tolist()
    product, steps = [], []
    for _ in range(repeats):
        for cut in cuts:
            product.append(seconds(lambda: vectors @ query))
            steps.append(seconds(lambda cut=cut: reranker.nearest(7, cut)))
    name = f"dims slider, {n:,} × {dims}"
    by_cut = np.array(steps).reshape(repeats, len(cuts))
    row(f"{name}: median step", float(np.median(steps) / np.median(product)), "x", "one product", "<= 1.5")
    worst = float(np.median(by_cut, axis=0).max() / np.median(product))
    row(f"{name}: slowest dims' median step", worst, "x", "one product", "<= 1.5")
    row(f"{name}: first look at an item", first_look / float(np.median(product)), "x", "one product")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--dims", type=int, default=768)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    compare(options.items, options.dims, options.repeats)
