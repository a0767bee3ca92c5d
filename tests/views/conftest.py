"""A small space with texts and columns, mapped once."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space

COUNT = 60


@pytest.fixture(scope="session")
def space() -> Space:
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], [30, 20, 10])
    vectors = np.eye(8)[group] + rng.normal(scale=0.1, size=(COUNT, 8))
    items = Items.from_texts(
        [f"text number {row}" for row in range(COUNT)],
        ids=[f"id-{row}" for row in range(COUNT)],
        columns={
            "label": np.array(["oak", "pine", "elm"])[group],
            "size": rng.normal(size=COUNT),
            "note": [f"a note on {row}" for row in range(COUNT)],
        },
        name="Trees",
    )
    return Space.from_arrays(vectors, ids=items.ids, items=items)


@pytest.fixture(scope="session")
def layout() -> Layout:
    rng = np.random.default_rng(1)
    centres = np.array([[0, 0], [8, 2], [4, 6]])[np.repeat([0, 1, 2], [30, 20, 10])]
    coords = (centres + rng.normal(scale=0.4, size=(COUNT, 2))).astype(np.float32)
    trust = np.linspace(0.5, 1, COUNT, dtype=np.float32)
    return Layout(coords, "umap", {}, 0.97, 0.96, trust)


@pytest.fixture(scope="session")
def clusters() -> Clusters:
    labels = np.repeat([0, 1, 2], [30, 20, 10]).astype(np.int32)
    labels[:3] = -1
    return Clusters(labels, np.ones(COUNT, np.float32), ("oak wood", "pine cone", "elm leaf"), "map", {})
