"""A package imported from its folder, beside whatever else is called so."""

from __future__ import annotations

import sys

import pytest

from embedscope._errors import FetchError
from embedscope.encoders.package_code import import_folder


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "json"
    folder.mkdir()
    (folder / "__init__.py").write_text("from .part import answer\n", encoding="utf-8")
    (folder / "part.py").write_text("answer = 42\n", encoding="utf-8")
    return folder


def test_its_parts_are_found_and_the_other_of_its_name_stays(package):
    import json

    before = list(sys.path)
    assert import_folder(package).answer == 42
    assert sys.modules["json"] is json
    assert sys.path == before


def test_twice_is_the_same_object_and_another_folder_another(package, tmp_path):
    other = tmp_path / "copy" / "json"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("answer = 43\n", encoding="utf-8")
    assert import_folder(package) is import_folder(package)
    assert import_folder(other).answer == 43


def test_a_package_that_fails_is_not_kept(package):
    (package / "part.py").write_text("raise ValueError('broken')\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            import_folder(package)


def test_a_folder_without_a_package_is_named(tmp_path):
    with pytest.raises(FetchError, match="holds no package"):
        import_folder(tmp_path)
