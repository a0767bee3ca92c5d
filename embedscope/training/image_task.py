"""ImageTask: a net, what teaches it and what it is validated on, for the training loop.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int64
from torch import nn
from torch.optim.lr_scheduler import LRScheduler

from embedscope._errors import InputError
from embedscope.training.cut import Rest
from embedscope.training.draws import Draws
from embedscope.training.gradient_cache import cached_backward
from embedscope.training.inputs import Inputs
from embedscope.training.net_validation import validate_vectors
from embedscope.training.recipe import Recipe
from embedscope.training.samplers import ClassBalancedBatches
from embedscope.training.schedule import warm_cosine
from embedscope.training.shared_gradients import share_gradients, share_losses
from embedscope.training.specialist_losses import SpecialistLoss
from embedscope.training.student import Student
from embedscope.training.task import Batches, LossTerms
from embedscope.training.teaching import Taught, Teaching
from embedscope.training.vector_snapshots import VectorSnapshots

_VALIDATION_CHUNK = 256
# A specialist's proxies start far from their classes.
_PROXY_RATE = 100.0
# Batches of which no image can be read, after which it is no single image's fault.
_IN_VAIN = 10


class ImageTask:
    """What the loop trains.

    Parameters
    ----------
    student : Student
        The net and its inputs.
    teaching : Teaching
        Labels or specialists.
    recipe : Recipe
        How.
    snapshots : VectorSnapshots
        Where each validation leaves its vectors.
    labels : ndarray of int64, shape (items,)
        Classes of the items to train on, for balanced batches.
    """

    beside: nn.Module | None
    scheduler: LRScheduler | None
    batches: Batches

    def __init__(
        self,
        student: Student,
        teaching: Teaching,
        recipe: Recipe,
        snapshots: VectorSnapshots,
        labels: Int64[np.ndarray, " items"],
    ) -> None:
        self._student, self._teaching, self._recipe = student, teaching, recipe
        self._snapshots = snapshots
        self._in_vain = 0
        data = student.data
        self.model: nn.Module = _WithPooled(student) if teaching.wants_pooled else student.model
        self.beside = teaching.loss if any(True for _ in teaching.loss.parameters()) else None
        domains = data.domain_numbers(data.train)
        batches = ClassBalancedBatches(labels, domains, recipe.plan, recipe.seed)
        self._draws = Draws(batches, student.train.variants, recipe.seed)
        self.batches = self._draws
        self.steps = recipe.n_steps(len(data.train))
        self.optimizer: torch.optim.Optimizer = torch.optim.AdamW(
            self._groups(), lr=recipe.rate, weight_decay=recipe.weight_decay
        )
        self.scheduler = warm_cosine(self.optimizer, self.steps, recipe.warmup)

    def _groups(self) -> list[dict[str, Any]]:
        head = [p for p in self._student.net.head.parameters() if p.requires_grad]
        mine = {id(p) for p in head}
        body = [p for p in self.model.parameters() if p.requires_grad and id(p) not in mine]
        rate = self._recipe.rate
        factor = _PROXY_RATE if isinstance(self._teaching.loss, SpecialistLoss) else self._recipe.head_rate
        groups = [
            {"params": body, "lr": rate},
            {"params": head, "lr": rate * self._recipe.head_rate},
            {"params": list(self._teaching.loss.parameters()), "lr": rate * factor, "weight_decay": 0.0},
        ]
        return [group for group in groups if group["params"]]

    def loss(self, batch: Any) -> LossTerms:
        """Compute the loss of a batch in one piece.

        Parameters
        ----------
        batch : tuple of ndarray
            Rows and variants.

        Returns
        -------
        mapping of str to Tensor
            ``"loss"`` and its parts.
        """
        chunks, rows = self._load(batch)
        return self._terms(self._taught(torch.cat([self.model(chunk) for chunk in chunks]), rows))

    def backward(self, batch: Any, backward: Callable[[torch.Tensor], None]) -> Mapping[str, torch.Tensor]:
        """Compute a batch's loss and gradients; in chunks where it is larger than one.

        Parameters
        ----------
        batch : tuple of ndarray
            Rows and variants.
        backward : callable
            In place of ``tensor.backward()``.

        Returns
        -------
        mapping of str to Tensor
            ``"loss"``, its parts, and ``"loss/<domain>"`` of each domain of the batch; empty where no image
            of it can be read.

        Raises
        ------
        InputError
            If no image of ten batches in a row can be read.
        """
        chunks, rows = self._load(batch)
        told: list[Taught] = []

        def total(vectors: torch.Tensor) -> torch.Tensor:
            told.append(self._taught(vectors, rows))
            return told[-1].total

        if len(chunks) == 1:
            backward(total(self.model(chunks[0])))
        else:
            cached_backward(self.model, chunks, total, backward=backward)
        share_gradients(self._teaching.loss)
        (taught,) = told
        if self._recipe.sampler == "loss":
            losses = {number: float(loss) for number, loss in taught.domains.items()}
            self._draws.batches.record(share_losses(losses))
        return self._terms(taught) if len(rows) else {}

    def _taught(self, vectors: torch.Tensor, rows: Int64[np.ndarray, " batch"]) -> Taught:
        # Of nothing there is no loss, but other processes wait for the gradients.
        return self._teaching.teach(vectors, rows) if len(rows) else Taught(0.0 * vectors.sum())

    def _terms(self, taught: Taught) -> dict[str, torch.Tensor]:
        names = self._student.data.domains
        each = {f"loss/{names[number]}": loss for number, loss in taught.domains.items()}
        return {"loss": taught.total, **taught.shown, **each}

    def _load(self, batch: Any) -> tuple[list[torch.Tensor], Int64[np.ndarray, " batch"]]:
        rows, variants = batch
        device = next(self.model.parameters()).device
        inputs, kept = self._student.train.load(rows, variants)
        self._in_vain = 0 if kept.any() else self._in_vain + 1
        if self._in_vain >= _IN_VAIN:
            raise InputError(
                f"Not one image of {_IN_VAIN} batches in a row can be read: is the disk still there? "
                "Resume when it is."
            )
        if not kept.any():
            inputs = inputs.new_zeros(1, *inputs.shape[1:])
        chunks = torch.split(inputs.to(device, non_blocking=True), self._recipe.chunk)
        return list(chunks), rows[kept]

    def validate(self) -> Mapping[str, float]:
        """Measure the net on the classes that are held out.

        Returns
        -------
        mapping of str to float
            See `validate_vectors`; empty where nothing is held out.
        """
        data, inputs = self._student.data, self._student.validation
        if data.validation is None or inputs is None:
            return {}
        vectors, kept = self._vectors(inputs, len(data.validation))
        self._snapshots.write(vectors)
        return validate_vectors(vectors, kept, data, self._teaching)

    def _vectors(
        self, inputs: Inputs, count: int
    ) -> tuple[Float32[np.ndarray, "items dims"], Bool[np.ndarray, " items"]]:
        """Give the vectors of all items, NaN for those that cannot be read, and which those are not."""
        device = next(self.model.parameters()).device
        dims = self._student.net.dims
        vectors = np.full((count, dims), np.nan, dtype=np.float32)
        kept = np.zeros(count, dtype=bool)
        for start in range(0, count, _VALIDATION_CHUNK):
            rows = np.arange(start, min(start + _VALIDATION_CHUNK, count))
            loaded, kept[rows] = inputs.load(rows, np.zeros_like(rows))
            if len(loaded):
                vectors[rows[kept[rows]]] = self.model(loaded.to(device))[:, :dims].float().cpu().numpy()
        return vectors, kept


class _WithPooled(nn.Module):
    """A net whose output is its vectors and, behind them, its pooled features."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.inner = student.model
        self._net = (student.net,)

    def forward(self, inputs: Float[torch.Tensor, "batch ..."]) -> Float[torch.Tensor, "batch wide"]:
        net = self._net[0]
        inner = self.inner
        pooled = inner.pooled(inputs) if isinstance(inner, Rest) else net.backbone(inputs)
        return torch.cat([net.embed(pooled), pooled.float()], dim=1)
