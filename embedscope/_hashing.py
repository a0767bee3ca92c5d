"""Content hashes: what is equal has the same hash, on every machine and in every run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

HASH_BYTES = 16


def hash_bytes(data: bytes | memoryview) -> bytes:
    """BLAKE2b of some bytes, 16 bytes long.

    Parameters
    ----------
    data : bytes
        The content.

    Returns
    -------
    bytes
        16 bytes.
    """
    return hashlib.blake2b(data, digest_size=HASH_BYTES).digest()


def hash_text(text: str) -> bytes:
    """BLAKE2b of a text's UTF-8 form, 16 bytes long; lone surrogates are kept apart.

    Parameters
    ----------
    text : str
        The content.

    Returns
    -------
    bytes
        16 bytes.
    """
    return hash_bytes(text.encode("utf-8", "surrogatepass"))


def hash_record(record: Mapping[str, object]) -> str:
    """Hash a JSON-like record whatever the order of its keys.

    Parameters
    ----------
    record : mapping
        Strings, numbers, booleans, None, and lists and mappings of them.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hash_bytes(canonical.encode()).hex()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(paths: Iterable[Path]) -> str:
    """Hash several files as one, in the order given.

    Parameters
    ----------
    paths : iterable of Path
        The files.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    return hash_record({"files": [sha256_file(path) for path in paths]})
