"""The widget needs its bundle, and carries it."""

from __future__ import annotations

from pathlib import Path

import pytest
import traitlets

from embedscope._errors import MissingError
from embedscope.views.widget import Scope, read_bundle


def test_without_a_build_it_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"The widget is not built: .*scope\.js.*type: make widgets"):
        read_bundle("scope.js", tmp_path)


def test_the_bundle_travels_with_the_widget() -> None:
    state = Scope(panes=["map"]).get_state()
    assert "export" in state["_esm"]
    assert ".embedscope" in state["_css"]


@pytest.mark.parametrize(
    ("trait", "value"), [("theme", "blue"), ("height", 10), ("height", "tall"), ("panes", 3)]
)
def test_a_wrong_value_does_not_get_in(trait: str, value: object) -> None:
    scope = Scope()
    before = getattr(scope, trait)
    with pytest.raises(traitlets.TraitError):
        setattr(scope, trait, value)
    assert getattr(scope, trait) == before
