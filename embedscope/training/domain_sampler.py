"""DomainSampler: the domain that a step's batch is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float64

from embedscope._errors import InputError, unknown_name

Rule: TypeAlias = Literal["uniform", "size", "loss"]


@dataclass(frozen=True)
class DomainRule:
    """How domains are drawn.

    Parameters
    ----------
    rule : {"uniform", "size", "loss"}
        Each as often as another, by its number of items, or in proportion to its mean loss.
    every : int
        Steps between two looks at the losses; until the first one domains are drawn uniformly.
    floor : float
        The least probability of a domain under ``"loss"``, as a share of the uniform one: one that is learnt
        must still be seen, or it is forgotten and its loss never known again.
    """

    rule: Rule = "uniform"
    every: int = 1000
    floor: float | int = 0.1

    def __post_init__(self) -> None:
        if self.rule not in get_args(Rule):
            raise unknown_name("domain sampler", self.rule, get_args(Rule))
        if self.every < 1 or not 0 <= self.floor <= 1:
            raise InputError(
                f"DomainRule: every={self.every}, floor={self.floor}; wanted 1 step or more and a share "
                "from 0 to 1."
            )


class DomainSampler:
    """Draws domains by a rule and a seed, and goes on exactly where a saved one stood.

    Parameters
    ----------
    sizes : sequence of int
        Items of each domain.
    rule : DomainRule, optional
        Uniform if not given.
    seed : int
        Of the draws.

    Raises
    ------
    InputError
        If there is no domain, or one has no items.

    References
    ----------
    Ypsilantis et al. 2024, arXiv 2406.08332 (every 1,000 steps, in proportion to the loss); ours: the floor.

    Examples
    --------
    >>> sampler = DomainSampler([10, 30], DomainRule("size"))
    >>> sampler.probabilities.tolist()
    [0.25, 0.75]
    """

    def __init__(self, sizes: Sequence[int], rule: DomainRule | None = None, seed: int = 0) -> None:
        empty = [domain for domain, size in enumerate(sizes) if size < 1]
        if not sizes or empty:
            what = f"Domain {empty[0]} has no items" if empty else "No domain came"
            raise InputError(f"{what}: a batch can be drawn of a domain with items only.")
        self.rule = rule or DomainRule()
        self._rng = np.random.default_rng(seed)
        self._steps = 0
        self._sums = [0.0] * len(sizes)
        self._seen = [0] * len(sizes)
        weights = np.asarray(sizes if self.rule.rule == "size" else [1] * len(sizes), dtype=np.float64)
        self._probabilities: Float64[np.ndarray, " domains"] = weights / weights.sum()

    @property
    def probabilities(self) -> Float64[np.ndarray, " domains"]:
        """The probability of each domain at this step."""
        return self._probabilities.copy()

    def draw(self, count: int = 1) -> list[int]:
        """Draw the domains of one step.

        Parameters
        ----------
        count : int
            One for a batch of one domain; more for a mixed one.

        Returns
        -------
        list of int
            Drawn independently.
        """
        if self.rule.rule == "loss" and self._steps and self._steps % self.rule.every == 0:
            self._look()
        self._steps += 1
        return [int(d) for d in self._rng.choice(len(self._sums), size=count, p=self._probabilities)]

    def record(self, losses: Mapping[int, float]) -> None:
        """Take note of the losses of a step; the next look is at their means.

        Parameters
        ----------
        losses : mapping of int to float
            Of the domains of the batch, finite and not negative; others are left out.

        Raises
        ------
        InputError
            If a loss is not finite.
        """
        for domain, loss in losses.items():
            if not np.isfinite(loss):
                raise InputError(f"The loss of domain {domain} is {loss}: training has left the numbers.")
            # Rounding can bring a loss of nothing just below it.
            self._sums[domain] += max(float(loss), 0.0)
            self._seen[domain] += 1

    def state_dict(self) -> dict[str, Any]:
        """Say where the sampler stands.

        Returns
        -------
        dict
            Of numbers, strings and lists: JSON holds it.
        """
        return {
            "rng": self._rng.bit_generator.state,
            "steps": self._steps,
            "sums": list(self._sums),
            "seen": list(self._seen),
            "probabilities": self._probabilities.tolist(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where a saved sampler stood.

        Parameters
        ----------
        state : mapping
            What `state_dict` gave.

        Raises
        ------
        InputError
            If it is of another number of domains.
        """
        if len(state["sums"]) != len(self._sums):
            raise InputError(
                f"The saved sampler has {len(state['sums'])} domains and this one {len(self._sums)}: "
                "resume with the same domains."
            )
        self._rng.bit_generator.state = state["rng"]
        self._steps = int(state["steps"])
        self._sums, self._seen = list(state["sums"]), list(state["seen"])
        self._probabilities = np.asarray(state["probabilities"], dtype=np.float64)

    def _look(self) -> None:
        """Weigh each domain by its mean loss since the last look; one that was not seen keeps its weight."""
        seen = np.asarray(self._seen) > 0
        means = np.asarray(self._sums)[seen] / np.asarray(self._seen)[seen]
        if means.sum() > 0:
            # Those that were seen share what they had: the loss of the others is not known.
            weights = self._probabilities.copy()
            weights[seen] = weights[seen].sum() * means / means.sum()
            share = self.rule.floor / len(weights)
            self._probabilities = share + (1 - self.rule.floor) * weights / weights.sum()
        self._sums, self._seen = [0.0] * len(seen), [0] * len(seen)
