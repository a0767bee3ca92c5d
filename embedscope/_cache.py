"""Where embedscope keeps what it fetched and computed."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_dir(*parts: str) -> Path:
    """Folder below the user's cache, made if it is not there.

    ``EMBEDSCOPE_CACHE`` in the environment moves the whole cache.

    Parameters
    ----------
    *parts : str
        Names of the folders below the cache's root.

    Returns
    -------
    Path
        An existing folder.
    """
    root = os.environ.get("EMBEDSCOPE_CACHE")
    folder = Path(root).expanduser() if root else platformdirs.user_cache_path("embedscope")
    folder = folder.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
