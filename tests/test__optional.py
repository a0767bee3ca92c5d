"""Optional packages: imported when needed, with what to type when they are missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from embedscope._errors import DependencyError
from embedscope._optional import require


def test_what_is_installed_comes_back() -> None:
    assert require("json", install="json", purpose="to read records") is json


def test_what_is_missing_says_what_to_type() -> None:
    with pytest.raises(
        DependencyError, match=r"'no_such_package' is needed to draw\. Install it: pip install nsp"
    ):
        require("no_such_package.inside", install="nsp", purpose="to draw")


def test_a_package_broken_inside_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_package.py").write_text("import something_it_needs")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="something_it_needs") as caught:
        require("broken_package", install="broken", purpose="to draw")
    assert not isinstance(caught.value, DependencyError)
    assert "broken_package" not in sys.modules
