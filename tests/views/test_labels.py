"""A cluster's name stands on one of its own points."""

from __future__ import annotations

import numpy as np

from embedscope.views.labels import cluster_labels


def test_each_name_stands_on_the_member_nearest_to_the_median() -> None:
    rng = np.random.default_rng(0)
    coords = rng.normal(size=(200, 2)).astype(np.float32)
    groups = rng.integers(-1, 5, 200)
    for label in cluster_labels(coords, groups, str):
        members = coords[groups == int(label.name)]
        gaps = np.linalg.norm(members - np.median(members, axis=0), axis=1)
        assert [label.x, label.y] == members[gaps.argmin()].tolist()
        assert label.size == len(members)


def test_the_median_of_a_ring_lies_outside_but_its_name_does_not() -> None:
    angle = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    (label,) = cluster_labels(ring, np.zeros(100, np.int32), lambda _: "ring")
    assert np.hypot(label.x, label.y) > 0.99


def test_largest_first_with_the_code_of_its_colour_and_no_name_for_noise() -> None:
    labels = cluster_labels(np.zeros((6, 2), np.float32), np.array([-1, 4, 4, 2, 2, 2]), str)
    assert [(label.name, label.code) for label in labels] == [("2", 0), ("4", 1)]
    wire = {"name": "2", "x": 0.0, "y": 0.0, "size": 3, "code": 0, "min_zoom": 1.0, "max_zoom": None}
    assert labels[0].to_wire() == wire
    assert cluster_labels(np.zeros((1, 2), np.float32), np.array([-1]), str) == ()
