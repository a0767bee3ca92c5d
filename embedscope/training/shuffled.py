"""Shuffled: members in random order, again and again, each once a round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Shuffled:
    """Gives out members without repeating one before all were given.

    Parameters
    ----------
    members : sequence of int
        At least one.

    Examples
    --------
    >>> order = Shuffled([3, 4])
    >>> rng = np.random.default_rng(0)
    >>> sorted(order.take(2, rng))
    [3, 4]
    """

    def __init__(self, members: Sequence[int]) -> None:
        self.members = list(members)
        self.left: list[int] = []

    def __len__(self) -> int:
        return len(self.members)

    def take(self, count: int, rng: np.random.Generator) -> list[int]:
        """Give out different members: those left of this round first.

        Parameters
        ----------
        count : int
            How many; no more than there are.
        rng : Generator
            Shuffles a new round when it begins.

        Returns
        -------
        list of int
            Never one twice. Where a round ends within, those already taken wait in the next one.
        """
        count = min(count, len(self.members))
        taken = [self.left.pop() for _ in range(min(count, len(self.left)))]
        if len(taken) < count:
            fresh = [int(member) for member in rng.permutation(self.members)]
            already = set(taken)
            # Those taken a moment ago go to the end of the round: popped last.
            self.left = [m for m in fresh if m in already] + [m for m in fresh if m not in already]
            taken += [self.left.pop() for _ in range(count - len(taken))]
        return taken

    def put_back(self, member: int) -> None:
        """Let a member that was taken wait until the end of the round.

        Parameters
        ----------
        member : int
            The last one taken.
        """
        self.left.insert(0, member)
