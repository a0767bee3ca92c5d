"""Rate and remaining time, of the last seconds."""

from __future__ import annotations

from embedscope.views.rate import Rate


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def marked(*marks: tuple[float, int]) -> Rate:
    clock = Clock()
    rate = Rate(clock)
    for clock.now, done in marks:
        rate.mark(done)
    return rate


def test_nothing_is_promised_before_it_has_settled() -> None:
    assert marked().per_second is None
    assert marked((0, 0), (0.1, 50)).per_second is None
    assert marked((0, 0), (5, 0)).remaining(10) is None


def test_the_rate_is_that_of_the_last_seconds() -> None:
    slow_then_fast = [(float(second), second) for second in range(20)]
    slow_then_fast += [(20.0 + second, 20 + 100 * second) for second in range(12)]
    rate = marked(*slow_then_fast)
    assert rate.per_second is not None
    assert 95 < rate.per_second <= 100
    assert rate.remaining(2120) == (2120 - 1120) / rate.per_second


def test_a_total_that_is_not_known_or_passed_gives_no_nonsense() -> None:
    rate = marked((0, 0), (2, 20))
    assert rate.remaining(None) is None
    assert rate.remaining(10) == 0


def test_another_piece_of_work_starts_from_nothing() -> None:
    assert marked((0, 0), (5, 100), (6, 0)).per_second is None
