"""Options: defaults, and an error for what nobody knows."""

from __future__ import annotations

import pytest

from embedscope._errors import InputError
from embedscope.encoders.options import LoadOptions


def test_what_was_said_goes_before_the_default():
    options = LoadOptions(extra={"a": 1})
    assert options.extras("e", a=0, b=2) == {"a": 1, "b": 2}


def test_an_unknown_option_lists_the_known_ones():
    with pytest.raises(InputError, match=r"'e' has no option 'poling'. It has: device, .*, pooling"):
        LoadOptions(extra={"poling": "cls"}).extras("e", pooling="mean")


@pytest.mark.parametrize("size", [0, -3])
def test_a_batch_holds_something(size):
    with pytest.raises(InputError, match=f"batch_size={size} came"):
        LoadOptions(batch_size=size)


def test_run_is_where_and_how():
    assert LoadOptions(device="cpu", batch_size=3).run == {"device": "cpu", "batch_size": 3, "dtype": None}
