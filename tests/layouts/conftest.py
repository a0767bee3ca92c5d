from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="session")
def bumps():
    """600 vectors in 6 bumps on the sphere in 32 dimensions, with a few duplicates."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((6, 32))
    vectors = np.repeat(centres, 100, axis=0) + 0.5 * rng.standard_normal((600, 32))
    vectors[7] = vectors[8] = vectors[9]
    return vectors.astype(np.float32)
