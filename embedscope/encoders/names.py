"""An encoder's name: ``scheme:place?option=value``, so that a record's name loads the same encoder again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode


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


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
