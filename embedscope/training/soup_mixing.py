"""Means of models' parameters, and what they score.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from embedscope._errors import InputError
from embedscope._progress import progress_bar
from embedscope.encoders.llm_lora import merge_lora, save_llm
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.sentence_transformers import from_model
from embedscope.items.pairs import Pairs
from embedscope.training.checkpoint_files import checkpoint_path
from embedscope.training.finetune_job import FinetuneJob
from embedscope.training.jobs import from_config
from embedscope.training.pair_data import PairData
from embedscope.training.pair_rows import PairRows
from embedscope.training.pair_validation import score_pairs
from embedscope.training.run import Run
from embedscope.training.run_folder import read_json
from embedscope.training.state_files import read_state
from embedscope.training.text_student import Vectors
from embedscope.training.text_training import open_text_model


class Kitchen:
    """Scores ingredients and means of them.

    Parameters
    ----------
    ingredients : mapping of str to Path, or to (Run, int)
        A folder each, or a run's checkpoint by its step.
    validation : mapping of str to Pairs
        By source.
    measure : str
        Of `score_pairs`.
    """

    def __init__(self, ingredients: Mapping[str, Any], validation: Mapping[str, Pairs], measure: str) -> None:
        self._ingredients, self._measure = dict(ingredients), measure
        data = PairData.of(validation, {})
        self._sources, self._table = data.sources, data.train
        with progress_bar(len(self._ingredients), "Scoring ingredients", "model") as bar:
            self._alone: dict[str, float] = {}
            for name in self._ingredients:
                self._alone[name] = self._score(self._load(name))
                bar.update()

    def greedy(self) -> tuple[list[str], list[dict[str, object]], float]:
        """Take each ingredient with which the mean is better, the best one first.

        Returns
        -------
        taken : list of str
            Names.
        rows : list of dict
            What was tried.
        score : float
            Of the mean of what was taken.
        """
        first, *others = sorted(self._alone, key=lambda name: -self._alone[name])
        taken, best = [first], self._alone[first]
        rows: list[dict[str, object]] = [_row(first, best, None, True)]
        for name in others:
            mean = self._score(self._mean([*taken, name]))
            rows.append(_row(name, self._alone[name], mean, mean > best))
            if mean > best:
                taken, best = [*taken, name], mean
        return taken, rows, best

    def uniform(self) -> tuple[list[str], list[dict[str, object]], float]:
        """Take all ingredients, or the best one where their mean is no better.

        Returns
        -------
        taken : list of str
            Names.
        rows : list of dict
            What was tried.
        score : float
            Of what was taken.
        """
        names = list(self._alone)
        best = max(names, key=self._alone.__getitem__)
        mean = self._score(self._mean(names))
        is_better = mean > self._alone[best]
        rows = [_row(name, self._alone[name], mean, is_better or name == best) for name in names]
        return (names, rows, mean) if is_better else ([best], rows, self._alone[best])

    def serve(self, taken: Sequence[str], folder: Path) -> None:
        """Save the mean of ingredients.

        Parameters
        ----------
        taken : sequence of str
            Names; of a single one it is the model itself.
        folder : Path
            Made if it is not there.
        """
        save_llm(self._mean(taken), folder)

    def _load(self, name: str) -> SentenceTransformer:
        place = self._ingredients[name]
        if isinstance(place, Path):
            return SentenceTransformer(str(place), device="cpu", local_files_only=True)
        return _of_checkpoint(*place)

    def _mean(self, names: Sequence[str]) -> SentenceTransformer:
        total: dict[str, torch.Tensor] = {}
        for name in names:
            model = self._load(name)
            state = model.state_dict()
            _check_alike(name, state, total)
            for key, value in state.items():
                total[key] = value.double() if key not in total else total[key] + value.double()
        model.load_state_dict(
            {key: (value / len(names)).to(state[key].dtype) for key, value in total.items()}
        )
        return model

    def _score(self, model: SentenceTransformer) -> float:
        encoder = from_model(model, LoadOptions())
        prompts = [model.prompts.get(name, "") for name in self._sources]
        rows = PairRows(self._table, prompts, model)
        columns = self._table.to_pydict()
        queries = [
            prompts[source] + text for source, text in zip(columns["source"], columns["query"], strict=True)
        ]
        # What a query begins with is in its text already, and a document has none.
        given = [encoder.encode(texts, role=None) for texts in (queries, columns["document"])]
        return score_pairs(given[0], given[1], rows.held_out, self._sources)[self._measure]


def _of_checkpoint(run: Run, step: int) -> SentenceTransformer:
    job = from_config(read_json(run.folder.config))
    if not isinstance(job, FinetuneJob):
        raise InputError(f"The run in {run.folder.path} finetuned no text embedder.")
    vectors = Vectors(open_text_model(job.encoder, job.recipe, job.prompts))
    vectors.load_state_dict(read_state(checkpoint_path(run.folder.checkpoints, step))["model"])
    return merge_lora(vectors.inner)


def _check_alike(name: str, state: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor]) -> None:
    if not other:
        return
    odd = sorted(set(state) ^ set(other)) or [key for key in state if state[key].shape != other[key].shape]
    if odd:
        raise InputError(
            f"{name} is of another architecture than the first: {odd[0]} differs. There is no mean."
        )


def _row(name: str, alone: float, mean: float | None, taken: bool) -> dict[str, object]:
    return {"ingredient": name, "alone": alone, "mean": mean, "taken": taken}
