"""Jobs without a model, for the tests of runs: quick to start, and with every way to end."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from embedscope._errors import InputError
from embedscope._progress import progress_bar
from embedscope.training.desk import Desk
from embedscope.training.jobs import Outcome, register


@register("test:count")
@dataclass(frozen=True)
class Count:
    """Counts steps, with a loss each."""

    steps: int = 3
    seconds: float = 0.0

    def run(self, desk: Desk) -> Outcome:
        desk.say_state("running", {"total": self.steps})
        with progress_bar(self.steps, "Counting", "step") as bar:
            for step in range(1, self.steps + 1):
                time.sleep(self.seconds)
                desk.step = step
                desk.tell("loss", {"loss": 1 / step})
                bar.update()
        return "done"


@register("test:fail")
@dataclass(frozen=True)
class Fail:
    """Fails as it is told to."""

    how: str

    def run(self, desk: Desk) -> Outcome:
        print("last words ‮ <b>")  # noqa: T201
        if self.how == "input":
            raise InputError("The domain 'emoji' has no items.")
        if self.how == "exit":
            os._exit(9)
        return {}["domain"]
