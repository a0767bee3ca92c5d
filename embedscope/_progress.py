"""Progress of long work: how far, how fast, how long still."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

# A log file gets a line now and then, a terminal or a notebook a living bar.
_LOG_SECONDS = 30.0
_LIVE_SECONDS = 0.1


class ProgressBar:
    """A bar with a rate and a remaining time, closed when its block ends.

    Parameters
    ----------
    bar : tqdm
        The bar that is drawn.
    """

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def update(self, n: int = 1) -> None:
        """Count units as finished.

        Parameters
        ----------
        n : int
            How many, since the last call.
        """
        self._bar.update(n)

    def note(self, text: str) -> None:
        """Show a few words behind the bar, in place of the last ones.

        Parameters
        ----------
        text : str
            The words; an empty text takes them away.
        """
        self._bar.set_postfix_str(text)

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
    total: int | None, description: str, unit: str = "item", disable: bool | None = None
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
        True: nothing is drawn. By default it is drawn; where the output is a file, rarely.
        ``TQDM_DISABLE=1`` in the environment turns every bar off.

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

    options: dict[str, Any] = {} if disable is None else {"disable": disable}
    bar = tqdm(
        total=total,
        desc=description,
        unit=f" {unit}",
        mininterval=_LIVE_SECONDS if _is_live() else _LOG_SECONDS,
        dynamic_ncols=True,
        **options,
    )
    return ProgressBar(bar)


def _is_live() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules
