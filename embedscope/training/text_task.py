"""TextTask: a text embedder, its pairs and their loss, for the training loop.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64
from torch import nn
from torch.optim.lr_scheduler import LRScheduler

from embedscope.training.gradient_cache import cached_backward
from embedscope.training.losses.masked_nce import NceOptions
from embedscope.training.losses.pair_loss import PairLoss, PairLossOptions
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors
from embedscope.training.mixture import MixtureSampler, MixtureSource
from embedscope.training.pair_rows import Drawn, PairRows
from embedscope.training.pair_validation import score_pairs, unit_rows
from embedscope.training.schedule import staged_cosine
from embedscope.training.task import Batches, LossTerms
from embedscope.training.text_recipe import Stage, TextRecipe
from embedscope.training.text_student import Vectors
from embedscope.training.vector_snapshots import VectorSnapshots

_VALIDATION_CHUNK = 64


class StagedBatches(Iterator[tuple[np.ndarray, int]]):
    """Endless batches of pairs, each of one source, as the stage of the step has them.

    Parameters
    ----------
    stages : sequence of Stage
        One behind the other.
    rows : mapping of str to ndarray of int64
        The pairs of each source.
    step : callable
        Tells the step.
    seed : int
        Of the orders.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        rows: Mapping[str, Int64[np.ndarray, " _"]],
        step: Callable[[], int],
        seed: int = 0,
    ) -> None:
        named = [list(stage.sources or rows) for stage in stages]
        self._rows = [[rows[name] for name in names] for names in named]
        self._samplers = [
            MixtureSampler(
                [MixtureSource(len(rows[name]), stage.sources.get(name)) for name in names],
                stage.batch_size,
                seed + number,
            )
            for number, (stage, names) in enumerate(zip(stages, named, strict=True))
        ]
        self._ends, self._step = np.cumsum([stage.steps for stage in stages]), step

    @property
    def stage(self) -> int:
        """Number of the stage, from 0."""
        return min(int(np.searchsorted(self._ends, self._step(), side="right")), len(self._samplers) - 1)

    def __next__(self) -> tuple[Int64[np.ndarray, " pairs"], int]:
        stage = self.stage
        batch = next(self._samplers[stage])
        return self._rows[stage][batch.source][batch.rows], stage

    def state_dict(self) -> dict[str, Any]:
        """Say where the batches stand.

        Returns
        -------
        dict
            JSON values.
        """
        return {"stages": [sampler.state_dict() for sampler in self._samplers]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where saved batches stood.

        Parameters
        ----------
        state : mapping
            What `state_dict` gave.
        """
        for sampler, saved in zip(self._samplers, state["stages"], strict=True):
            sampler.load_state_dict(saved)


class TextTask:
    """What the loop trains.

    Parameters
    ----------
    vectors : Vectors
        The embedder.
    train, held : PairRows
        Pairs to train on, and to validate on (none: no validation).
    sources : sequence of str
        Their names.
    recipe : TextRecipe
        How.
    stages : sequence of Stage
        One behind the other.
    snapshots : VectorSnapshots
        Where each validation leaves the vectors of its queries.
    step : callable
        Tells the step.
    """

    beside: nn.Module | None = None
    scheduler: LRScheduler | None
    batches: Batches

    def __init__(
        self,
        vectors: Vectors,
        pairs: tuple[PairRows, PairRows],
        sources: Sequence[str],
        recipe: TextRecipe,
        stages: Sequence[Stage],
        snapshots: VectorSnapshots,
        step: Callable[[], int],
    ) -> None:
        self.model: nn.Module = vectors
        self._train, self._held = pairs
        self._sources, self._recipe, self._stages = tuple(sources), recipe, tuple(stages)
        self._snapshots = snapshots
        nce = NceOptions(recipe.temperature, recipe.hardness)
        self._loss = PairLoss(PairLossOptions(nce, recipe.dims, recipe.masked, recipe.spread_out))
        rows = {name: np.flatnonzero(self._train.sources == place) for place, name in enumerate(sources)}
        self.batches = StagedBatches(stages, rows, step, recipe.seed)
        trained = [parameter for parameter in vectors.parameters() if parameter.requires_grad]
        largest = max(stage.rate for stage in stages)
        self.optimizer: torch.optim.Optimizer = torch.optim.AdamW(
            trained, lr=largest, weight_decay=recipe.weight_decay
        )
        rates = [(stage.steps, stage.rate) for stage in stages]
        self.scheduler = staged_cosine(self.optimizer, rates, recipe.warmup)

    def loss(self, batch: Any) -> LossTerms:
        """Compute the loss of a batch in one piece.

        Parameters
        ----------
        batch : tuple of (ndarray, int)
            Rows of pairs and the stage.

        Returns
        -------
        mapping of str to Tensor
            ``"loss"``, and ``"loss/<source>"``.
        """
        drawn, chunks = self._load(batch)
        return self._terms(self._of(drawn, torch.cat([self.model(chunk) for chunk in chunks])), batch)

    def backward(self, batch: Any, backward: Callable[[torch.Tensor], None]) -> Mapping[str, torch.Tensor]:
        """Compute a batch's loss and gradients; in chunks where it is larger than one.

        Parameters
        ----------
        batch : tuple of (ndarray, int)
            Rows of pairs and the stage.
        backward : callable
            In place of ``tensor.backward()``.

        Returns
        -------
        mapping of str to Tensor
            ``"loss"``, and ``"loss/<source>"``.
        """
        drawn, chunks = self._load(batch)
        if len(chunks) == 1:
            found = self._of(drawn, self.model(chunks[0]))
            backward(found)
            return self._terms(found, batch)
        step = cached_backward(
            self.model, chunks, lambda vectors: self._of(drawn, vectors), backward=backward
        )
        return self._terms(step.loss, batch)

    def _load(self, batch: Any) -> tuple[Drawn, list[dict[str, torch.Tensor]]]:
        rows, stage = batch
        drawn = self._train.draw(rows, self._stages[stage].negatives)
        device = next(self.model.parameters()).device
        return drawn, self._train.texts.chunks(drawn.texts, self._recipe.chunk, device)

    def _of(self, drawn: Drawn, vectors: Float[torch.Tensor, "texts dims"]) -> Float[torch.Tensor, ""]:
        def there(values: np.ndarray) -> torch.Tensor:
            return torch.from_numpy(values).to(vectors.device)

        batch = PairVectors(vectors[there(drawn.queries)], vectors[there(drawn.documents)])
        keys = PairKeys(there(drawn.query_keys), there(drawn.document_keys))
        if drawn.negatives.size:
            hard = vectors[there(drawn.negatives)]
            batch = replace(batch, negatives=hard, present=there(drawn.present))
            keys = replace(keys, negatives=there(drawn.negative_keys))
        total: torch.Tensor = self._loss(batch, keys)
        return total

    def _terms(self, loss: torch.Tensor, batch: Any) -> dict[str, torch.Tensor]:
        source = self._sources[int(self._train.sources[batch[0][0]])]
        return {"loss": loss, f"loss/{source}": loss.detach()}

    def validate(self) -> Mapping[str, float]:
        """Measure the embedder on the pairs that are held out.

        Returns
        -------
        mapping of str to float
            See `score_pairs`; empty where nothing is held out.
        """
        count = len(self._held)
        if not count:
            return {}
        drawn = self._held.draw(np.arange(count), 0)
        device = next(self.model.parameters()).device
        chunks = self._held.texts.chunks(drawn.texts, _VALIDATION_CHUNK, device)
        vectors: Float32[np.ndarray, "texts dims"] = np.concatenate(
            [self.model(chunk).float().cpu().numpy() for chunk in chunks]
        )
        queries, documents = vectors[drawn.queries], vectors[drawn.documents]
        # Kept in half precision: of length one nothing overflows.
        self._snapshots.write(unit_rows(queries))
        return score_pairs(queries, documents, self._held.held_out, self._sources)
