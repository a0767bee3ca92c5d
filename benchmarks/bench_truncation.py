"""A step of the dims slider over one product with all full vectors: the neighbours, and the whole answer."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from rows import row

from embedscope.comparison.comparison import compare as compare_spaces
from embedscope.comparison.reranker import Reranker
from embedscope.spaces.space import Space
from embedscope.views.answers.changes import NeighborsChanged
from embedscope.views.channel import Request


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


def answer(n: int, dims: int, repeats: int) -> None:
    """The kernel's answer to a step: the student's neighbours by its first dims, the teacher's, all ranks."""
    rng = np.random.default_rng(0)
    spaces = [Space.from_arrays(rng.standard_normal((n, dims), dtype=np.float32)) for _ in range(2)]
    comparison = compare_spaces(*spaces)
    answers = NeighborsChanged(lambda: comparison)
    vectors, query = spaces[1].vectors, spaces[1].vectors[7].copy()

    def ask(cut: int) -> object:
        content = {"query": {"kind": "item", "row": 7}, "k": 12, "dims": [0, cut]}
        return answers(Request("changes", content))

    ask(dims)
    ask(dims // 2)
    product, steps = [], []
    for _ in range(repeats):
        for cut in np.linspace(1, dims - 1, 41).astype(int).tolist():
            product.append(seconds(lambda: vectors @ query))
            steps.append(seconds(lambda cut=cut: ask(cut)))
    ratio = float(np.median(steps) / np.median(product))
    row(f"dims slider, {n:,} × {dims}: the kernel's answer to a step", ratio, "x", "one product", "<= 1.5")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--dims", type=int, default=768)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    compare(options.items, options.dims, options.repeats)
    answer(options.items, options.dims, options.repeats)
