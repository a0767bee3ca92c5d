"""How long and how a loop trains, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from embedscope._errors import InputError

Precision: TypeAlias = Literal["no", "bf16", "fp16"]


@dataclass(frozen=True)
class FitOptions:
    """The options of `embedscope.training.loop.fit`.

    Parameters
    ----------
    steps : int
        Optimiser steps in all.
    accumulate : int
        Batches whose gradients make one step.
    mixed_precision : {"no", "bf16", "fp16"}, optional
        By default "bf16" on a GPU that has it, "fp16" on another one, "no" elsewhere.
    clip_norm : float, optional
        Largest norm of a step's gradient.
    log_every : int
        Steps from one event of loss to the next; it carries their mean.
    validate_every : int, optional
        Steps from one validation to the next; None: none at all.
    validate_first : bool
        Whether to validate before the first step too.
    checkpoint_every : int
        Steps from one checkpoint to the next.
    keep : int
        How many of the newest checkpoints stay; the best one stays besides.
    patience : int, optional
        Validations in a row without a better measure after which to end.
    watch : str
        The measure of the validation that tells which model is best; larger is better.
    device : {"cpu"}, optional
        "cpu" leaves a GPU alone; by default the best device.
    """

    steps: int
    accumulate: int = 1
    mixed_precision: Precision | None = None
    clip_norm: float | int | None = None
    log_every: int = 10
    validate_every: int | None = None
    validate_first: bool = False
    checkpoint_every: int = 100
    keep: int = 2
    patience: int | None = None
    watch: str = "recall_at_1"
    device: Literal["cpu"] | None = None

    def __post_init__(self) -> None:
        counts = {
            "steps": self.steps,
            "accumulate": self.accumulate,
            "log_every": self.log_every,
            "validate_every": self.validate_every,
            "checkpoint_every": self.checkpoint_every,
            "keep": self.keep,
            "patience": self.patience,
        }
        for name, count in counts.items():
            if count is not None and count < 1:
                raise InputError(f"{name} is {count}; it must be at least 1.")
        if self.validate_first and self.validate_every is None:
            raise InputError("validate_first needs validations: give validate_every too.")
        if self.patience is not None and self.validate_every is None:
            raise InputError("patience counts validations: give validate_every too.")


def spread_over(steps: int, validations: int, **options: Any) -> FitOptions:
    """Give the options of a loop that validates so often, before the first step and after the last too.

    Parameters
    ----------
    steps : int
        In all.
    validations : int
        How often; 0: never.
    **options
        Other fields of `FitOptions`; ``patience`` counts only where there are validations.

    Returns
    -------
    FitOptions
        A validation ends in a checkpoint where it is the best; there are as many others.

    Examples
    --------
    >>> spread_over(1000, 5).validate_every
    200
    """
    every = max(1, round(steps / validations)) if validations else None
    return FitOptions(
        steps,
        log_every=max(1, min(10, steps // 50)),
        validate_every=every,
        validate_first=every is not None,
        checkpoint_every=every or max(1, steps // 10),
        keep=1,
        **{**options, "patience": options.get("patience") if every else None},
    )


@dataclass(frozen=True)
class Fitted:
    """How a loop ended; the task's model then has the best weights where there were validations.

    Parameters
    ----------
    outcome : {"done", "stopped"}
        "stopped": somebody wanted it, and a resume goes on.
    step : int
        Steps that were done.
    best_step : int or None
        The step of the best validation; None where there was none.
    best : float or None
        Its measure.
    """

    outcome: Literal["done", "stopped"]
    step: int
    best_step: int | None = None
    best: float | None = None
