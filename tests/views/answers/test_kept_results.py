"""The last eight results are kept."""

from __future__ import annotations

from embedscope.views.answers.kept_results import KeptResults


def test_the_oldest_is_forgotten_and_an_asked_again_one_is_new():
    kept: KeptResults[int] = KeptResults()
    for number in [*range(8), 0, 8]:
        kept.keep(number, number)
    assert kept.get(0) == 0
    assert kept.get(1) is None
    assert kept.last == 8
