from __future__ import annotations

import numpy as np
import pytest

from embedscope._arrays import normalise_rows
from embedscope.layouts.trust import map_trust
from embedscope.layouts.umap import UmapOptions, umap_coords
from embedscope.neighbors import exact_neighbors


@pytest.mark.filterwarnings("ignore")
def test_is_as_trustworthy_as_umap_learn(bumps):
    import umap

    ours = umap_coords(normalise_rows(bumps), exact_neighbors(bumps, 14), UmapOptions())
    theirs = umap.UMAP(metric="cosine", random_state=0).fit_transform(bumps)
    own, other = map_trust(bumps, ours), map_trust(bumps, theirs)
    assert own.trustworthiness >= other.trustworthiness - 0.01
    assert own.continuity >= other.continuity - 0.01


def test_bumps_stay_apart(bumps):
    coords = umap_coords(bumps, exact_neighbors(bumps, 14), UmapOptions(n_epochs=100))
    bump = np.arange(600) // 100
    nearest = exact_neighbors(coords, 5, metric="euclidean").indices
    assert (bump[nearest] == bump[:, None]).mean() > 0.95


def test_more_axes_can_be_had(bumps):
    options = UmapOptions(n_components=5, min_dist=0.0, n_epochs=10)
    assert umap_coords(bumps, exact_neighbors(bumps, 14), options).shape == (600, 5)


def test_epochs_are_umaps_unless_given():
    assert [UmapOptions().epochs(n) for n in (10, 10_000, 10_001)] == [500, 500, 200]
    assert UmapOptions(n_epochs=7).epochs(10) == 7
