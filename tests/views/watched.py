"""A run to watch: a job of its own process that leaves what a training leaves, without a net."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PILImage

from embedscope.items.items import Items
from embedscope.training.desk import Desk
from embedscope.training.events import EventLog
from embedscope.training.gathered import gather
from embedscope.training.jobs import Outcome, register, to_config
from embedscope.training.run_folder import RunFolder, replace_json
from embedscope.training.training_data import TrainingData
from embedscope.training.vector_snapshots import VectorSnapshots

DOMAINS = ("emoji", "flags")
IMAGES = 24


def pictures(folder: Path, domain: str) -> Items:
    """24 small images of 6 classes, on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(len(domain))
    paths = []
    for row in range(IMAGES):
        paths.append(folder / f"{domain}-{row:02}.png")
        PILImage.fromarray(rng.integers(0, 256, (16, 16, 3), np.uint8)).save(paths[-1])
    labels = [f"{domain} {row % 6}" for row in range(IMAGES)]
    ids = [f"{domain}-{row:02}" for row in range(IMAGES)]
    return Items.from_images(paths, ids=ids, columns={"label": labels})


def data_in(folder: Path, domains: tuple[str, ...] = DOMAINS) -> TrainingData:
    """Images of domains; the same ones are trained on and held out, which no test of views minds."""
    parts = {name: pictures(folder / name, name) for name in domains}
    gathered = gather(parts, None)
    return TrainingData(gathered.joined().train, gathered.joined().train, domains)


def vectors_at(step: int) -> np.ndarray:
    """Two groups that part from each other with every step."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], IMAGES)
    apart = np.eye(8)[group] * (0.2 + step / 20)
    return (apart + 0.3 * rng.normal(size=(2 * IMAGES, 8)) + 0.02 * step).astype(np.float32)


def snapshots_of(run: Path, step: int) -> VectorSnapshots:
    """What writes the vectors of a step."""
    data = TrainingData.load(RunFolder(run).data)
    return VectorSnapshots(
        RunFolder(run).snapshots,
        data.validation.ids,
        data.domain_numbers(data.validation),
        lambda: step,
    )


def measures(step: int) -> dict[str, float]:
    """What a validation finds."""
    good = 0.3 + 0.4 * min(step, 20) / 20 - 0.01 * max(0, step - 20)
    return {
        "recall_at_1": good,
        "merged_recall_at_1": good - 0.05,
        **{f"recall_at_1/{name}": good + 0.1 * rank for rank, name in enumerate(DOMAINS)},
        **{f"kl/{name}": 2 / (1 + step / 10) + rank for rank, name in enumerate(DOMAINS)},
    }


SIZES = {
    "domains": list(DOMAINS),
    "train": [{"images": IMAGES, "classes": 6}] * 2,
    "validation": [{"images": IMAGES, "classes": 6}] * 2,
    "trained_parameters": 1_100_000,
    "parameters": 3_400_000,
    "dims": 8,
}


@register("test:watched")
@dataclass(frozen=True)
class Watched:
    """Steps with a loss each, and a validation with a snapshot at every tenth."""

    steps: int = 30
    seconds: float = 0.0
    backbone: str = "none"

    def run(self, desk: Desk) -> Outcome:
        first = desk.step
        desk.tell("data", {**SIZES, "steps": self.steps})
        desk.say_state("running", {"total": self.steps, "device": "cpu"})
        for step in range(first, self.steps + 1):
            desk.step = step
            desk.tell("loss", losses(step))
            if step % 10 == 0:
                snapshots_of(desk.folder.path, step).write(vectors_at(step))
                desk.tell("validation", {**measures(step), "is_best": step <= 20})
            if desk.control.want == "pause":
                desk.say_state("paused")
                desk.control.wait_while_paused()
                desk.say_state("running")
            if desk.control.want == "stop":
                return "stopped"
            time.sleep(self.seconds)
        return "done"


def losses(step: int) -> dict[str, float]:
    """What a step tells."""
    return {"loss": 2 / (1 + step), f"loss/{DOMAINS[step % 2]}": 2 / (1 + step), "learning_rate": 1e-3}


def finished(run: Path, steps: int = 30, domains: tuple[str, ...] = DOMAINS) -> Path:
    """Leave in a folder what a finished run leaves, without a process."""
    files = RunFolder(run)
    run.mkdir(parents=True)
    data_in(run.parent / "pictures", domains).save(run)
    replace_json(files.config, to_config(Watched(steps)))
    with EventLog(files.events) as log:
        log.append("state", 0, {"state": "running", "total": steps, "device": "cpu"})
        log.append("data", 0, {**SIZES, "steps": steps})
        for step in range(steps + 1):
            log.append("loss", step, losses(step))
            if step % 10 == 0:
                snapshots_of(run, step).write(vectors_at(step)[: IMAGES * len(domains)])
                log.append("validation", step, {**measures(step), "is_best": step <= 20})
        log.append("state", steps, {"state": "done"})
    return run
