"""The output below a live view: a picture of it, for the times when there is no kernel."""

from __future__ import annotations

import logging
import os
import sys
import threading
import uuid
from collections.abc import Callable
from typing import Any

_LOG = logging.getLogger("embedscope")
_QUIET_SECONDS = 1.5


class SecondOutput:
    """A picture that is displayed below a widget and kept as the widget is.

    JupyterLab, Notebook, GitHub and nbviewer show it where no kernel is; while the widget lives its front end
    hides it (``snapshot.ts``).

    Parameters
    ----------
    draw : callable
        Makes the picture, a PNG.
    describe : callable
        Makes the words for where pictures are not shown.
    width : int
        Of the picture, in pixels of the page.

    Notes
    -----
    It is drawn again 1.5 s after the last change, on a thread of its own, or when the cell that made the
    change ends; nothing is sent while nothing is displayed, or where the picture is the same.
    """

    def __init__(self, draw: Callable[[], bytes], describe: Callable[[], str], width: int) -> None:
        self._draw, self._describe, self._width = draw, describe, width
        self._id = uuid.uuid4().hex
        self._drawing, self._planning = threading.Lock(), threading.Lock()
        self._timer: threading.Timer | None = None
        self._shell: Any = None
        self._shown = b""

    def show(self) -> None:
        """Display the picture in the cell that is running."""
        shell = notebook_shell()
        if shell is None:
            return
        if self._shell is None:
            self._shell = shell
            shell.events.register("post_run_cell", self._after_cell)
        self._send(update=False)

    def refresh_soon(self) -> None:
        """Draw again once the view has been left alone for a moment."""
        if self._shell is None:
            return
        with self._planning:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(_QUIET_SECONDS, self._on_timer)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Draw no more."""
        self._take_timer()
        if self._shell is not None:
            self._shell.events.unregister("post_run_cell", self._after_cell)
            self._shell = None

    def _after_cell(self, _: object = None) -> None:
        # A notebook that is run from beginning to end has no time after its last cell.
        if self._take_timer():
            self._send(update=True)

    def _on_timer(self) -> None:
        if self._take_timer():
            self._send(update=True)

    def _take_timer(self) -> bool:
        with self._planning:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        return timer is not None

    def _send(self, *, update: bool) -> None:
        from IPython.display import display

        try:
            with self._drawing:
                picture = self._draw()
                if update and (picture == self._shown or self._shell is None):
                    return
                self._shown = picture
                display(
                    {"image/png": picture, "text/plain": self._describe()},
                    metadata={"image/png": {"width": self._width}},
                    raw=True,
                    display_id=self._id,
                    update=update,
                )
        except Exception:
            # The view itself works; a picture that could not be drawn must not take its cell down.
            _LOG.warning("The picture below the view could not be drawn.", exc_info=True)


def notebook_shell() -> Any:
    """Find the shell of a notebook in which a second output can be hidden while the first one lives.

    Returns
    -------
    InteractiveShell or None
        None in a terminal, outside IPython, and in Colab and VS Code, whose outputs lie in frames of their
        own where nothing could hide the picture.

    Examples
    --------
    >>> notebook_shell() is None
    True
    """
    if "IPython" not in sys.modules or "google.colab" in sys.modules or "VSCODE_PID" in os.environ:
        return None
    shell = sys.modules["IPython"].get_ipython()
    return shell if getattr(shell, "kernel", None) is not None else None
