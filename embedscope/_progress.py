"""Progress of long work: how far, how fast, how long still."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

# A log file gets a line now and then, a terminal or a notebook a living bar.
_LOG_SECONDS = 30.0
_LIVE_SECONDS = 0.1


class Cancelled(BaseException):
    """Raised by a listener to stop the work that it hears of; no handler of errors takes it for one."""


@dataclass(frozen=True)
class Progressed:
    """How far a piece of work is.

    Parameters
    ----------
    description : str
        What is done.
    done : int
        Units that are finished.
    total : int or None
        Units in all; None where that is not known.
    unit : str
        What is counted, in the singular.
    note : str
        A few words more, or nothing.
    """

    description: str
    done: int
    total: int | None
    unit: str
    note: str = ""


_LISTENER: ContextVar[Callable[[Progressed], object] | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Callable[[Progressed], object]) -> Iterator[None]:
    """Hear of every bar that is opened inside the block, on this thread, instead of drawing it.

    Parameters
    ----------
    listener : callable
        Called when a bar opens and at each of its updates; it may raise `Cancelled`.

    Examples
    --------
    >>> with listening(lambda heard: print(heard.done, heard.unit)), progress_bar(2, "counting") as bar:
    ...     bar.update(2)
    0 item
    2 item
    """
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


class ProgressBar:
    """A bar with a rate and a remaining time, closed when its block ends.

    Parameters
    ----------
    bar : tqdm
        The bar that is drawn.
    start : Progressed
        What the work is, with nothing done.
    """

    def __init__(self, bar: Any, start: Progressed) -> None:
        self._bar = bar
        self._now = start
        self._listener = _LISTENER.get()
        self._tell(start)

    def update(self, n: int = 1) -> None:
        """Count units as finished.

        Parameters
        ----------
        n : int
            How many, since the last call.
        """
        self._bar.update(n)
        self._tell(replace(self._now, done=self._now.done + n))

    def note(self, text: str) -> None:
        """Show a few words behind the bar, in place of the last ones.

        Parameters
        ----------
        text : str
            The words; an empty text takes them away.
        """
        self._bar.set_postfix_str(text)
        self._tell(replace(self._now, note=text))

    def _tell(self, now: Progressed) -> None:
        self._now = now
        if self._listener is not None:
            self._listener(now)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()


def progress_bar(
    total: int | None, description: str, unit: str = "item", disable: bool | None = None, done: int = 0
) -> ProgressBar:
    """Open a progress bar: a widget in a notebook, a line in a terminal.

    Parameters
    ----------
    total : int or None
        Units of work; None where it is not known.
    description : str
        What is done, in front of the bar.
    unit : str
        What is counted, for the rate.
    disable : bool, optional
        True: nothing is drawn. By default it is drawn; where the output is a file, rarely, and where
        somebody is `listening`, not at all. ``TQDM_DISABLE=1`` in the environment turns every bar off.
    done : int
        Units that were finished before; they do not count for the rate.

    Returns
    -------
    ProgressBar
        To be used in a ``with`` block.

    Examples
    --------
    >>> with progress_bar(2, "counting", disable=True) as bar:
    ...     for _ in range(2):
    ...         bar.update()
    """
    from tqdm.auto import tqdm

    if _LISTENER.get() is not None:
        disable = True
    options: dict[str, Any] = {} if disable is None else {"disable": disable}
    bar = tqdm(
        total=total,
        desc=description,
        unit=f" {unit}",
        initial=done,
        mininterval=_LIVE_SECONDS if _is_live() else _LOG_SECONDS,
        dynamic_ncols=True,
        **options,
    )
    return ProgressBar(bar, Progressed(description, done, total, unit))


def _is_live() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules
