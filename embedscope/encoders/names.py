"""An encoder's name: ``scheme:place?option=value``, so that a record's name loads the same encoder again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

_SHOWN_PARTS = 2


def split_name(name: str) -> tuple[str, str, dict[str, Any]]:
    """Take a name apart.

    Parameters
    ----------
    name : str
        For example ``"transformers:owner/name?pooling=cls"``.

    Returns
    -------
    scheme : str
        What stands before the first colon, or nothing.
    place : str
        What the scheme looks for.
    options : dict
        JSON values where they are JSON, else text.

    Examples
    --------
    >>> split_name("transformers:some/model?pooling=cls&max_length=64")
    ('transformers', 'some/model', {'pooling': 'cls', 'max_length': 64})
    >>> split_name("minilm")
    ('', 'minilm', {})
    """
    head, _, query = name.partition("?")
    scheme, colon, place = head.partition(":")
    options = {key: _read(value) for key, value in parse_qsl(query, keep_blank_values=True)}
    return (scheme, place, options) if colon else ("", scheme, options)


def join_name(base: str, options: Mapping[str, Any]) -> str:
    """Put a name together; options that are None are left out.

    Parameters
    ----------
    base : str
        For example ``"transformers:owner/name"``.
    options : mapping
        JSON values.

    Returns
    -------
    str
        What `split_name` takes apart again.

    Examples
    --------
    >>> join_name("transformers:some/model", {"pooling": "cls", "max_length": None})
    'transformers:some/model?pooling=cls'
    """
    given = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in options.items()
        if value is not None
    }
    return f"{base}?{urlencode(given, safe='/:')}" if given else base


def shown_name(name: str) -> str:
    """Shorten a name for a line that people read: of a path on the disk its last two parts.

    Parameters
    ----------
    name : str
        Of an encoder, from its record.

    Returns
    -------
    str
        Any other name as it is.

    Examples
    --------
    >>> shown_name("sentence-transformers:/home/ada/runs/finetune-1/model")
    'sentence-transformers:…/finetune-1/model'
    >>> shown_name("llm:smollm2?layers=4")
    'llm:smollm2?layers=4'
    """
    scheme, mark, place = name.partition(":")
    path = Path(place)
    if not mark or not path.is_absolute() or len(path.parts) <= _SHOWN_PARTS + 1:
        return name
    return f"{scheme}:…/{'/'.join(path.parts[-_SHOWN_PARTS:])}"


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
