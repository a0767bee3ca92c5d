"""Encode throughput against sentence-transformers' own ``encode``, on the same texts in the same process.

Half of the texts are newsgroup posts, half are short runs of words out of them; both sides see the same list
in the same order, take turns, and must give the same vectors within 1e-5. Default settings on both sides.

    python benchmarks/bench_encode.py [--posts 200] [--rounds 5]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from rows import row

import embedscope as es

PEER = "sentence-transformers encode()"


def mixed_texts(posts: int) -> list[str]:
    """Newsgroup posts and as many short texts cut out of them, shuffled with a fixed seed."""
    rng = random.Random(0)
    long = [str(text) for text in es.load_items("newsgroups", sample=posts, seed=0).payloads]
    short = [
        " ".join(text.split()[:60][start : start + rng.randint(3, 20)]) for text in long for start in [7]
    ]
    texts = [*long, *(text for text in short if text)]
    rng.shuffle(texts)
    return texts


def measure(encode: Callable[[list[str]], np.ndarray], texts: list[str]) -> tuple[float, float, np.ndarray]:
    """Wall seconds, processor seconds and the vectors of one pass."""
    wall, processor = time.perf_counter(), time.process_time()
    vectors = encode(texts)
    return time.perf_counter() - wall, time.process_time() - processor, vectors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default=None)
    chosen = parser.parse_args()
    texts = mixed_texts(chosen.posts)
    # float32 on every device: half precision would be an unfair advantage over the peer's default.
    ours = es.load_encoder("minilm", device=chosen.device, dtype="float32")
    peer = ours.model  # the very same weights
    sides = {"ours": ours.encode, "peer": lambda batch: peer.encode(batch, show_progress_bar=False)}
    for encode in sides.values():
        encode(texts[:64])
    walls: dict[str, list[float]] = {"ours": [], "peer": []}
    processors: dict[str, list[float]] = {"ours": [], "peer": []}
    for turn in range(chosen.rounds):
        found = {}
        for name in sorted(sides, reverse=bool(turn % 2)):
            wall, processor, found[name] = measure(sides[name], texts)
            walls[name].append(wall)
            processors[name].append(processor)
        np.testing.assert_allclose(found["ours"], found["peer"], rtol=0, atol=1e-5)
    rates = {name: len(texts) / statistics.median(times) for name, times in walls.items()}
    ratio = statistics.median(p / o for p, o in zip(walls["peer"], walls["ours"], strict=True))
    processor = statistics.median(p / o for p, o in zip(processors["peer"], processors["ours"], strict=True))
    # With more threads than free cores both sides wait at barriers more than they compute: say how many.
    threads = f"{torch.get_num_threads()} threads"
    row(f"encode: texts a second, {threads}", rates["ours"], "texts/s")
    row(f"encode: texts a second, {threads}, peer", rates["peer"], "texts/s")
    row(f"encode: processor time, {threads}, peer's by ours", processor, "x", PEER)
    return 0 if row(f"encode: throughput, {threads}, ours by peer's", ratio, "x", PEER, ">= 1.0") else 1


if __name__ == "__main__":
    sys.exit(main())
