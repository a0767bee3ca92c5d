"""A small comparison with its two maps, for the tests of its pictures."""

from __future__ import annotations

import numpy as np

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.divergence import Divergence, divergence
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.views.categories import cluster_coloring
from embedscope.views.comparison_picture import ComparisonPicture
from embedscope.views.labels import cluster_labels
from embedscope.views.picture import MapPicture

NAMES = ("<b>oak</b>", "$\\frac{1}{0}$", "elm & yew", "w" * 3000)


def measured(n: int = 160, names: tuple[str, ...] = NAMES) -> Divergence:
    rng = np.random.default_rng(0)
    codes = (np.arange(n) % len(names)).astype(np.int64)
    teacher = rng.normal(size=(len(names), 6))[codes] + 0.5 * rng.normal(size=(n, 6))
    student = teacher[:, :4] + 0.3 * rng.normal(size=(n, 4))
    sides = [Neighborhoods.of(x.astype(np.float32), Bandwidth.perplexity(6)) for x in (teacher, student)]
    return divergence(*sides, Groups(codes, names, "tree"), device="cpu")


def comparison_picture(found: Divergence | None = None, n: int = 160) -> ComparisonPicture:
    rng = np.random.default_rng(1)
    labels = (np.arange(n) % len(NAMES)).astype(np.int32)
    teacher = rng.uniform(-1, 1, (n, 2)).astype(np.float32)
    student = (teacher * 0.5).astype(np.float32)

    def name_of(label: int) -> str:
        return NAMES[label]

    one = MapPicture(
        teacher,
        cluster_coloring(labels, name_of),
        cluster_labels(teacher, labels, name_of),
        "Two trees",
        "160 texts",
    )
    beside = cluster_labels(student, labels, name_of)
    return ComparisonPicture(one, student, beside, ("large", "small <i>x</i>"), found)
