"""Each bandwidth has a key that is read back as it was."""

from __future__ import annotations

import pytest

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.bandwidth_keys import bandwidth_key, parse_bandwidth
from embedscope.views.bandwidths import bandwidth_choices, bandwidth_title


@pytest.mark.parametrize(
    ("bandwidth", "key", "title"),
    [
        (Bandwidth.perplexity(), "perplexity:30", "perplexity 30"),
        (Bandwidth.perplexity(12.5, k=40), "perplexity:12.5:40", "perplexity 12.5 (k 40)"),
        (Bandwidth.mean_distance(), "mean:0.25", "0.25 × mean distance"),
        (Bandwidth.mean_distance(1 / 3), "mean:0.333333333333", "0.333333 × mean distance"),
        (Bandwidth.fixed(0.3), "fixed:0.3", "σ 0.3"),
    ],
)
def test_keys_go_there_and_back(bandwidth, key, title):
    assert bandwidth_key(bandwidth) == key
    assert bandwidth_key(parse_bandwidth(key)) == key
    assert parse_bandwidth(key).value == pytest.approx(bandwidth.value)
    assert bandwidth_title(bandwidth) == title


@pytest.mark.parametrize(
    "key",
    ["", "perplexity", "perplexity:", "mean:nan", "mean:1:2", "fixed:inf", "wide:3", None, 30, "mean:a"],
)
def test_what_is_no_key_is_refused(key):
    with pytest.raises(InputError, match="names no bandwidth; wanted for example"):
        parse_bandwidth(key)


@pytest.mark.parametrize("key", ["mean:-1", "perplexity:1", "perplexity:30:20", "fixed:0"])
def test_numbers_out_of_range_are_refused_in_the_bandwidths_words(key):
    with pytest.raises(InputError, match="Bandwidth"):
        parse_bandwidth(key)


def test_the_first_one_is_listed_once():
    assert [one["key"] for one in bandwidth_choices(Bandwidth.mean_distance(0.25))] == [
        "mean:0.25", "perplexity:30", "perplexity:10", "mean:0.1",
    ]  # fmt: skip
