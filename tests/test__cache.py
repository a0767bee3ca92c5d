"""The cache's folder: made when asked for, moved by the environment."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from embedscope._cache import cache_dir


def test_the_environment_moves_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "elsewhere"))
    folder = cache_dir("store", "deep")
    assert folder == tmp_path / "elsewhere" / "store" / "deep"
    assert folder.is_dir()


def test_a_home_in_the_variable_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("EMBEDSCOPE_CACHE", "~/kept")
    assert cache_dir() == tmp_path / "kept"


def test_without_the_variable_it_is_the_platforms_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMBEDSCOPE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir("x") == platformdirs.user_cache_path("embedscope") / "x"


def test_asking_twice_keeps_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path))
    (cache_dir("x") / "file").write_text("kept")
    assert (cache_dir("x") / "file").read_text() == "kept"
