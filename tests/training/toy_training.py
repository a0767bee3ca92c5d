"""A tiny model whose training draws from every generator: what the loop's tests train."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from embedscope._progress import progress_bar
from embedscope.training.control import Control
from embedscope.training.desk import Desk
from embedscope.training.fit_options import FitOptions
from embedscope.training.jobs import Outcome, register
from embedscope.training.loop import fit
from embedscope.training.random_state import seed_all
from embedscope.training.run_folder import RunFolder


class Points:
    """Endless batches of noisy points, from a generator of their own."""

    def __init__(self, seed: int, size: int = 8, end: int | None = None) -> None:
        self._rng = np.random.default_rng(seed)
        self._size, self._end = size, end
        self.drawn = 0

    def __next__(self) -> dict[str, Tensor]:
        if self.drawn == self._end:
            raise StopIteration
        self.drawn += 1
        x = self._rng.normal(size=(self._size, 4)).astype(np.float32)
        return {"x": torch.from_numpy(x), "y": torch.from_numpy(x[:, :1] - 2 * x[:, 1:2])}

    def state_dict(self) -> dict[str, Any]:
        return {"rng": self._rng.bit_generator.state, "drawn": self.drawn}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self._rng.bit_generator.state = state_dict["rng"]
        self.drawn = state_dict["drawn"]


class Toy:
    """Fits a line through dropout and batch normalisation, with noise from every generator.

    Python's is drawn from where nothing else does: the types' checker of the tests draws from it too.
    """

    def __init__(self, rate: float = 0.01, end: int | None = None, python: bool = False) -> None:
        seed_all(0)
        self.model: nn.Module = nn.Sequential(
            nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1)
        )
        self.beside: nn.Module | None = nn.Linear(1, 1)
        parameters = [*self.model.parameters(), *self.beside.parameters()]
        self.optimizer: torch.optim.Optimizer = torch.optim.AdamW(parameters, lr=rate)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, 100)
        self.batches = Points(0, end=end)
        self.measures: list[float] = []
        self._python = python

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        noise = float(np.random.standard_normal()) * 0.1  # noqa: NPY002
        if self._python:
            noise += random.gauss(0, 0.1)
        found = (self.beside(self.model(batch["x"])) - batch["y"] + noise).square().mean()
        terms = {"loss": found}
        if self.batches.drawn % 3 == 0:
            terms["sometimes"] = found.detach() * 2
        return terms

    def validate(self) -> dict[str, float]:
        assert not self.model.training
        assert not torch.is_grad_enabled()
        # A validation may draw too, and may show bars.
        with progress_bar(1, "Validating") as bar:
            x = torch.randn(32, 4)
            bar.update()
        error = (self.beside(self.model(x)) - (x[:, :1] - 2 * x[:, 1:2])).square().mean()
        measure = self.measures.pop(0) if self.measures else -float(error)
        return {"recall_at_1": measure, "error": float(error)}


@register("test:train")
@dataclass(frozen=True)
class Train:
    """Trains the toy; in the middle of the named steps it waits to be killed, or ends itself, once each."""

    options: FitOptions = field(default_factory=lambda: FitOptions(steps=10))
    waits: tuple[int, ...] = ()
    terminates: int | None = None

    def run(self, desk: Desk) -> Outcome:
        torch.set_num_threads(1)
        return fit(Interrupted(desk.folder.path, self), desk, self.options).outcome


class Interrupted(Toy):
    """The toy, with something happening to its process."""

    def __init__(self, folder: Path, job: Train) -> None:
        super().__init__(python=True)
        self._folder, self._job = folder, job

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        step = self.batches.drawn
        mark = self._folder / f"was-in-{step}"
        if not mark.exists():
            if step in self._job.waits:
                mark.touch()
                time.sleep(600)
            if step == self._job.terminates:
                mark.touch()
                os.kill(os.getpid(), signal.SIGTERM)
        return super().loss(batch)


def desk_in(path: Path) -> Desk:
    """A desk without a worker, for the tests that need no process."""
    path.mkdir(exist_ok=True)
    folder = RunFolder(path)
    return Desk(folder, Control(folder.control))
