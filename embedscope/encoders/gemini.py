"""Google's hosted Gemini embedding models, through the google-genai client.

Nothing of Google's is imported and no key is read before the first call: what is in the store needs neither.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float32

from embedscope._errors import InputError, unknown_name
from embedscope.encoders.checks import check_images, check_texts
from embedscope.encoders.gemini_client import GeminiClient, refuse_unsendable
from embedscope.encoders.gemini_images import image_bytes
from embedscope.encoders.gemini_models import (
    LARGEST_DIMS,
    LICENCE,
    MODELS,
    SMALLEST_DIMS,
    TASKS,
    GeminiModel,
)
from embedscope.encoders.hosted_errors import RefusedError
from embedscope.encoders.hosted_failure import Failure
from embedscope.encoders.hosted_memory import Memory
from embedscope.encoders.hosted_pace import Clock, Pace
from embedscope.encoders.hosted_sending import Sending
from embedscope.encoders.names import join_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.protocol import EncoderRecord, Progress, Role
from embedscope.items.payloads import Image, Payload

_MOST_A_CALL = 100
# The API takes so many images a request.
_IMAGES_A_CALL = 6


class GeminiEncoder:
    """A hosted Gemini model as an encoder: every vector costs, so none is asked for twice.

    Parameters
    ----------
    model : GeminiModel
        One of `MODELS`.
    dims : int
        Length of a vector, 128 to 3072.
    batch_size : int, optional
        Most texts a request; 100 at most.
    pace : Pace
        Limit of requests a minute.
    attempts : int
        Most requests for the same items.

    Raises
    ------
    InputError
        If an option is out of range.
    """

    def __init__(
        self, model: GeminiModel, *, dims: int, batch_size: int | None, pace: Pace, attempts: int
    ) -> None:
        self._model = model
        self._batch_size = min(batch_size or _MOST_A_CALL, _MOST_A_CALL)
        self._pace = pace
        self._attempts = attempts
        self._memory = Memory()
        self._client: GeminiClient | None = None
        self._lock = threading.Lock()
        self._record = EncoderRecord(
            name=join_name(f"gemini:{model.name}", {"dims": None if dims == LARGEST_DIMS else dims}),
            modalities=model.modalities,
            dims=check_dims(dims, model.name, LARGEST_DIMS),
            parameters={
                "kind": "gemini",
                "model": model.name,
                "prompts": dict(model.prompts),
                "normalised": True,
            },
            licence=LICENCE,
            matryoshka=True,
        )

    def __repr__(self) -> str:
        return f"GeminiEncoder({self.record.name!r}, {self._pace})"

    @property
    def record(self) -> EncoderRecord:
        """What makes this encoder's vectors what they are."""
        return self._record

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks that the models know."""
        return TASKS

    @property
    def calls(self) -> int:
        """Requests made so far, those that failed too."""
        return self._pace.calls

    @property
    def chunk(self) -> int:
        """Items of one request: kept in the store so many at a time, nothing that is finished is lost."""
        return self._batch_size

    def encode(
        self,
        payloads: Sequence[Payload],
        *,
        role: Role | None = None,
        task: str | None = None,
        dims: int | None = None,
        progress: Progress | None = None,
    ) -> Float32[np.ndarray, "items dims"]:
        """Have texts (or images, with gemini-embedding-2) encoded, in the order given.

        Parameters
        ----------
        payloads : sequence of str or Image
            All of one modality. Each is one content of a request of at most 100 texts or 6 images.
        role : {"query", "document"}, optional
            Side of a retrieval; images have none.
        task : str, optional
            One of `tasks`; the API's own names in capitals will do. With ``role="document"`` the documents of
            a question task are those of any retrieval.
        dims : int, optional
            Ask for vectors of this length, 128 or more, normalised.
        progress : callable, optional
            Called with the number of payloads finished since the last call; if it has a method ``note``, that
            is told the number of requests, their limit, and waits.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Of length 1.

        Raises
        ------
        InputError
            If a payload or ``dims`` does not fit; `RefusedError` if the server refuses an item.
        HostedError
            If the server gives no vectors after all attempts. Its ``finished`` holds what was done, and the
            encoder remembers it: the same call goes on from there.
        MissingError
            If there is no key, or no such task.
        DependencyError
            If google-genai is not installed.
        """
        width = self.record.dims if dims is None else check_dims(dims, self._model.name, self.record.dims)
        wording = self._model.wording(role, task)
        as_images = bool(payloads) and isinstance(payloads[0], Image) and "image" in self.record.modalities
        content = self._images(payloads, task) if as_images else self._texts(payloads, wording.prefix)
        client = self._open()
        form = json.dumps([self._model.name, width, wording.task_type, "" if as_images else wording.prefix])

        def send(places: list[int]) -> Float32[np.ndarray, "batch dims"] | Failure:
            return client.embed([content(place) for place in places], wording.task_type, width)

        sending = Sending(
            name=self.record.name,
            send=send,
            pace=self._pace,
            attempts=self._attempts,
            vectors=np.empty((len(payloads), width), np.float32),
            done=np.zeros(len(payloads), bool),
            limit=f"It takes up to {self._model.max_tokens:,} tokens an item.",
            progress=progress,
        )
        self._run(sending, payloads, form, _IMAGES_A_CALL if as_images else self._batch_size)
        return sending.vectors

    def _run(self, sending: Sending, payloads: Sequence[Payload], form: str, size: int) -> None:
        sending.take(self._memory.recall(payloads, form))
        now = self._pace.clock.now()
        for place, why in self._memory.refusals(payloads, form, now).items():
            raise sending.refused(place, why)
        try:
            sending.run(_cut(np.flatnonzero(~sending.done).tolist(), size))
        except BaseException as error:
            self._memory.keep(payloads, form, sending.finished)
            if isinstance(error, RefusedError):
                self._memory.refuse(payloads[error.place], form, error.why, self._pace.clock.now())
            raise
        self._memory.trim()

    def _texts(self, payloads: Sequence[Payload], prefix: str) -> Callable[[int], str]:
        texts = check_texts(payloads, self.record.name)
        unsendable = refuse_unsendable(texts)
        if unsendable is not None:
            raise InputError("Item {} cannot be sent: {}.".format(*unsendable))
        return lambda place: prefix + texts[place]

    def _images(self, payloads: Sequence[Payload], task: str | None) -> Callable[[int], tuple[bytes, str]]:
        images = check_images(payloads, self.record.name)
        if task is not None:
            raise InputError(f"task={task!r} came with images; {self._model.name} has tasks for texts only.")
        return lambda place: image_bytes(images[place], place)

    def _open(self) -> GeminiClient:
        with self._lock:
            if self._client is None:
                self._client = GeminiClient(self._model.name)
            return self._client


def check_dims(dims: int, model: str, largest: int) -> int:
    """Refuse a length that the models do not give.

    Parameters
    ----------
    dims : int
        What was asked for.
    model : str
        Name of the model, for the message.
    largest : int
        Longest vector that can be had.

    Returns
    -------
    int
        The same.

    Raises
    ------
    InputError
        If it is out of range; the range is named.

    Examples
    --------
    >>> check_dims(768, "gemini-embedding-001", 3072)
    768
    """
    if not SMALLEST_DIMS <= dims <= largest:
        raise InputError(
            f"dims={dims} came; {model} gives vectors of {SMALLEST_DIMS} to {largest} dims "
            "(768, 1536 and 3072 are advised)."
        )
    return dims


def load(place: str, options: LoadOptions) -> GeminiEncoder:
    """Make an encoder of a hosted model's name; nothing is sent.

    Parameters
    ----------
    place : str
        ``"gemini-embedding-001"`` or ``"gemini-embedding-2"``.
    options : LoadOptions
        ``batch_size`` is heeded, and ``dims`` (3072), ``per_minute`` (300 requests; None: no limit),
        ``attempts`` (6 for the same items) and ``clock`` (a `Clock`). A device or precision makes no
        difference.

    Returns
    -------
    GeminiEncoder
        Ready to encode.

    Raises
    ------
    MissingError
        If there is no such model.
    InputError
        If an option does not fit.
    """
    if place not in MODELS:
        raise unknown_name("hosted Gemini model", place, MODELS)
    name = f"gemini:{place}"
    if options.path is not None or options.revision is not None:
        raise InputError(f"{name!r} runs at Google's: it has no path and no revision.")
    asked = options.extras(name, dims=LARGEST_DIMS, per_minute=300, attempts=6, clock=Clock())
    if not isinstance(asked["clock"], Clock):
        raise InputError(f"clock= of {name!r} takes a Clock of embedscope.encoders.hosted_pace.")
    numbers = {key: _whole(key, asked[key]) for key in ("dims", "attempts")}
    if numbers["attempts"] < 1:
        raise InputError(f"attempts={numbers['attempts']} came; wanted 1 or more.")
    limit = None if asked["per_minute"] is None else _whole("per_minute", asked["per_minute"])
    pace = Pace(limit, asked["clock"])
    return GeminiEncoder(MODELS[place], batch_size=options.batch_size, pace=pace, **numbers)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{name}={value!r} came; wanted a whole number.")
    return value


def _cut(places: list[int], size: int) -> Iterator[list[int]]:
    return (places[start : start + size] for start in range(0, len(places), size))
