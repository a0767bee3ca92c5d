"""Small batches in float64: two domains whose specialists have unlike dims, and loops that say each definition."""

from __future__ import annotations

import math

import numpy as np
import torch

from embedscope.training.losses.setting import Setting

torch.set_num_threads(1)

DIMS = (6, 4)
STUDENT = 5


def setting(seed=0, items=40, scale=1.0, n_classes=(3, 3)):
    """A student of 5 dims and two specialists' samples."""
    rng = np.random.default_rng(seed)
    samples = tuple((scale * rng.standard_normal((items, dims))).astype(np.float32) for dims in DIMS)
    return Setting(STUDENT, samples, n_classes)


def batch(sizes=(7, 5), seed=1, dtype=torch.float64):
    """Student, teacher, domains, labels of a mixed batch in random order."""
    rng = torch.Generator().manual_seed(seed)
    domains = torch.cat([torch.full((n,), d) for d, n in enumerate(sizes)])
    domains = domains[torch.randperm(len(domains), generator=rng)]
    student = torch.randn(len(domains), STUDENT, generator=rng, dtype=dtype)
    teacher = torch.randn(len(domains), max(DIMS), generator=rng, dtype=dtype)
    for domain, dims in enumerate(DIMS):
        teacher[domains == domain, dims:] = 0
    labels = torch.randint(0, 3, (len(domains),), generator=rng)
    return student, teacher, domains, labels


def one_domain(student, teacher):
    """A batch of one domain from lists."""
    student, teacher = (torch.tensor(x, dtype=torch.float64) for x in (student, teacher))
    return student, teacher, torch.zeros(len(student), dtype=torch.int64)


def alone(teacher, student_dims, n_classes=None):
    """The setting of one specialist with this sample."""
    return Setting(student_dims, (np.asarray(teacher, np.float32),), n_classes)


def squares(x, metric="euclidean"):
    """|a - b|² by two loops."""
    x = np.asarray(x, np.float64)
    if metric == "cosine":
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return np.array([[((a - b) ** 2).sum() for b in x] for a in x])


def neighborhood(x, sigma, metric, row):
    """p(j | row) over the others, by the definition."""
    d = squares(x, metric)[row]
    weights = [0.0 if j == row else math.exp(-d[j] / (2 * sigma**2)) for j in range(len(d))]
    return [w / sum(weights) for w in weights]


def kl(p, q):
    """Σ p log(p/q) in nats."""
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)
