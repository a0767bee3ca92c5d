"""Errors say what came, what was wanted and what to type, and are caught as what they are."""

from __future__ import annotations

import pytest

from embedscope._errors import (
    DependencyError,
    EmbedscopeError,
    FetchError,
    InputError,
    MissingError,
    StoreError,
    unknown_name,
)


@pytest.mark.parametrize(
    ("error", "also"),
    [
        (InputError, ValueError),
        (MissingError, LookupError),
        (FetchError, OSError),
        (StoreError, OSError),
        (DependencyError, ImportError),
    ],
)
def test_an_error_is_ours_and_pythons(error: type[EmbedscopeError], also: type[Exception]) -> None:
    for kind in (EmbedscopeError, also):
        with pytest.raises(kind, match="what to type"):
            raise error("what to type")


def test_an_unknown_name_suggests_the_nearest_and_lists_all() -> None:
    error = unknown_name("data set", "emojis", ["stamps", "emoji", "flags"], "A folder may be typed too.")
    assert isinstance(error, MissingError)
    assert str(error) == (
        "No data set is called 'emojis'. Did you mean 'emoji'? There are: emoji, flags, stamps. "
        "A folder may be typed too."
    )


def test_a_name_like_no_other_gets_no_suggestion() -> None:
    assert "Did you mean" not in str(unknown_name("encoder", "zzzz", ["minilm"]))
