"""encode: items to a space, kept as it goes, so that nothing is computed twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
from jaxtyping import Float32, Int64

from embedscope._arrays import as_vectors
from embedscope._errors import InputError, StoreError, unknown_name
from embedscope._progress import ProgressBar, progress_bar
from embedscope.encoders.hosted_errors import HostedError
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder, Role
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.items.payloads import Modality, Payload
from embedscope.items.problems import OnError
from embedscope.items.warn import warn
from embedscope.spaces.cache_key import CacheKey
from embedscope.spaces.chunks import content_hashes, plan_chunks
from embedscope.spaces.sources import StoredVectors
from embedscope.spaces.space import Space
from embedscope.spaces.store import VectorStore, kept_so_far
from embedscope.spaces.vector_table import VectorTable

DEFAULT_ENCODERS: dict[Modality, str] = {"text": "minilm", "image": "timm:efficientnet_lite0"}

_SHOWN = 5
_CHUNK = 1024


class EncodeOptions(TypedDict, total=False):
    """How `encode` runs; nothing here changes a vector beyond rounding."""

    device: str | None
    batch_size: int | None
    chunk: int | None
    store: VectorStore | str | Path | None
    progress: bool
    on_error: OnError


def encode(
    items: Any,
    encoder: Any = None,
    *,
    role: Role | None = None,
    task: str | None = None,
    dims: int | None = None,
    **options: Unpack[EncodeOptions],
) -> Space:
    """Turn items into vectors, resumable and cached.

    Every chunk is kept in the store when it is done. Stop the call with Ctrl-C, lose the process: the same
    call goes on from the last chunk. Run it once more and it computes nothing.

    Parameters
    ----------
    items : Items, or whatever `embedscope.load_items` takes
        A list of texts, a data frame, a folder of images, a file, the name of a packaged data set.
    encoder : str or object, optional
        Whatever `embedscope.load_encoder` takes. By default ``"minilm"`` for texts and
        ``"timm:efficientnet_lite0"`` for images.
    role : {"query", "document"}, optional
        Which side of a retrieval the items are.
    task : str, optional
        A task for which the encoder has a prompt.
    dims : int, optional
        Keep the first numbers of each vector and normalise again.
    **options
        ``device`` ("cpu", "cuda:1", ...: the best there is); ``batch_size`` (chosen by device); ``chunk``
        (contents between two appends to the store: 1024, or one request of a hosted model); ``store``
        (a folder, an address on object storage such as ``"s3://bucket/vectors"``, or a `VectorStore`; a
        folder of the user's cache); ``progress`` (True); ``on_error`` ("skip", or "raise" or "mark": for what
        `load_items` cannot use).

    Returns
    -------
    Space
        Its vectors are read from the store when they are first needed. Items marked as problems are left
        out, with a warning.

    Raises
    ------
    InputError
        If the encoder does not take such items, or gives a vector that is not finite (the item is named).
    StoreError
        If the store cannot be read or written; what is kept is named.

    Notes
    -----
    A vector is kept by all that changes it (`EncoderRecord.fingerprint`, role, task, dims) and by the item's
    content: equal content is encoded once, a changed item encodes that item, a longer list encodes what is
    new.

    What is missing is cut into chunks in an order that depends on the set of missing contents alone, and a
    chunk is kept whole or not at all. A call that was killed and is repeated with the same contents, chunk
    and batch size therefore gives, on a CPU with the same number of threads, bit for bit what it would have
    given undisturbed; at most one chunk is computed twice. After the list itself has changed, what is new
    is encoded with other batch mates than in a run over the whole list, which may change the last bits of
    those vectors.

    Examples
    --------
    >>> space = encode(["a cat", "a kitten", "a bridge"], progress=False)
    >>> space.neighbors_of(0, k=1).items.payloads
    ('a kitten',)
    """
    settings = _Settings.of(options)
    chosen = items if isinstance(items, Items) else load_items(items, on_error=settings.on_error)
    usable = _usable(chosen)
    model = load_encoder(
        DEFAULT_ENCODERS[usable.modality] if encoder is None else encoder,
        device=settings.device,
        batch_size=settings.batch_size,
    )
    _check_modality(model, usable)
    store = settings.store if isinstance(settings.store, VectorStore) else VectorStore(settings.store)
    key = CacheKey(model.record, role, task, dims)
    table = store.table(key)
    source = StoredVectors(table, key.name, content_hashes(usable))
    _Run(usable, model, key, settings, table).compute(source.hashes)
    graph = store.graph_path(key.name, source.fingerprint)
    return Space(usable, source, model.record, "cosine", role, task, graph_path=graph, loaded=model)


@dataclass(frozen=True)
class _Settings:
    """The options of `encode` with their defaults."""

    device: str | None = None
    batch_size: int | None = None
    chunk: int | None = None
    store: VectorStore | str | Path | None = None
    progress: bool = True
    on_error: OnError = "skip"

    @classmethod
    def of(cls, options: EncodeOptions) -> _Settings:
        for name in options:
            if name not in cls.__dataclass_fields__:
                known = ["role", "task", "dims", *cls.__dataclass_fields__]
                raise unknown_name("option of encode", name, known)
        settings = cls(**options)
        if settings.chunk is not None and settings.chunk < 1:
            raise InputError(f"chunk={settings.chunk}: wanted 1 or more contents between two appends.")
        return settings


def _usable(items: Items) -> Items:
    usable = items.valid
    left_out = len(items) - len(usable)
    if not len(usable):
        raise InputError(
            f"There is nothing to encode: {len(items):,} items, none of them usable. See .problems."
        )
    if left_out:
        shown = "; ".join(str(problem) for problem in items.problems[:_SHOWN])
        more = "; ..." if left_out > _SHOWN else "."
        warn(f"{left_out:,} of {len(items):,} items are marked as problems and left out: {shown}{more}")
    return usable


def _check_modality(encoder: Encoder, items: Items) -> None:
    if items.modality in encoder.record.modalities:
        return
    takes = " and ".join(sorted(f"{modality}s" for modality in encoder.record.modalities))
    raise InputError(
        f"The encoder {encoder.record.name!r} takes {takes}, and these are {items.modality}s. "
        f"One for them is {DEFAULT_ENCODERS[items.modality]!r}; embedscope.encoders() lists all."
    )


@dataclass(frozen=True, eq=False)
class _Run:
    """One pass over what is missing."""

    items: Items
    encoder: Encoder
    key: CacheKey
    settings: _Settings
    table: VectorTable

    def compute(self, hashes: np.ndarray) -> None:
        distinct, rows = np.unique(hashes, return_index=True)
        missing = self.table.missing(distinct)
        hosted: int = getattr(self.encoder, "chunk", _CHUNK)
        size = self.settings.chunk or hosted
        chunks = plan_chunks(self.items, rows.astype(np.int64), missing, size)
        if not chunks:
            return
        # Refuses a task, a role or dims that the encoder does not have, before an item is blamed for it.
        self._encode([])
        kept = len(distinct) - int(missing.sum())
        with self._bar(int(missing.sum()), kept) as bar:
            for chunk in chunks:
                with _telling_what_is_kept(kept, len(distinct)):
                    self._compute_chunk(chunk, hashes[chunk], bar)
                kept += len(chunk)
        self.table.compact()

    def _compute_chunk(self, rows: Int64[np.ndarray, " rows"], hashes: np.ndarray, bar: ProgressBar) -> None:
        try:
            vectors = self._vectors(rows, bar)
        except (HostedError, InputError) as error:
            # A hosted model's vectors are paid for: those of a chunk that broke off are kept too.
            broken = error if isinstance(error, HostedError) else error.__cause__
            if isinstance(broken, HostedError) and len(broken.finished.places):
                self.table.append(hashes[broken.finished.places], broken.finished.vectors)
            raise
        self.table.append(hashes, vectors)

    def _bar(self, left: int, kept: int) -> ProgressBar:
        name = f"encode · {self.encoder.record.name}"
        bar = progress_bar(
            left, name, unit=self.items.modality, disable=None if self.settings.progress else True
        )
        if kept:
            bar.note(f"{kept:,} kept already")
        return bar

    def _vectors(
        self, rows: Int64[np.ndarray, " rows"], bar: ProgressBar
    ) -> Float32[np.ndarray, "rows dims"]:
        payloads = [payload for row in rows if (payload := self.items.payloads[row]) is not None]
        counted = _Counted(bar, len(rows))
        try:
            vectors = as_vectors(self._encode(payloads, counted), name="the encoder's vectors")
        except InputError as error:
            raise self._blame(rows, payloads, error) from error
        if vectors.shape != (len(rows), self.key.width):
            raise InputError(
                f"The encoder {self.encoder.record.name!r} gave vectors of shape {vectors.shape} "
                f"for {len(rows)} items; its record says {self.key.width} dims."
            )
        counted.finish()
        return vectors

    def _encode(
        self, payloads: list[Payload], counted: _Counted | None = None
    ) -> Float32[np.ndarray, "rows dims"]:
        key = self.key
        return self.encoder.encode(payloads, role=key.role, task=key.task, dims=key.dims, progress=counted)

    def _blame(
        self, rows: Int64[np.ndarray, " rows"], payloads: list[Payload], error: InputError
    ) -> InputError:
        """Find the item that an encoder refuses, by halves: two chunks of work at most, on the way out."""
        start, stop = 0, len(payloads)
        while stop - start > 1:
            middle = (start + stop) // 2
            start, stop = (start, middle) if self._refusal(payloads[start:middle]) else (middle, stop)
        cause = self._refusal(payloads[start:stop])
        if cause is None:
            return error
        return InputError(f"The item {self.items.ids[rows[start]]!r} cannot be encoded: {cause}")

    def _refusal(self, payloads: list[Payload]) -> InputError | None:
        try:
            as_vectors(self._encode(payloads), name="the encoder's vectors")
        except InputError as error:
            return error
        return None


@contextmanager
def _telling_what_is_kept(kept: int, total: int) -> Iterator[None]:
    """Say on the way out that the work was not in vain."""
    try:
        yield
    except StoreError as error:
        raise kept_so_far(error, kept, total) from error
    except (KeyboardInterrupt, InputError, HostedError) as error:
        error.add_note(f"Kept are {kept:,} of {total:,} vectors; the same call goes on from there.")
        raise


class _Counted:
    """Passes an encoder's progress on, and counts what it did not tell."""

    def __init__(self, bar: ProgressBar, total: int) -> None:
        self._bar = bar
        self._left = total

    def __call__(self, n: int) -> None:
        told = min(n, self._left)
        self._left -= told
        self._bar.update(told)

    def note(self, text: str) -> None:
        """Show a few words of the encoder's behind the bar."""
        self._bar.note(text)

    def finish(self) -> None:
        self(self._left)
