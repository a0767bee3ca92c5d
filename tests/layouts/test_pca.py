from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from embedscope.layouts.pca import principal_components


@pytest.mark.parametrize("shape", [(300, 20), (20, 300), (5, 5)])
def test_agrees_with_scikit_learn_but_for_signs(shape):
    vectors = (np.random.default_rng(0).standard_normal(shape) * np.linspace(3, 1, shape[1]) + 5).astype(
        np.float32
    )
    ours, theirs = (
        principal_components(vectors, 2),
        PCA(2, svd_solver="full").fit_transform(vectors.astype(np.float64)),
    )
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=2e-3)


@pytest.mark.parametrize(
    "vectors", [np.ones((6, 3)), np.ones((2, 9)), np.array([[1.0, 2.0]]), np.array([[1.0], [2.0]])]
)
def test_axes_that_are_not_there_are_zero(vectors):
    coords = principal_components(vectors.astype(np.float32), 2)
    assert coords.shape == (len(vectors), 2)
    assert np.isfinite(coords).all()
    np.testing.assert_allclose(coords[:, 1], 0, atol=1e-6)
