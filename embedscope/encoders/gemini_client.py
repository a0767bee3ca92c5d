"""The google-genai client, one request at a time: vectors or a `Failure`, in which the key never is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float32

from embedscope._errors import MissingError
from embedscope._optional import require
from embedscope.encoders.checks import finish_vectors
from embedscope.encoders.hosted_failure import Failure, asked_wait, error_details

# In the order of Google's own client.
KEY_VARIABLES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")

_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_TIMEOUT_MS = 120_000
_SHOWN = 500


class GeminiClient:
    """A connection to the Gemini API.

    Parameters
    ----------
    model : str
        Name of the model in the API.

    Raises
    ------
    MissingError
        If neither GEMINI_API_KEY nor GOOGLE_API_KEY holds a key.
    DependencyError
        If google-genai is not installed.

    Notes
    -----
    The address can be another one by GOOGLE_GEMINI_BASE_URL, which the client reads. It is never part of a
    name: a name may come out of somebody else's saved space, and the key would go to that address.
    """

    def __init__(self, model: str) -> None:
        genai = require("google.genai", install="'embedscope[gemini]'", purpose="for hosted Gemini models")
        self._types: Any = require("google.genai.types", install="google-genai", purpose="for Gemini")
        self._model = model
        self._key = read_key()
        # The client itself makes one attempt: whoever counts calls must see each of them.
        self._client: Any = genai.Client(
            api_key=self._key, vertexai=False, http_options=self._types.HttpOptions(timeout=_TIMEOUT_MS)
        )

    def embed(
        self, contents: Sequence[str | tuple[bytes, str]], task_type: str | None, dims: int
    ) -> Float32[np.ndarray, "contents dims"] | Failure:
        """Make one request.

        Parameters
        ----------
        contents : sequence of str or (bytes, media type)
            Texts and images, at most 100.
        task_type : str, optional
            The field of that name.
        dims : int
            Length of a vector.

        Returns
        -------
        ndarray of float32, shape (contents, dims), or Failure
            Vectors of length 1, as many as contents.
        """
        config = self._types.EmbedContentConfig(output_dimensionality=dims, task_type=task_type)
        # Each in its own Content: several texts in one list become one vector with gemini-embedding-2.
        wrapped = [self._types.Content(parts=[self._part(content)]) for content in contents]
        try:
            answer = self._client.models.embed_content(model=self._model, contents=wrapped, config=config)
        except Exception as error:
            failure = read_error(error)
            if failure is None:
                raise
            # Given back and not raised: the client's error holds the request, and the request the key.
            return replace(failure, what=_one_line(failure.what.replace(self._key, "(the key)")))
        return _read_vectors(answer, len(wrapped), dims)

    def _part(self, content: str | tuple[bytes, str]) -> Any:
        if isinstance(content, str):
            return self._types.Part(text=content)
        data, media_type = content
        return self._types.Part(inline_data=self._types.Blob(data=data, mime_type=media_type))


def refuse_unsendable(texts: Sequence[str]) -> tuple[int, str] | None:
    r"""Find a text that no JSON can hold.

    Parameters
    ----------
    texts : sequence of str
        What shall be sent.

    Returns
    -------
    (int, str) or None
        Place and reason of the first one.

    Examples
    --------
    >>> refuse_unsendable(["fine", "half of a pair: \ud83d"])
    (1, 'it holds half of a surrogate pair (at 16), which is no text')
    """
    for place, text in enumerate(texts):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return place, f"it holds half of a surrogate pair (at {error.start}), which is no text"
    return None


def read_error(error: Exception) -> Failure | None:
    """Say what an error of the client means for the request.

    Parameters
    ----------
    error : Exception
        What it raised.

    Returns
    -------
    Failure or None
        None where it says nothing about the request.

    Examples
    --------
    >>> read_error(ConnectionResetError("reset by peer"))
    Failure(what='ConnectionResetError: reset by peer', kind='later', wait=None)
    """
    # By name: the client works with either of two HTTP packages, and the types come from the one it chose.
    kinds = {parent.__name__ for parent in type(error).__mro__}
    said = f"{type(error).__name__}: {error}"
    if "APIError" in kinds:
        return _read_answer(error)
    if kinds & {"UnsupportedProtocol", "InvalidURL"}:
        return Failure(f"the address in GOOGLE_GEMINI_BASE_URL cannot be used ({said})", "never")
    if "RequestError" in kinds or isinstance(error, OSError):
        return Failure(said, "later")
    return Failure(f"the answer cannot be read ({said})", "answer") if isinstance(error, ValueError) else None


def _read_answer(error: Any) -> Failure:
    message = str(error.message or "")
    # Without the full stop: the sentence goes on.
    said = f"{error.code} {error.status or ''}: {message or error.details}".rstrip(". ")
    if error.code in _AGAIN:
        headers = dict(getattr(error.response, "headers", None) or {})
        return Failure(said, "later", asked_wait(error.details, message, headers))
    if error.code in (401, 403) or _is_about_the_key(error.details, message):
        return Failure(f"{said} (is the key in {' or '.join(KEY_VARIABLES)} the right one?)", "never")
    about_an_item = error.code == 413 or (error.code == 400 and error.status in ("INVALID_ARGUMENT", None))
    return Failure(said, "item" if about_an_item else "never")


def _is_about_the_key(details: Any, message: str) -> bool:
    reasons = [str(entry.get("reason", "")) for entry in error_details(details)]
    return any(reason.startswith("API_KEY") for reason in reasons) or "api key" in message.lower()


def _read_vectors(answer: Any, wanted: int, dims: int) -> Float32[np.ndarray, "contents dims"] | Failure:
    rows = [embedding.values or [] for embedding in answer.embeddings or []]
    if len(rows) != wanted:
        return Failure(f"{wanted} items went out and {len(rows)} vectors came back", "answer")
    widths = sorted({len(row) for row in rows})
    if widths != [dims]:
        found = ", ".join(map(str, widths))
        return Failure(f"vectors of {dims} dims were asked for, and {found} dims came back", "answer")
    with np.errstate(over="ignore"):  # becomes infinity, which is told below
        vectors = np.array(rows, np.float32)
    if not np.isfinite(vectors).all():
        return Failure("a vector with NaN or infinity came back", "answer")
    return finish_vectors(vectors, normalise=True)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def read_key() -> str:
    """Read the key for the Gemini API from the environment.

    Returns
    -------
    str
        Of GOOGLE_API_KEY, else of GEMINI_API_KEY.

    Raises
    ------
    MissingError
        If neither holds one, or what it holds cannot be one.
    """
    name = next((name for name in KEY_VARIABLES if os.environ.get(name, "").strip()), None)
    if name is None:
        raise MissingError(
            "There is no key for the Gemini API: set GEMINI_API_KEY (or GOOGLE_API_KEY) to it."
        )
    key = os.environ[name].strip()
    # An HTTP package would quote such a key in its own error.
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise MissingError(
            f"{name} holds {len(key)} characters with some among them that no key has: set it anew."
        )
    return key
