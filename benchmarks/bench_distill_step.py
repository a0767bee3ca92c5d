"""A distillation step with cached teachers over the student's forward and backward alone, in turns.

Both sides have the same batch in memory, and neither moves the weights: an optimiser's step, the same on
both, would only hide what the teaching costs. The taught side is the training loop's own call, with the
teachers' vectors gathered, the loss, its parts for the events and the way back. The other side sends a fixed
gradient back through the same student. A ratio is the median over the rounds of taught ÷ alone, the two of a
round one after the other, in an order that changes; the quartiles stand beside it. On a CPU both are the
processor's time of one thread: machines are shared, and another's work must count for neither. What the
teaching takes by itself, from the vectors to their gradient, stands beside as a share: two large numbers that
differ by a little are known badly on a busy machine, the little one by itself is not.

The presets are those of benchmarks/universal: "cpu" is EfficientNet-Lite0 at 112 px, once with its first
15 blocks frozen and their features kept (the last block, the last convolution and the head are computed),
for every loss; once whole, where the same teaching stands beside some twenty times the work, for KL alone.
"gpu" is the whole net at 224 px in bfloat16, for every loss.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rows import row

from embedscope.encoders.embedding_net import EmbeddingNet, pretrained_net
from embedscope.items.items import Items
from embedscope.training.cut import count_blocks, cut_net
from embedscope.training.image_task import ImageTask
from embedscope.training.losses.divergences import DivergenceLoss
from embedscope.training.losses.names import LOSSES, make_loss
from embedscope.training.losses.setting import Setting
from embedscope.training.recipe import Recipe
from embedscope.training.student import Student
from embedscope.training.teaching import Lessons, SpecialistTeaching
from embedscope.training.training_data import TrainingData
from embedscope.training.vector_snapshots import VectorSnapshots

DOMAINS, CLASSES, PER_CLASS = 5, 300, 4
BAR, SHARE = "<= 1.05", "<= 0.05"
TEACHINGS = 21


class Ready:
    """A batch that is in memory already: loading it is not what is measured."""

    variants = 0

    def __init__(self, batch: torch.Tensor) -> None:
        self.batch = batch

    def load(self, rows: np.ndarray, _: np.ndarray) -> tuple[torch.Tensor, np.ndarray]:
        return self.batch, np.ones(len(rows), dtype=bool)


@dataclass(frozen=True)
class Taught:
    """A loss's whole step, and its teaching by itself, from the vectors to their gradient."""

    step: Callable[[], object]
    teaching: Callable[[], object]


@dataclass(frozen=True)
class Side:
    """A student and its batch."""

    name: str
    net: EmbeddingNet
    model: torch.nn.Module
    inputs: torch.Tensor
    device: torch.device

    @property
    def is_mixed(self) -> bool:
        return self.device.type == "cuda"

    def prepared(self, model: torch.nn.Module) -> torch.nn.Module:
        """On a GPU in bfloat16, as accelerate prepares a model: its forward alone."""
        if self.is_mixed:
            model.forward = torch.autocast("cuda", torch.bfloat16)(model.forward)
        return model

    def alone(self) -> Callable[[], object]:
        gradient = torch.randn(len(self.inputs), self.net.dims, device=self.device) / len(self.inputs)
        model = self.prepared(self.model)
        return lambda: model(self.inputs).backward(gradient)

    def taught(self, loss: str, *, mixed: bool = False) -> Taught:
        task, teaching, batch = make_task(self, loss, mixed=mixed)
        task.model = self.prepared(task.model)
        with torch.no_grad():
            vectors = task.model(self.inputs)
        vectors = vectors.detach().requires_grad_()
        return Taught(
            lambda: task.backward(batch, torch.Tensor.backward),
            lambda: teaching.teach(vectors, batch[0]).total.backward(),
        )

    def forget(self) -> None:
        self.net.zero_grad(set_to_none=True)


