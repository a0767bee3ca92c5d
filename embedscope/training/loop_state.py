"""Where a loop is: its step, its best validation, and the losses since it last told them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor


@dataclass(eq=False)
class LoopState:
    """What a loop knows besides its model, kept in every checkpoint.

    Parameters
    ----------
    step : int
        Steps that are done.
    best : float or None
        The best measure so far.
    best_step : int or None
        The step that it was measured at.
    stale : int
        Validations since.
    """

    step: int = 0
    best: float | None = None
    best_step: int | None = None
    stale: int = 0
    _sums: dict[str, Tensor] = field(default_factory=dict, init=False, repr=False)
    _counts: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    def add(self, terms: Mapping[str, Tensor]) -> None:
        """Count the terms of a batch's loss; nothing waits for the device.

        Parameters
        ----------
        terms : mapping of str to Tensor
            Scalars; not every batch has every term.
        """
        for name, term in terms.items():
            value = term.detach().float()
            self._sums[name] = self._sums[name] + value if name in self._sums else value
            self._counts[name] = self._counts.get(name, 0) + 1

    def take_means(self) -> dict[str, float]:
        """Give the mean of every term since the last call, and begin anew.

        Returns
        -------
        dict of str to float
            Means by name.
        """
        means = self.means()
        self._sums, self._counts = {}, {}
        return means

    def means(self) -> dict[str, float]:
        """Give the mean of every term since `take_means`.

        Returns
        -------
        dict of str to float
            Means by name.
        """
        return {name: float(total.item()) / self._counts[name] for name, total in self._sums.items()}

    def judge(self, measure: float) -> bool:
        """Take a validation's measure.

        Parameters
        ----------
        measure : float
            Larger is better; one that is not a number is no better than any.

        Returns
        -------
        bool
            Whether it is the best so far.
        """
        is_best = measure == measure and (self.best is None or measure > self.best)
        if is_best:
            self.best, self.best_step, self.stale = measure, self.step, 0
        else:
            self.stale += 1
        return is_best

    def state_dict(self) -> dict[str, Any]:
        """Give all of it, for a checkpoint."""
        return {
            "step": self.step,
            "best": self.best,
            "best_step": self.best_step,
            "stale": self.stale,
            "sums": self._sums,
            "counts": self._counts,
        }

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Any], device: Any) -> LoopState:
        """Make the state that a checkpoint kept.

        Parameters
        ----------
        state : mapping
            What `state_dict` gave.
        device : torch.device
            Where the losses are.

        Returns
        -------
        LoopState
            The same.
        """
        made = cls(state["step"], state["best"], state["best_step"], state["stale"])
        made._sums = {name: total.to(device) for name, total in state["sums"].items()}
        made._counts = dict(state["counts"])
        return made
