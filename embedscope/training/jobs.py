"""Jobs by name: what a worker does, as a frozen dataclass that travels as JSON."""

from __future__ import annotations

import dataclasses
import importlib
import json
from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, cast, runtime_checkable

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope.training.desk import Desk
from embedscope.training.from_json import from_json

Outcome: TypeAlias = Literal["done", "stopped"]


@runtime_checkable
class Job(Protocol):
    """What a worker can be given: a frozen dataclass of JSON values that is registered by name."""

    def run(self, desk: Desk) -> Outcome:
        """Do the work, from the folder's last checkpoint on where there is one.

        Parameters
        ----------
        desk : Desk
            The run's folder, events and control.

        Returns
        -------
        {"done", "stopped"}
            How it ended.
        """
        ...


_JobT = TypeVar("_JobT", bound=type)
_JOBS: dict[str, type] = {}


def register(name: str) -> Callable[[_JobT], _JobT]:
    """Give a class of jobs its name; the class must live in a module that a worker can import.

    Parameters
    ----------
    name : str
        As it stands in ``config.json``.

    Returns
    -------
    callable
        A decorator that leaves the class as it is.

    Raises
    ------
    InputError
        If the class is no dataclass, or another one has the name.
    """

    def keep(kind: _JobT) -> _JobT:
        if not dataclasses.is_dataclass(kind):
            raise InputError(f"A job must be a dataclass; {kind.__name__} is none.")
        old = _JOBS.get(name, kind)
        # The same class again is a module that was reloaded.
        if _place(old) != _place(kind):
            raise InputError(f"The job {name!r} is {_place(old)} already; {_place(kind)} needs another name.")
        _JOBS[name] = kind
        return kind

    return keep


def _place(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def to_config(job: Job) -> dict[str, Any]:
    """Write a job as JSON values.

    Parameters
    ----------
    job : Job
        Of a registered class.

    Returns
    -------
    dict
        The job's name, its module and its options.

    Raises
    ------
    InputError
        If its class is not registered, lives where no worker finds it, or an option is no JSON value.
    """
    kind = type(job)
    names = [name for name, known in _JOBS.items() if known is kind]
    if not names:
        raise InputError(f"{kind.__name__} is no registered job; decorate it with @register('its name').")
    if kind.__module__ == "__main__":
        raise InputError(f"{kind.__name__} lives in this notebook or script: move it to a module to import.")
    return {"job": names[0], "module": kind.__module__, "options": _options(job)}


def _options(job: Job) -> dict[str, Any]:
    options = dataclasses.asdict(cast("Any", job))
    for name, value in options.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InputError(f"The option {name} = {value!r} cannot be kept as JSON: {error}.") from error
    return cast("dict[str, Any]", json.loads(json.dumps(options)))


def from_config(config: dict[str, Any]) -> Job:
    """Make the job that a ``config.json`` describes.

    Parameters
    ----------
    config : dict
        What `to_config` gave.

    Returns
    -------
    Job
        Equal to the one that was written.

    Raises
    ------
    MissingError
        If its module or its name is not there.
    InputError
        If the options are not those of the job.
    """
    module, name = str(config.get("module")), str(config.get("job"))
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        raise MissingError(f"The job {name!r} lives in the module {module!r}, which is not there.") from error
    if name not in _JOBS:
        raise unknown_name("job", name, _JOBS)
    return cast("Job", from_json(_JOBS[name], config.get("options", {})))