def make_task(
    side: Side, loss: str, *, mixed: bool
) -> tuple[ImageTask, SpecialistTeaching, tuple[np.ndarray, np.ndarray]]:
    """A run's task on made-up teachers: 64 dims, classes that hold together; and the rows of a batch."""
    rng = np.random.default_rng(0)
    domains = np.repeat(np.arange(DOMAINS), CLASSES * PER_CLASS)
    labels = np.tile(np.repeat(np.arange(CLASSES), PER_CLASS), DOMAINS)
    centres = rng.standard_normal((DOMAINS * CLASSES, 64))
    vectors = centres[domains * CLASSES + labels] + 0.5 * rng.standard_normal((len(labels), 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    nothing = tuple(vectors[:0] for _ in range(DOMAINS))
    lessons = Lessons(domains, labels, vectors, (64,) * DOMAINS, nothing)
    samples = tuple(vectors[domains == number] for number in range(DOMAINS))
    setting = Setting(side.net.dims, samples, (CLASSES,) * DOMAINS)
    online = tuple(np.zeros((2, side.net.width), np.float32) for _ in samples)
    taught_by = Setting(side.net.dims, online, (CLASSES,) * DOMAINS) if loss == "udon" else setting
    made = make_loss(loss, taught_by).to(side.device)
    names = [f"domain {number}" for number in domains]
    columns = {"label": labels.astype(str).tolist(), "domain": names}
    items = Items.from_texts([str(number) for number in range(len(labels))], columns=columns)
    data = TrainingData(items, None, tuple(dict.fromkeys(names)))
    student = Student(side.net, side.model, data, Ready(side.inputs), None)
    recipe = Recipe(chunk=len(side.inputs), n_classes=len(side.inputs) // PER_CLASS, mixed=mixed)
    teaching = SpecialistTeaching(made, lessons, DivergenceLoss(setting))
    snapshots = VectorSnapshots(Path(), [], np.zeros(0, np.int64), lambda: 0, is_writer=False)
    task = ImageTask(student, teaching, recipe, snapshots, labels)
    if task.beside is not None:
        task.beside.train()
    return task, teaching, next(task.batches)


def seconds(step: Callable[[], object], side: Side) -> float:
    side.forget()
    if not side.is_mixed:
        begin = time.process_time()
        step()
        return time.process_time() - begin
    torch.cuda.synchronize()
    begin = time.perf_counter()
    step()
    torch.cuda.synchronize()
    return time.perf_counter() - begin


def compare(side: Side, losses: dict[str, Taught], rounds: int) -> bool:
    """Time every loss's step beside one alone, and report the medians of their ratios."""
    alone = side.alone()
    for step in (alone, *(taught.step for taught in losses.values())):
        step()
    ratios: dict[str, list[float]] = {name: [] for name in losses}
    base = []
    for turn in range(rounds):
        for name, taught in losses.items():
            pair = (alone, taught.step) if turn % 2 else (taught.step, alone)
            first, second = (seconds(each, side) for each in pair)
            own, other = (first, second) if turn % 2 else (second, first)
            ratios[name].append(other / own)
            base.append(own)
    row(f"{side.name}: forward and backward alone", 1000 * float(np.median(base)), "ms")
    met = True
    for name, found in ratios.items():
        low, middle, high = np.quantile(found, (0.25, 0.5, 0.75))
        label = f"{side.name}: {name} step (quartiles {low:.3f}-{high:.3f}, {rounds} rounds)"
        row(label, float(middle), "x", "forward and backward alone", BAR)
        shares = [seconds(losses[name].teaching, side) for _ in range(TEACHINGS)] / np.median(base)
        low, middle, high = np.quantile(shares, (0.25, 0.5, 0.75))
        label = f"{side.name}: {name}, teaching by itself (quartiles {low:.3f}-{high:.3f}, {TEACHINGS} times)"
        met &= row(label, float(middle), "x", "forward and backward alone", SHARE)
    return met


def sides(preset: str, batch: int) -> Iterator[Side]:
    size, device = (112, torch.device("cpu")) if preset == "cpu" else (224, torch.device("cuda"))
    net = pretrained_net("efficientnet_lite0", image_size=size, dims=64).to(device)
    images = torch.randn(batch, 3, size, size, generator=torch.Generator().manual_seed(0)).to(device)
    where = f"EfficientNet-Lite0, {size} px, batch {batch}"
    if preset == "cpu":
        cut = cut_net(net, count_blocks(net) - 1)
        with torch.no_grad():
            kept = torch.cat([cut.stem(chunk) for chunk in images.split(32)])
        yield Side(f"{where}, last block and head", net, cut.rest, kept, device)
        # Cutting froze the stem.
        net.requires_grad_()
    # In evaluation mode, as in a run: batch norms stay.
    yield Side(f"{where}, whole", net, net, images, device)


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", choices=["cpu", "gpu"], default="cpu")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--whole-rounds", type=int, default=5)
    parser.add_argument("--losses", nargs="*", default=sorted(LOSSES), choices=sorted(LOSSES))
    options = parser.parse_args()
    if options.preset == "gpu" and not torch.cuda.is_available():
        sys.exit("--preset gpu needs a GPU, and torch sees none here.")
    if options.preset == "cpu":
        torch.set_num_threads(1)
    met = True
    for side in sides(options.preset, options.batch):
        is_slow = side.model is side.net and not side.is_mixed
        losses = [name for name in options.losses if name == "kl" or not is_slow]
        taught = {name: side.taught(name) for name in losses}
        if "kl" in taught:
            taught["kl of mixed domains"] = side.taught("kl", mixed=True)
        met &= compare(side, taught, options.whole_rounds if is_slow else options.rounds)
    return met


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
