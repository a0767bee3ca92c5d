"""A distillation of which every process writes down what it ends with."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from embedscope.encoders.state import hash_state
from embedscope.training import net_training
from embedscope.training.desk import Desk
from embedscope.training.distill_job import DistillJob
from embedscope.training.fit_options import FitOptions, Fitted
from embedscope.training.jobs import Outcome, register
from embedscope.training.loop import fit


@register("test:distill")
@dataclass(frozen=True)
class Witnessed(DistillJob):
    """For a process that ends with it."""

    def run(self, desk: Desk) -> Outcome:
        net_training.fit = fit_and_tell
        return super().run(desk)


def fit_and_tell(task: Any, desk: Desk, options: FitOptions) -> Fitted:
    """Fit, and write down the hashes of all weights and the losses that the sampler heard of."""
    before = {f"{name} before": hash_state(getattr(task, name)) for name in ("model", "beside")}
    fitted = fit(task, desk, options)
    facts = {
        **before,
        "model": hash_state(task.model),
        "beside": hash_state(task.beside),
        "heard": task.batches.state_dict()["batches"]["sampler"]["sums"],
    }
    (desk.folder.path / f"rank-{os.environ['RANK']}.json").write_text(json.dumps(facts))
    return fitted
