"""Every example in a docstring runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import embedscope

MODULES = sorted(module.name for module in pkgutil.walk_packages(embedscope.__path__, "embedscope."))


@pytest.mark.network
@pytest.mark.parametrize("name", ["embedscope", *MODULES])
def test_examples_run(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    counts = [len(finder.find(importlib.import_module(name))) for name in MODULES]
    assert sum(counts) > 200
