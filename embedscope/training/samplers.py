"""ClassBalancedBatches: p classes with m items each, of one domain or of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Int, Int64

from embedscope._errors import InputError
from embedscope.training.domain_sampler import DomainRule, DomainSampler
from embedscope.training.shuffled import Shuffled


@dataclass(frozen=True)
class BatchPlan:
    """The shape of a batch.

    Parameters
    ----------
    n_classes : int
        Classes a batch.
    per_class : int
        Items of each.
    mixed : bool
        Whether each class is drawn of a domain of its own; else the batch is of one domain.
    domains : DomainRule
        How domains are drawn.
    """

    n_classes: int = 16
    per_class: int = 4
    mixed: bool = False
    domains: DomainRule = field(default_factory=DomainRule)

    def __post_init__(self) -> None:
        if self.n_classes < 1 or self.per_class < 1:
            raise InputError(
                f"A batch of {self.n_classes} classes of {self.per_class} items each: give 1 or more of both."
            )

    @property
    def size(self) -> int:
        """Items of a full batch."""
        return self.n_classes * self.per_class


class ClassBalancedBatches(Iterator[np.ndarray]):
    """Endless batches of rows; the same seed gives the same order, and a saved state goes on exactly.

    Parameters
    ----------
    labels : ndarray of int, shape (items,)
        Classes; the same number in two domains is two classes.
    domains : ndarray of int, shape (items,)
        Domains from 0, each with an item.
    plan : BatchPlan, optional
        16 classes of 4 items, of one domain.
    seed : int
        Of all draws.

    Raises
    ------
    InputError
        If labels and domains are not of the same items.

    Notes
    -----
    No item is twice in a batch. A class with fewer than m items gives what it has, and further classes of
    the domain fill the batch; it is smaller only where the whole domain is. Classes come each once before
    one comes again, and so do the items of a class.

    Examples
    --------
    >>> batches = ClassBalancedBatches(np.array([0, 0, 1, 1]), np.zeros(4, np.int64), BatchPlan(2, 1))
    >>> len(next(batches))
    2
    """

    def __init__(
        self,
        labels: Int[np.ndarray, " items"],
        domains: Int[np.ndarray, " _"],
        plan: BatchPlan | None = None,
        seed: int = 0,
    ) -> None:
        if len(labels) != len(domains) or not len(labels):
            raise InputError(
                f"{len(labels):,} labels and {len(domains):,} domains came: give both of each item."
            )
        if domains.min() < 0:
            raise InputError(f"A domain is {domains.min()}: number the domains from 0.")
        self.plan = plan or BatchPlan()
        self._n_items = len(labels)
        self._classes = _by_class(labels, domains)
        self._orders = [Shuffled(range(len(classes))) for classes in self._classes]
        draws, items = np.random.SeedSequence(seed).spawn(2)
        sizes = [sum(map(len, classes)) for classes in self._classes]
        self.sampler = DomainSampler(sizes, self.plan.domains, int(draws.generate_state(1)[0]))
        self._rng = np.random.default_rng(items)

    @property
    def steps_per_epoch(self) -> int:
        """Batches that hold as many items as there are."""
        return -(-self._n_items // self.plan.size)

    def __next__(self) -> Int64[np.ndarray, " batch"]:
        plan = self.plan
        drawn = self.sampler.draw(plan.n_classes if plan.mixed else 1)
        # A domain's share of the batch is filled at once, so that no class of it comes twice.
        shares = {domain: drawn.count(domain) * plan.size // len(drawn) for domain in dict.fromkeys(drawn)}
        rows = [row for domain, share in shares.items() for row in self._of_domain(domain, share)]
        return np.asarray(rows, dtype=np.int64)

    def record(self, losses: Mapping[int, float]) -> None:
        """Pass the losses of a step on to the domain sampler.

        Parameters
        ----------
        losses : mapping of int to float
            Of the domains of the batch.
        """
        self.sampler.record(losses)

    def state_dict(self) -> dict[str, Any]:
        """Say where the batches stand; of batches fetched ahead it knows only that they were given.

        Returns
        -------
        dict
            Of numbers, strings and lists: JSON holds it.
        """
        return {
            "rng": self._rng.bit_generator.state,
            "sampler": self.sampler.state_dict(),
            "classes": [list(order.left) for order in self._orders],
            "items": [[list(items.left) for items in classes] for classes in self._classes],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where saved batches stood.

        Parameters
        ----------
        state : mapping
            What `state_dict` gave, of the same items.

        Raises
        ------
        InputError
            If it is of other domains or classes.
        """
        saved, here = [len(x) for x in state["items"]], [len(x) for x in self._classes]
        if saved != here:
            raise InputError(
                f"The saved batches are of {saved} classes a domain and these of {here}: resume with the "
                "same items."
            )
        self._rng.bit_generator.state = state["rng"]
        self.sampler.load_state_dict(state["sampler"])
        for order, left in zip(self._orders, state["classes"], strict=True):
            order.left = list(left)
        for classes, lefts in zip(self._classes, state["items"], strict=True):
            for items, left in zip(classes, lefts, strict=True):
                items.left = list(left)

    def _of_domain(self, domain: int, size: int) -> list[int]:
        classes, order = self._classes[domain], self._orders[domain]
        rows: list[int] = []
        used: set[int] = set()
        while len(rows) < size and len(used) < len(classes):
            (number,) = order.take(1, self._rng)
            if number in used:
                order.put_back(number)
                continue
            used.add(number)
            rows += classes[number].take(min(self.plan.per_class, size - len(rows)), self._rng)
        return rows


def _by_class(labels: Int[np.ndarray, " items"], domains: Int[np.ndarray, " items"]) -> list[list[Shuffled]]:
    """Rows of each class of each domain, in the order of the numbers."""
    found: list[list[Shuffled]] = []
    for domain in range(int(domains.max()) + 1):
        rows = np.flatnonzero(domains == domain)
        classes = np.unique(labels[rows])
        found.append([Shuffled(rows[labels[rows] == number].tolist()) for number in classes])
    return found
