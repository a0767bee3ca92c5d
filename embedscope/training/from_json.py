"""JSON values to the frozen dataclasses that they were."""

from __future__ import annotations

import dataclasses
import types
from typing import Any, Union, get_args, get_origin, get_type_hints

from embedscope._errors import InputError


def from_json(kind: Any, value: Any) -> Any:
    """Make a value of a type from what JSON kept of it.

    Parameters
    ----------
    kind : type
        A dataclass, or the annotation of one of its fields.
    value : object
        JSON values, as `dataclasses.asdict` gives them.

    Returns
    -------
    object
        Dataclasses for objects and tuples for lists, where the annotations say so; else the value itself.

    Raises
    ------
    InputError
        If a dataclass has no field of a name that came, or lacks one that it needs.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Size:
    ...     shape: tuple[int, ...]
    >>> from_json(Size, {"shape": [2, 3]})
    Size(shape=(2, 3))
    """
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
        return _dataclass(kind, value)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _first_that_fits(inner, value)
    if (kind is tuple or origin is tuple) and isinstance(value, list):
        return tuple(map(from_json, _entry_kinds(inner, len(value)), value))
    if origin is list and isinstance(value, list):
        return [from_json(inner[0], entry) for entry in value]
    if origin is dict and isinstance(value, dict):
        return {key: from_json(inner[1], entry) for key, entry in value.items()}
    return value


def _dataclass(kind: type, value: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    unknown = sorted(value.keys() - set(names))
    if unknown:
        raise InputError(f"{kind.__name__} has no {', '.join(unknown)}; it has {', '.join(names)}.")
    try:
        return kind(**{name: from_json(hints[name], entry) for name, entry in value.items()})
    except TypeError as error:
        raise InputError(
            f"{kind.__name__} cannot be made of {', '.join(value) or 'nothing'}: {error}"
        ) from error


def _first_that_fits(kinds: tuple[Any, ...], value: Any) -> Any:
    for kind in kinds:
        made = from_json(kind, value)
        if made is not value:
            return made
    return value


def _entry_kinds(inner: tuple[Any, ...], count: int) -> list[Any]:
    if len(inner) == 2 and inner[1] is ...:
        return [inner[0]] * count
    return list(inner) if len(inner) == count else [Any] * count
