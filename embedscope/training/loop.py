"""The training loop, over accelerate: one process or several, paused, stopped and gone on with exactly."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list, send_to_device
from torch import Tensor, nn

from embedscope._device import pick_device
from embedscope._errors import InputError, unknown_name
from embedscope._progress import Progressed, listening
from embedscope.training.control import Want
from embedscope.training.desk import Desk
from embedscope.training.fit_options import FitOptions, Fitted, Precision
from embedscope.training.jobs import Outcome
from embedscope.training.keeper import Keeper
from embedscope.training.loop_state import LoopState
from embedscope.training.task import GoesBackward, Task

_LOOK_EVERY_S = 0.2


def fit(task: Task, desk: Desk, options: FitOptions) -> Fitted:
    """Train a task's model, from the folder's last checkpoint on where there is one.

    Parameters
    ----------
    task : Task
        Freshly made, with the same seeds each time: a checkpoint brings it to where it was.
    desk : Desk
        The run's folder, events and control.
    options : FitOptions
        How long and how.

    Returns
    -------
    Fitted
        How it ended.

    Raises
    ------
    InputError
        If the loss is not finite any more, or the batches end.
    StoreError
        If a checkpoint cannot be written; those before it are intact.

    Notes
    -----
    After a kill, the resumed run's losses are those of an uninterrupted one to the last bit on a CPU; on a
    GPU as far as its kernels are deterministic. A step ends with its event, then its validation, then its
    checkpoint: what a checkpoint holds has been told.
    """
    # A bar inside a validation would hear of a stop in the middle of a step.
    with listening(_deaf):
        return _Loop(task, desk, options).run()


def _deaf(_: Progressed) -> None:
    """Hear nothing."""


def _precision(options: FitOptions) -> Precision:
    if options.mixed_precision is not None:
        return options.mixed_precision
    if pick_device(options.device).type != "cuda":
        return "no"
    return "bf16" if torch.cuda.is_bf16_supported() else "fp16"


class _Loop:
    def __init__(self, task: Task, desk: Desk, options: FitOptions) -> None:
        self._task, self._desk, self._options = task, desk, options
        self._accelerator = Accelerator(
            mixed_precision=_precision(options),
            gradient_accumulation_steps=options.accumulate,
            cpu=options.device == "cpu",
        )
        self._state = LoopState()
        self._prepare()
        self._keeper = Keeper(task, desk, self._accelerator, options.keep)

    def _prepare(self) -> None:
        task, prepare = self._task, self._accelerator.prepare
        task.model = prepare(task.model)
        if task.beside is not None:
            task.beside = prepare(task.beside)
        task.optimizer = prepare(task.optimizer)

    def run(self) -> Fitted:
        self._state = self._keeper.load() or self._state
        self._desk.step = self._state.step
        accelerator = self._accelerator
        self._desk.say_state(
            "running",
            {
                "total": self._options.steps,
                "device": str(accelerator.device),
                "processes": accelerator.num_processes,
                "mixed_precision": accelerator.mixed_precision,
            },
        )
        outcome = self._steps()
        if outcome == "done":
            self._checkpoint()
            self._keeper.take_best(self._state)
        self._task.model = self._plain(self._task.model)
        if self._task.beside is not None:
            self._task.beside = self._plain(self._task.beside)
        state = self._state
        return Fitted(outcome, state.step, state.best_step, state.best)

    def _steps(self) -> Outcome:
        if self._options.validate_first and self._state.step == 0 and self._state.best_step is None:
            self._validate()
            self._checkpoint()
        while not self._is_over():
            if self._obey() == "stop":
                self._checkpoint()
                return "stopped"
            self._step()
        return "done"

    def _is_over(self) -> bool:
        patience = self._options.patience
        is_stale = patience is not None and self._state.stale >= patience
        return self._state.step >= self._options.steps or is_stale

    def _obey(self) -> Want:
        want = self._want()
        if want != "pause":
            return want
        self._checkpoint()
        self._desk.say_state("paused")
        # Every process asks anew, so that none waits for another longer than a connection lasts.
        while want == "pause":
            time.sleep(_LOOK_EVERY_S)
            want = self._want()
        if want == "run":
            self._desk.say_state("running")
        return want

    def _want(self) -> Want:
        want: list[Want] = [self._desk.control.want]
        if self._accelerator.num_processes > 1:
            broadcast_object_list(want)
        return want[0]

    def _step(self) -> None:
        for _ in range(self._options.accumulate):
            self._batch()
        if self._task.scheduler is not None and not self._accelerator.optimizer_step_was_skipped:
            self._task.scheduler.step()
        self._state.step += 1
        self._desk.step = step = self._state.step
        is_last = step == self._options.steps
        if is_last or step % self._options.log_every == 0:
            self._tell()
        every = self._options.validate_every
        is_best = every is not None and (is_last or step % every == 0) and self._validate()
        if is_best or step % self._options.checkpoint_every == 0:
            self._checkpoint()

    def _batch(self) -> None:
        task, accelerator = self._task, self._accelerator
        batch = send_to_device(self._draw(), accelerator.device)
        with accelerator.accumulate(*self._modules()):
            self._state.add(self._backward(batch))
            if accelerator.sync_gradients and self._options.clip_norm is not None:
                parameters = [p for module in self._modules() for p in module.parameters()]
                accelerator.clip_grad_norm_(parameters, self._options.clip_norm)
            task.optimizer.step()
            task.optimizer.zero_grad()

    def _draw(self) -> Any:
        """Draw a batch for every process, and take one's own: all sources then stand at the same place."""
        try:
            drawn = [next(self._task.batches) for _ in range(self._accelerator.num_processes)]
        except StopIteration:
            raise InputError(
                f"The batches ended after {self._state.step:,} of {self._options.steps:,} steps; "
                "they must go on without end."
            ) from None
        return drawn[self._accelerator.process_index]

    def _backward(self, batch: Any) -> Mapping[str, Tensor]:
        if isinstance(self._task, GoesBackward):
            return self._task.backward(batch, self._accelerator.backward)
        found = self._task.loss(batch)
        terms = {"loss": found} if isinstance(found, Tensor) else found
        self._accelerator.backward(terms["loss"])
        return terms

    def _modules(self) -> list[nn.Module]:
        return [module for module in (self._task.model, self._task.beside) if module is not None]

    def _tell(self) -> None:
        self._check_finite()
        means = self._state.take_means()
        if not means:
            # No image of these batches could be read.
            return
        self._desk.tell("loss", {**means, "learning_rate": self._task.optimizer.param_groups[0]["lr"]})

    def _check_finite(self) -> None:
        loss = self._state.means().get("loss", 0.0)
        if not math.isfinite(loss):
            raise InputError(
                f"The loss is {loss} at step {self._state.step:,}: lower the learning rate, or clip the "
                "gradient with clip_norm."
            )

    def _validate(self) -> bool:
        with _evaluating(self._modules()), torch.no_grad():
            measures = dict(self._task.validate())
        watch = self._options.watch
        if watch not in measures:
            raise unknown_name("measure of the validation", watch, measures, "Name it with watch=.")
        told = [measures]
        if self._accelerator.num_processes > 1:
            # Rounding may differ, and all processes must come to one decision.
            broadcast_object_list(told)
        is_best = self._state.judge(told[0][watch])
        self._desk.tell("validation", {**told[0], "is_best": is_best})
        return is_best

    def _checkpoint(self) -> None:
        self._check_finite()
        self._keeper.save(self._state)

    def _plain(self, module: nn.Module) -> nn.Module:
        plain: nn.Module = self._accelerator.unwrap_model(module, keep_fp32_wrapper=False)
        return plain


@contextmanager
def _evaluating(modules: list[nn.Module]) -> Iterator[None]:
    """Put modules into evaluation mode, and every part of them back into its own."""
    parts = [part for module in modules for part in module.modules()]
    modes = [part.training for part in parts]
    for module in modules:
        module.eval()
    try:
        yield
    finally:
        for part, mode in zip(parts, modes, strict=True):
            part.training = mode
