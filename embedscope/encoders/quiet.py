"""Loading without what libraries say to each other: a model of a person's folder is there in a moment."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from transformers.utils import logging


@contextmanager
def quiet_loading() -> Iterator[None]:
    """Keep transformers from drawing progress bars inside a ``with``, then leave them as they were.

    Yields
    ------
    None
        Nothing.
    """
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


@contextmanager
def quiet_adapters() -> Iterator[None]:
    """Keep peft from warning, inside a ``with``, that it asks transformers something by an old name.

    Yields
    ------
    None
        Nothing.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        yield
