"""Options of losses travel as JSON."""

from __future__ import annotations

import json

import pytest

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.training.losses_json import options_from_json, options_to_json


@pytest.mark.parametrize(
    "options",
    [
        {},
        {
            "bandwidth": Bandwidth.perplexity(10, k=50),
            "student_bandwidth": Bandwidth.fixed(0.16),
            "over": "pairs",
        },
        {"bandwidth": Bandwidth.mean_distance(0.1), "metric": "euclidean"},
        {"distances": 25.0, "angles": 0},
    ],
)
def test_what_is_written_is_read(options):
    assert options_from_json(json.loads(json.dumps(options_to_json(options)))) == options


def test_a_key_that_is_none_is_an_error():
    with pytest.raises(InputError, match="narrow"):
        options_from_json({"bandwidth": "narrow"})
