from __future__ import annotations

import pytest

from embedscope._errors import InputError
from embedscope.comparison.names import space_names
from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.space import Space


def test_spaces_are_called_like_their_encoders_with_dims_where_cut():
    record = EncoderRecord("test:words", frozenset({"text"}), 3)
    whole = Space.from_arrays([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]], encoder=record)
    assert space_names([whole, whole.truncate(2)]) == ("test:words", "test:words @2")
    assert space_names([whole, whole]) == ("test:words (1)", "test:words (2)")


@pytest.mark.parametrize("names", [("a",), ("a", "a"), ["a", "b", "c"], "ab"])
def test_wrong_names_are_refused(names):
    space = Space.from_arrays([[1.0], [2.0]])
    with pytest.raises(InputError, match="wanted one name a space"):
        space_names([space, space], names)
