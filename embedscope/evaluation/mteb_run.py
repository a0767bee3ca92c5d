"""One task through mteb's own evaluator, with what it predicted."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from embedscope._errors import EmbedscopeError, FetchError
from embedscope.evaluation.mteb_model import MtebModel
from embedscope.evaluation.mteb_package import mteb_module
from embedscope.evaluation.task_part import TaskPart
from embedscope.evaluation.task_scores import TaskScore


def run_task(model: MtebModel, task: Any) -> TaskScore:
    """Run a task.

    Parameters
    ----------
    model : MtebModel
        The encoder.
    task : mteb.AbsTask
        Of mteb, or one of `mteb_tasks`.

    Returns
    -------
    TaskScore
        mteb's scores and predictions.

    Raises
    ------
    FetchError
        If the task's data cannot be loaded.
    InputError
        If the encoder refuses a text.

    Notes
    -----
    mteb keeps no results of its own and writes its predictions to a temporary folder, which is gone when
    the task is done. It sets the global seeds of Python, numpy and torch, as it always does. The task's own
    draws begin anew: several encoders asked with one task are compared on the same draws.
    """
    for part in (task, *getattr(task.metadata, "tasks", ())):
        part.rng_state.seed(part.seed)
        part.np_rng = np.random.default_rng(part.seed)
    load_task(task)
    draws = task.rng_state.getstate()
    with tempfile.TemporaryDirectory(prefix="embedscope-task-") as folder, _quiet():
        result = mteb_module().evaluate(
            model,
            task,
            cache=None,
            co2_tracker=False,
            encode_kwargs={"show_progress_bar": False},
            prediction_folder=Path(folder),
            show_progress_bar=False,
        )
        file = Path(folder) / task.prediction_file_name
        predictions = json.loads(file.read_bytes()) if file.is_file() else {}
    parts = tuple(
        TaskPart(
            task, split, scores["hf_subset"], scores, _of_part(predictions, split, scores["hf_subset"]), draws
        )
        for split, subsets in result.task_results[0].scores.items()
        for scores in subsets
    )
    return TaskScore(task.metadata.name, parts)


def load_task(task: Any) -> None:
    """Load a task's data, or say whose data is out of reach.

    Parameters
    ----------
    task : mteb.AbsTask
        Of mteb, or one of `mteb_tasks`.

    Raises
    ------
    FetchError
        If its data cannot be loaded.
    """
    for part in getattr(task.metadata, "tasks", [task]):
        try:
            with _quiet():
                part.load_data()
        except EmbedscopeError:
            raise
        except Exception as error:  # the hub's packages raise errors of many types
            offline = (
                " HF_HUB_OFFLINE is set." if os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0") else ""
            )
            raise FetchError(
                f"The data of mteb's task {part.metadata.name!r} could not be loaded from the hub "
                f"({part.metadata.dataset['path']}): {_first_line(error)}.{offline} Local tasks need no hub: "
                "embedscope.evaluation.tasks.local_tasks() lists them."
            ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _of_part(predictions: Mapping[str, Any], split: str, subset: str) -> Any:
    if "parallel" in predictions:
        return predictions["parallel"][split].get(subset)
    found = predictions.get(subset, {}).get(split)
    # Bitext of one pair of languages names its columns once more.
    return (
        found["sentence1-sentence2"] if isinstance(found, dict) and "sentence1-sentence2" in found else found
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave the bars of preparing data away, and a warning for each class that nothing was put into."""
    from sklearn.exceptions import UndefinedMetricWarning

    utils = mteb_module("datasets.utils")
    shown = not utils.are_progress_bars_disabled()
    utils.disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UndefinedMetricWarning)
            yield
    finally:
        if shown:
            utils.enable_progress_bars()
