"""Distinct: members in random order, each once a round, and no two of one key at the same time."""

from __future__ import annotations

from collections import Counter

import numpy as np
from jaxtyping import Int

from embedscope._errors import InputError
from embedscope.training.shuffled import Shuffled


class Distinct(Shuffled):
    """Gives out members of which no two agree in a key; those that have to wait come first the next time.

    Parameters
    ----------
    keys : ndarray of int, shape (members, kinds)
        Two members that agree in any column never come together. The members are the rows.

    Raises
    ------
    InputError
        If a key is that of more than half of the members: most would come alone.

    Notes
    -----
    Where a key is that of c of n members, no more than n/c come at once: else its members would be left over
    and come alone. Rounds overlap by less than what is given at once: a round begins when fewer members of
    the one before are still waiting. Where more wait and all clash, fewer are given.

    Examples
    --------
    >>> pairs = Distinct(np.array([[7], [7], [8], [9]]))
    >>> taken = pairs.take(2, np.random.default_rng(0))
    >>> len(set(pairs.keys[taken, 0].tolist()))
    2
    """

    def __init__(self, keys: Int[np.ndarray, "members kinds"]) -> None:
        super().__init__(range(len(keys)))
        self.keys = keys
        self.waiting: list[int] = []
        self._most = len(keys)
        for column in keys.T.tolist():
            key, count = Counter(column).most_common(1)[0]
            self._most = min(self._most, len(keys) // count)
            if count > 1 and 2 * count > len(keys):
                raise InputError(
                    f"{count:,} of {len(keys):,} items have the key {key}: with no two of a key in a batch "
                    "most would be alone in theirs. Give no keys for this source: a masked loss leaves equal "
                    "ones out."
                )

    def take(self, count: int, rng: np.random.Generator) -> list[int]:
        """Give out members of different keys: those that waited first, then those left of this round.

        Parameters
        ----------
        count : int
            How many at most.
        rng : Generator
            Shuffles a new round when it begins.

        Returns
        -------
        list of int
            One at least, if one was asked for.
        """
        count = min(count, self._most)
        taken: list[int] = []
        used: set[tuple[int, int]] = set()
        earlier, self.waiting = self.waiting, []
        for member in earlier:
            self._give(member, count, taken, used)
        has_begun = False
        while len(taken) < count:
            if not self.left:
                if has_begun or len(self.waiting) >= count:
                    break
                self.left, has_begun = self._round(set(taken), rng), True
            self._give(self.left.pop(), count, taken, used)
        return taken

    def _give(self, member: int, count: int, taken: list[int], used: set[tuple[int, int]]) -> None:
        """Give a member out, or let it wait."""
        marks = set(enumerate(self.keys[member].tolist()))
        if len(taken) < count and used.isdisjoint(marks):
            taken.append(member)
            used |= marks
        else:
            self.waiting.append(member)

    def _round(self, taken: set[int], rng: np.random.Generator) -> list[int]:
        fresh = [int(member) for member in rng.permutation(self.members)]
        # Those given a moment ago go to the end of the round: popped last.
        return [m for m in fresh if m in taken] + [m for m in fresh if m not in taken]
