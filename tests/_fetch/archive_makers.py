"""Small real archives, good and bad, made where a test needs them."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_wheel(path: Path, files: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        for name, goal in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, goal)
    return path


def tar_bytes(files: dict[str, bytes], mode: str, links: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, goal in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, goal
            archive.addfile(info)
    return buffer.getvalue()


def make_npm(path: Path, files: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    path.write_bytes(tar_bytes({f"package/{name}": data for name, data in files.items()}, "w:gz", links))
    return path


def make_deb(path: Path, files: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    parts = {
        "debian-binary": b"2.0\n",
        "control.tar.xz": tar_bytes({"./control": b"odd length "}, "w:xz"),
        "data.tar.xz": tar_bytes({f"./{name}": data for name, data in files.items()}, "w:xz", links),
    }
    content = b"!<arch>\n"
    for name, data in parts.items():
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n"
        content += header.encode() + data + b"\n" * (len(data) % 2)
    path.write_bytes(content)
    return path


MAKERS = {".whl": make_wheel, ".tgz": make_npm, ".deb": make_deb}
