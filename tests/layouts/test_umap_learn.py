from __future__ import annotations

import numpy as np
import pytest

from embedscope.layouts import layout
from embedscope.layouts.umap import UmapOptions
from embedscope.layouts.umap_learn import umap_learn_coords
from embedscope.neighbors import exact_neighbors


def test_is_umap_learn_over_the_neighbours_given(bumps):
    """With exact neighbours umap-learn makes the graph that our own form makes: its own tests hold here too."""
    coords = umap_learn_coords(bumps, exact_neighbors(bumps, 14), UmapOptions(n_epochs=50))
    bump = np.arange(600) // 100
    nearest = exact_neighbors(coords, 5, metric="euclidean").indices
    assert (bump[nearest] == bump[:, None]).mean() > 0.95


@pytest.mark.filterwarnings("error")
def test_layout_takes_it_by_name_and_repeats(bumps):
    one, other = (layout(bumps, method="umap-learn", random_state=1) for _ in range(2))
    assert one.method == "umap-learn"
    assert one.trustworthiness > 0.85
    np.testing.assert_array_equal(one.coords, other.coords)
