"""From a student and its teaching to a saved net: what the jobs that train nets share.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int64

from embedscope.encoders.net_files import save_net
from embedscope.items.items import Items
from embedscope.training.desk import Desk
from embedscope.training.image_task import ImageTask
from embedscope.training.jobs import Outcome
from embedscope.training.loop import fit
from embedscope.training.recipe import Recipe
from embedscope.training.student import Student, make_student
from embedscope.training.teaching import Teaching
from embedscope.training.training_data import DOMAIN, LABEL, TrainingData
from embedscope.training.unreadable import keep_left_out, read_left_out
from embedscope.training.vector_snapshots import VectorSnapshots


def train_net(
    desk: Desk, student: Student, teaching: Teaching, recipe: Recipe, labels: Int64[np.ndarray, " items"]
) -> Outcome:
    """Train a net and leave it in the run's folder.

    Parameters
    ----------
    desk : Desk
        The run's.
    student : Student
        The net.
    teaching : Teaching
        What teaches it.
    recipe : Recipe
        How.
    labels : ndarray of int64, shape (items,)
        Classes of the items to train on, for balanced batches.

    Returns
    -------
    {"done", "stopped"}
        How it ended; a net is left either way, the best one where it is done.
    """
    data = student.data
    held = data.validation
    domains = np.zeros(0, dtype=np.int64) if held is None else data.domain_numbers(held)
    ids = () if held is None else held.ids
    snapshots = VectorSnapshots(
        desk.folder.snapshots, ids, domains, lambda: desk.step, is_writer=desk.is_first
    )
    task = ImageTask(student, teaching, recipe, snapshots, labels)
    desk.tell("data", describe(student, task.steps))
    fitted = fit(task, desk, recipe.fit_options(task.steps, validates=held is not None))
    if desk.is_first:
        save_net(student.net.cpu(), desk.folder.model)
    return fitted.outcome


def open_student(desk: Desk, backbone: str, recipe: Recipe) -> Student:
    """Build a run's net on the items in its folder; what cannot be read is settled the first time.

    Parameters
    ----------
    desk : Desk
        The run's.
    backbone : str
        See `make_student`.
    recipe : Recipe
        How.

    Returns
    -------
    Student
        On the same items at each resume.
    """
    folder = desk.folder.data
    whole, left_out = TrainingData.load(folder), read_left_out(folder)
    data = whole if left_out is None else whole.without(left_out)
    student = make_student(backbone, recipe, data, desk.note, is_settled=left_out is not None)
    if left_out is None and desk.is_first:
        keep_left_out(folder, whole, student.data)
    return student


def describe(student: Student, steps: int) -> dict[str, object]:
    """Say what is trained, for the run's view.

    Parameters
    ----------
    student : Student
        The net and its data.
    steps : int
        In all.

    Returns
    -------
    dict
        JSON values: names of the domains, their images and classes, the net's parameters.
    """
    data = student.data
    return {
        "domains": list(data.domains),
        "train": _sizes(data.train, data.domains),
        "validation": _sizes(data.validation, data.domains) if data.validation is not None else None,
        "trained_parameters": sum(p.numel() for p in student.model.parameters() if p.requires_grad),
        "parameters": sum(p.numel() for p in student.net.parameters()),
        "dims": student.net.dims,
        "steps": steps,
    }


def _sizes(items: Items, domains: tuple[str, ...]) -> list[dict[str, int]]:
    named = items.column(DOMAIN)
    labels = items.column(LABEL)
    return [
        {"images": int((named == name).sum()), "classes": len(set(labels[named == name]))} for name in domains
    ]


def class_numbers(items: Items, *columns: str) -> Int64[np.ndarray, " items"]:
    """Give each item the number of its class, from 0.

    Parameters
    ----------
    items : Items
        Any.
    *columns : str
        A class is what is equal in all of them.

    Returns
    -------
    ndarray of int64, shape (items,)
        In the order of the values.

    Examples
    --------
    >>> class_numbers(Items.from_texts(list("abc"), columns={"label": ["x", "y", "x"]}), "label").tolist()
    [0, 1, 0]
    """
    keys = list(zip(*(items.column(name).astype(str).tolist() for name in columns), strict=True))
    numbers = {key: number for number, key in enumerate(sorted(set(keys)))}
    return np.array([numbers[key] for key in keys], dtype=np.int64)
