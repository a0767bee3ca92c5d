"""Tasks by name: mteb's evaluators over the packaged data, and mteb's own tasks where a hub is.

mteb is imported when the first task is made, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from embedscope._errors import InputError, unknown_name
from embedscope._progress import progress_bar
from embedscope._table import Table
from embedscope.evaluation.mteb_model import as_mteb
from embedscope.evaluation.mteb_package import mteb_module
from embedscope.evaluation.mteb_run import run_task
from embedscope.evaluation.task_local import BUILDERS, LOCAL
from embedscope.evaluation.task_scores import TaskScores

SIZE = 1000
ALL = "all"


def local_tasks() -> Table:
    """List the tasks that need no hub.

    Returns
    -------
    Table
        One row a task: name, type, data set, main measure, what is asked. Nothing is fetched.

    Examples
    --------
    >>> "docstrings" in local_tasks().column("task")
    True
    """
    rows = [(name, one.kind, one.data, one.measure, one.about) for name, one in LOCAL.items()]
    return Table(("task", "type", "data", "measure", "asks"), rows)


def make_task(name: str, *, size: int | None = SIZE, seed: int = 0) -> Any:
    """Make a local task.

    Parameters
    ----------
    name : str
        One of `local_tasks`.
    size : int, optional
        Most items, pairs or queries; None: all there are.
    seed : int
        For the draws.

    Returns
    -------
    mteb.AbsTask
        With its data in memory; ``mteb.evaluate`` runs it as well.

    Raises
    ------
    MissingError
        If there is no such task.
    InputError
        If ``size`` is less than 2.
    FetchError
        If the data's package cannot be fetched.
    """
    if name not in LOCAL:
        raise unknown_name("local task", name, LOCAL)
    if size is not None and size < 2:
        raise InputError(f"size={size}: a task needs 2 items or more; None takes all.")
    one = LOCAL[name]
    return BUILDERS[one.kind](name, **one.read(size, seed))


def evaluate_tasks(
    encoder: Any,
    tasks: Any = ALL,
    *,
    size: int | None = SIZE,
    seed: int = 0,
    progress: bool = True,
    **options: Any,
) -> TaskScores:
    """Run an encoder through tasks; `embedscope.evaluate` with ``tasks=`` comes here.

    Parameters
    ----------
    encoder : str or Encoder
        Whatever `embedscope.load_encoder` takes.
    tasks : str, mteb task, or sequence of them
        Names of `local_tasks`; a type ("classification", "bitext", ...) for all local tasks of it; "all" for
        all local tasks; the name of one of mteb's own tasks; a task made by `mteb_tasks` or by mteb.
    size : int, optional
        Most items, pairs or queries of a local task; None: all there are.
    seed : int
        For the draws of local tasks.
    progress : bool
        Show how far it is.
    **options
        Of `embedscope.encode`: ``device``, ``batch_size``, ``dims``, ``store``, ``chunk``.

    Returns
    -------
    TaskScores
        One result a task.

    Raises
    ------
    MissingError
        If there is no such task; the local ones are listed, and mteb's nearest.
    FetchError
        If a task's data cannot be loaded; the task is named.
    InputError
        If the encoder takes no texts, or an option is none.

    Notes
    -----
    With MiniLM on two idle cores all local tasks of the default size take some minutes, those of
    ``size=50`` some seconds, mteb's import apart. Vectors are kept in the store: a second run is quick.
    """
    known = ("device", "batch_size", "dims", "store", "chunk")
    for name in options:
        if name not in known:
            raise unknown_name("option of evaluate with tasks", name, (*known, "size", "seed", "progress"))
    makers = _resolve(tasks, size, seed)
    model = as_mteb(encoder, progress=progress, **options)
    results = []
    title = f"tasks · {model.encoder.record.name}"
    with progress_bar(len(makers), title, unit="task", disable=None if progress else True) as bar:
        for name, make in makers.items():
            bar.note(name)
            results.append(run_task(model, make()))
            bar.update()
    return TaskScores(model.encoder.record.name, tuple(results))


def _resolve(tasks: Any, size: int | None, seed: int) -> dict[str, Callable[[], Any]]:
    """Give what makes each task, by name and once; a name that there is not is told before anything runs."""
    listed = [tasks] if isinstance(tasks, str) or not isinstance(tasks, Iterable) else list(tasks)
    makers: dict[str, Callable[[], Any]] = {}
    for one in listed:
        names = _local_names(one) if isinstance(one, str) else []
        for name in names:
            makers[name] = partial(make_task, name, size=size, seed=seed)
        if not names:
            task = _named_by_mteb(one) if isinstance(one, str) else _checked(one)
            makers[task.metadata.name] = partial(_as_it_is, task)
    if not makers:
        raise InputError("No task came: tasks=['docstrings', 'simlex'], or tasks='all'.")
    return makers


def _local_names(name: str) -> list[str]:
    if name in LOCAL:
        return [name]
    return [local for local, one in LOCAL.items() if name in (ALL, one.kind)]


def _named_by_mteb(name: str) -> Any:
    try:
        return mteb_module().get_task(name)
    except KeyError as error:
        hint = f"Or one of mteb's: {error.args[0]}"
        raise unknown_name("task", name, (*LOCAL, *BUILDERS, ALL), hint) from error


def _checked(task: Any) -> Any:
    if not isinstance(task, mteb_module("mteb.abstasks.abstask").AbsTask):
        raise InputError(f"A task is a name or one of mteb's tasks; got {type(task).__name__}.")
    return task


def _as_it_is(task: Any) -> Any:
    return task
