from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.comparison.comparison import compare


@pytest.fixture(scope="module")
def found(pair):
    return compare(*pair).distances()


@pytest.mark.parametrize("kind", ["all", "same label", "different label"])
def test_both_lines_are_the_shares_of_the_pairs(found, kind):
    teacher, student = found.figure(kind).data
    for trace, counts in ((teacher, found[kind].teacher), (student, found[kind].student)):
        np.testing.assert_allclose(trace.y, counts / counts.sum())
        np.testing.assert_array_equal(trace.customdata[:, 2], counts)
        np.testing.assert_allclose(trace.customdata[:, 0], found.edges[:-1])
    assert teacher.name.startswith("teacher, mean")
    assert f"{found[kind].means[1]:.3g}" in student.name


def test_the_title_has_the_numbers(found):
    figure = found.figure("same label")
    assert f"{found['same label'].js:.3g} nats" in figure.layout.title.text
    assert f"{found['same label'].wasserstein:.3g}" in figure.layout.title.text
    assert "same label" in figure.layout.title.subtitle.text


def test_a_logarithmic_axis_leaves_gaps_where_nothing_is(found):
    figure = found.figure(log=True)
    assert figure.layout.yaxis.type == "log"
    for trace, counts in zip(figure.data, (found["all"].teacher, found["all"].student), strict=True):
        assert (np.isnan(trace.y) == (counts == 0)).all()
        assert np.nanmin(trace.y) > 0
    # Without areas the two differ by more than colour.
    assert figure.data[0].line.dash != figure.data[1].line.dash


def test_an_unknown_kind(found):
    with pytest.raises(MissingError, match="within domain"):
        found.figure("within domain")


def test_the_file_is_small(found):
    assert len(found.figure().to_json()) < 30_000
