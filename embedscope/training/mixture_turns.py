"""Turns: whose turn it is, so that each one's share is right at every moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from embedscope._errors import InputError


class Turns:
    """Gives turns by rates, without chance: after any number of turns each has had its share within one.

    Parameters
    ----------
    rates : sequence of float
        Positive; only their ratios count.

    Raises
    ------
    InputError
        If there is no rate, or one is not a positive number.

    Notes
    -----
    The n-th turn of one whose share is λ lies between the moments n/λ, rounded down, and (n + 1)/λ, rounded
    up; of those whose time has begun the one whose time ends first is next. Shares are exact fractions.

    References
    ----------
    Baruah et al. 1996, Algorithmica 15 (proportionate progress).

    Examples
    --------
    >>> turns = Turns([2, 1])
    >>> [turns.take() for _ in range(6)]
    [0, 0, 1, 0, 0, 1]
    """

    def __init__(self, rates: Sequence[float | int]) -> None:
        wrong = [rate for rate in rates if not (math.isfinite(rate) and rate > 0)]
        if wrong or not len(rates):
            raise InputError(
                f"{f'A rate of {wrong[0]:g}' if wrong else 'No rate'} came; wanted a positive number each."
            )
        exact = [Fraction(rate) for rate in rates]
        self.shares = [rate / sum(exact) for rate in exact]
        self.given = [0] * len(exact)

    @property
    def given(self) -> list[int]:
        """Turns that each has had; what is set here is gone on from."""
        return list(self._given)

    @given.setter
    def given(self, given: Sequence[int]) -> None:
        self._given = [int(count) for count in given]
        self._step = sum(self._given)
        self._begins = [self._begin(number) for number in range(len(self.shares))]
        self._ends = [self._end(number) for number in range(len(self.shares))]

    def take(self) -> int:
        """Give the next turn.

        Returns
        -------
        int
            The number of whose it is.
        """
        # Somebody is always behind: all shares together are 1.
        due = [number for number, begin in enumerate(self._begins) if begin <= self._step]
        number = min(due, key=lambda each: self._ends[each])
        self._given[number] += 1
        self._step += 1
        self._begins[number], self._ends[number] = self._begin(number), self._end(number)
        return number

    def _begin(self, number: int) -> int:
        return math.floor(self._given[number] / self.shares[number])

    def _end(self, number: int) -> int:
        return math.ceil((self._given[number] + 1) / self.shares[number])
