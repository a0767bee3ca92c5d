"""mteb, imported when it is first needed, without a folder of its own in the person's home."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from embedscope._cache import cache_dir
from embedscope._optional import require

_VARIABLE = "MTEB_CACHE"


def mteb_module(name: str = "mteb") -> Any:
    """Import mteb, or one of its modules; the first import takes some seconds.

    Parameters
    ----------
    name : str
        For example ``"mteb.abstasks"``.

    Returns
    -------
    module
        As imported.

    Raises
    ------
    DependencyError
        If mteb is not installed.
    """
    with _folder_of_ours():
        return require(name, install="'embedscope[tasks]'", purpose="to score an encoder on tasks")


@contextmanager
def _folder_of_ours() -> Iterator[None]:
    """Point mteb to our cache while it is imported: it makes its folder of results there and then."""
    if "mteb" in sys.modules or _VARIABLE in os.environ:
        yield
        return
    os.environ[_VARIABLE] = str(cache_dir("mteb"))
    try:
        yield
    finally:
        del os.environ[_VARIABLE]
