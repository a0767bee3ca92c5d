"""What the workbench says: the Python that does the same, what went wrong, how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from embedscope._errors import EmbedscopeError, FetchError, InputError, MissingError
from embedscope.encoders.packaged import PACKAGED
from embedscope.items.payloads import Modality
from embedscope.spaces.encode import DEFAULT_ENCODERS
from embedscope.spaces.space import Space
from embedscope.views.variables import count
from embedscope.views.workbench_choices import VARIABLE

_A_MINUTE = 60


@dataclass(frozen=True)
class Order:
    """What is to be done.

    Parameters
    ----------
    data : str
        A packaged data set, a folder, a file, ``"hf:owner/name"``, or ``"variable:<name>"``.
    encoder : str
        A name for `embedscope.load_encoder`; empty: the vectors that the data has.
    device : str, optional
        Where it computes; the best one where nothing is said.
    sample : int, optional
        Take so many at random.
    has_vectors : bool
        Whether the data is a space.
    student : str
        A second encoder, to compare with the first; empty: none.
    """

    data: str
    encoder: str = ""
    device: str | None = None
    sample: int | None = None
    has_vectors: bool = False
    student: str = ""

    @property
    def title(self) -> str:
        """The data as a person calls it."""
        return self.data.removeprefix(VARIABLE)

    @property
    def line(self) -> str:
        """The Python that does the same.

        Examples
        --------
        >>> Order("emoji", "timm:efficientnet_lite0", sample=500).line
        'es.explore(es.encode(es.load_items("emoji", sample=500), "timm:efficientnet_lite0"))'
        """
        shown = self._encoded(self.encoder) if self.encoder else self._own_vectors()
        if self.student:
            shown = f"es.compare({shown}, {self._encoded(self.student)})"
        return f"es.explore({shown})"

    def _encoded(self, encoder: str) -> str:
        device = f", device={_quoted(self.device)}" if self.device else ""
        return f"es.encode({self._items()}, {_quoted(encoder)}{device})"

    def _items(self) -> str:
        source = self.title if self.data.startswith(VARIABLE) else _quoted(self.data)
        if self.has_vectors:
            source += ".items"
        if self.student and not self.sample:
            return source  # the line is long enough, and `encode` loads it just so
        sample = f", sample={self.sample}" if self.sample else ""
        return f"es.load_items({source}{sample})"

    def _own_vectors(self) -> str:
        drawn = f".subset({self.title}.items.sample({self.sample}).ids)" if self.sample else ""
        return self.title + drawn

    def summary(self, space: Space, seconds: float | int) -> str:
        """Say what was done.

        Parameters
        ----------
        space : Space
            What was encoded, the teacher's where there are two.
        seconds : float
            How long it took.

        Returns
        -------
        str
            For example ``"20 texts of notes by minilm, in 3 s"``.

        Examples
        --------
        >>> order = Order("notes", "minilm", student="wordllama")
        >>> order.summary(Space.from_arrays([[0, 1], [1, 0]]), 3.0)
        '2 texts of notes by minilm (teacher) and wordllama (student), in 3 s'
        """
        what = f"{count(len(space), space.items.modality)} of {self.title}"
        if self.student:
            how = f" by {self.encoder or 'its own vectors'} (teacher) and {self.student} (student)"
        else:
            how = f" by {self.encoder}" if self.encoder else ""
        return f"{what}{how}, in {duration(seconds)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def check_fits(encoder: str, modality: Modality | None, title: str) -> None:
    """Refuse a packaged encoder that cannot read the data, before any work is done.

    Parameters
    ----------
    encoder : str
        Its name; of one that is not packaged nothing is known yet.
    modality : {"text", "image"} or None
        Of the data, where it is known.
    title : str
        The data, for the words.

    Raises
    ------
    InputError
        If it does not fit.

    Examples
    --------
    >>> check_fits("minilm", "text", "newsgroups")
    """
    if modality is None or encoder not in PACKAGED or modality in PACKAGED[encoder].modalities:
        return
    takes = " and ".join(sorted(f"{one}s" for one in PACKAGED[encoder].modalities))
    raise InputError(
        f"The encoder {encoder!r} takes {takes}, and {title!r} holds {modality}s. "
        f"One for them is {DEFAULT_ENCODERS[modality]!r}."
    )


def error_words(error: BaseException, order: Order, kept: str, at_encoder: bool) -> str:
    """Say what went wrong, and what helps.

    Parameters
    ----------
    error : BaseException
        What was raised.
    order : Order
        What was to be done.
    kept : str
        How many vectors are kept, in words, or nothing.
    at_encoder : bool
        Whether it was raised while the encoder was loaded.

    Returns
    -------
    str
        Some sentences.

    Examples
    --------
    >>> error_words(InputError("No."), Order("emoji", "minilm"), "", at_encoder=False)
    'No.'
    """
    from embedscope._device import is_out_of_memory

    if any(is_out_of_memory(cause) for cause in _causes(error)):
        return " ".join(filter(None, (_memory_words(error, order), kept, _memory_help(order))))
    if not isinstance(error, EmbedscopeError):
        name = type(error).__name__
        return f"{name}: {error}. The workbench's .job.error holds it, with its traceback. {kept}".strip()
    words = [str(error)]
    if at_encoder and isinstance(error, MissingError | FetchError):
        words.append(_without_network())
    return " ".join(filter(None, (*words, kept)))


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _memory_words(error: BaseException, order: Order) -> str:
    lines = str(list(_causes(error))[-1]).strip().splitlines()
    # The driver's own first line tells how much was asked for.
    said = f" ({lines[0].rstrip('.')})" if lines else ""
    return f"The memory of {order.device or 'the device'} did not suffice{said}."


def _memory_help(order: Order) -> str:
    smaller = f"es.encode(..., {_quoted(order.encoder)}, batch_size=8)"
    if order.device == "cpu":
        return f"What helps: a smaller sample, or smaller batches in Python: {smaller}."
    return (
        "What helps: end other work on that device, choose the CPU, take a smaller sample, "
        f"or smaller batches in Python: {smaller}."
    )


def _without_network() -> str:
    here = [name for name, weights in PACKAGED.items() if weights.is_here()]
    others = [name for name in PACKAGED if name not in here]
    words = [
        f"Ready without a network: {', '.join(here)}." if here else "",
        f"From the package index: {', '.join(others)}." if others else "",
    ]
    return " ".join(filter(None, words))


def duration(seconds: float | int) -> str:
    """Write a duration.

    Parameters
    ----------
    seconds : float
        Length of time.

    Returns
    -------
    str
        For example ``"2 min 5 s"``.

    Examples
    --------
    >>> duration(3.4), duration(125)
    ('3 s', '2 min 5 s')
    """
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, _A_MINUTE)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
