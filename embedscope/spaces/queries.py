"""A query of any kind made into a vector of the space."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32

from embedscope._arrays import as_vectors
from embedscope._errors import EmbedscopeError, InputError
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder, EncoderRecord, Role
from embedscope.items.items import Items
from embedscope.items.payloads import Image, Modality, Payload, modality_of

_SHOWN = 60


def reload_encoder(record: EncoderRecord | None) -> Encoder:
    """Load the encoder that made a space, and make sure that it is the same.

    Parameters
    ----------
    record : EncoderRecord or None
        What the space knows of it.

    Returns
    -------
    Encoder
        Ready to encode queries.

    Raises
    ------
    InputError
        If the space has no encoder, it cannot be loaded, or another one now has its name.
    """
    advice = "Search by a vector instead: space.search(encoder.encode([query])[0])."
    if record is None:
        raise InputError(
            f"This space was made from arrays and has no encoder for a text or an image. {advice}"
        )
    try:
        encoder = load_encoder(record.name)
    except (EmbedscopeError, OSError) as error:
        raise InputError(
            f"The encoder {record.name!r} of this space cannot be loaded again: {error} {advice}"
        ) from error
    changed = _changed(record, encoder.record)
    if changed:
        raise InputError(
            f"The encoder {record.name!r} is not the one that made this space any more: "
            f"{', '.join(changed)}. Encode the items again."
        )
    return encoder


def _changed(then: EncoderRecord, now: EncoderRecord) -> list[str]:
    """Name what differs; the dtype may: a space made on a GPU is searched from a CPU."""
    names = sorted(set(then.parameters) | set(now.parameters))
    pairs = {name: (then.parameters.get(name), now.parameters.get(name)) for name in names if name != "dtype"}
    pairs["dims"] = (then.dims, now.dims)
    return [f"{name} was {old!r} and is {new!r}" for name, (old, new) in pairs.items() if old != new]


def query_vector(
    query: Any,
    dims: int,
    load: Callable[[], Encoder],
    *,
    role: Role | None = None,
    task: str | None = None,
) -> Float32[np.ndarray, "1 dims"]:
    """Make a vector of a query.

    Parameters
    ----------
    query : str, Path, Image, PIL image or vector
        See `Space.search`.
    dims : int
        Of the space.
    load : callable
        Gives the space's encoder; called for a text or an image only.
    role : {"query", "document"}, optional
        What the items were encoded as.
    task : str, optional
        What the items were encoded for.

    Returns
    -------
    ndarray of float32, shape (1, dims)
        In the space.

    Raises
    ------
    InputError
        If it is no query, or the space's encoder does not take it.
    """
    if _is_vector(query):
        vector = as_vectors(np.asarray(_as_numbers(query))[None], name="the query")
        if vector.shape[1] != dims:
            raise InputError(f"The query has {vector.shape[1]:,} dims, the space {dims:,}.")
        return vector
    encoder = load()
    record = encoder.record
    payload = _as_payload(query, record.modalities)
    modality = modality_of(payload)
    if modality not in record.modalities:
        takes = " and ".join(sorted(record.modalities))
        raise InputError(f"The query is {_a(modality)}; the encoder {record.name!r} takes {takes}.")
    return encoder.encode(
        [payload], role=_other_side(role), task=task, dims=None if dims == record.dims else dims
    )


def _as_numbers(query: Any) -> Any:
    return query.detach().cpu().float().numpy() if hasattr(query, "detach") else query


def name_query(query: Any) -> str:
    """Say in a few words what was searched for.

    Parameters
    ----------
    query : str, Path, Image, PIL image or vector
        The query.

    Returns
    -------
    str
        One short line.

    Examples
    --------
    >>> name_query("a cat"), name_query([0.0, 1.0])
    ("'a cat'", 'a vector')
    """
    if isinstance(query, str):
        line = " ".join(query[: 20 * _SHOWN].split())
        return repr(line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…")
    if isinstance(query, Path):
        return query.name
    if isinstance(query, Image):
        return "an image" if query.path is None else query.path.name
    return "a vector" if _is_vector(query) else "an image"


def _is_vector(query: Any) -> bool:
    return isinstance(query, list | tuple | np.ndarray) or hasattr(query, "detach")


def _as_payload(query: Any, modalities: frozenset[Modality]) -> Payload:
    if isinstance(query, str) and "text" in modalities:
        return query
    if isinstance(query, str | Path):
        return _checked(Path(query))
    if isinstance(query, Image):
        return _checked(query)
    if hasattr(query, "save") and hasattr(query, "convert"):  # a PIL image, without importing PIL
        buffer = io.BytesIO()
        query.save(buffer, "PNG")
        return Image(data=buffer.getvalue())
    raise InputError(
        f"A query is a text, an image (path, PIL image, Image) or a vector; got {type(query).__name__}."
    )


def _checked(source: Path | Image) -> Image:
    given = source.path if isinstance(source, Image) else source
    content = source.data if isinstance(source, Image) and source.data is not None else given
    try:
        payload = Items.from_images([content], ids=["query"], on_error="raise").payloads[0]
    except InputError as error:
        raise InputError(
            f"The query {str(given) if given else 'image'!r} is no image that can be read: {error}"
        ) from error
    if not isinstance(payload, Image):
        raise InputError("The query is no image.")
    return payload


def _a(modality: Modality) -> str:
    return {"text": "a text", "image": "an image"}[modality]


def _other_side(role: Role | None) -> Role | None:
    """Documents are searched by queries; what was encoded without sides is searched without."""
    return "query" if role is not None else None
