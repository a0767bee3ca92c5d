from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from embedscope.comparison.comparison import compare

sys.path.insert(0, str(Path(__file__).parent))
from hostile import NAMES, assert_harmless


def test_every_pair_has_its_recall_on_both_sides(pair, make_spaces):
    several = compare(*pair, make_spaces(seed=0, noise=2.0)[1], names=["a", "b", "c"])
    trace = several.figure(5).data[0]
    assert list(trace.x) == list(trace.y) == ["a", "b", "c"]
    for row, column in ((0, 1), (0, 2), (1, 2)):
        neighbors = several[row, column].neighbors(5)
        assert trace.z[row][column] == trace.z[column][row] == neighbors.recall.mean()
        assert trace.customdata[row][column] == neighbors.chance()
    assert np.isnan(np.diag(trace.z)).all()


def test_hostile_names_are_text(pair):
    figure = compare(*pair, pair[0], names=NAMES[:3]).figure(5)
    assert figure.data[0].x[0] == "&lt;b&gt;x&lt;/b&gt;"
    assert_harmless(figure)
