"""Categories are ranked by count; what is missing or past the palette is grey and last."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope.views.categories import category_coloring, cluster_coloring, cluster_ranks, one_line
from embedscope.views.palette import MISSING, PALETTE


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcdefg")), max_size=40))
def test_codes_follow_the_counts(values: list[str | None]) -> None:
    coloring = category_coloring(pa.array(values, pa.string()), "k", "t")
    counts = Counter(value for value in values if value is not None)
    expected = sorted(counts, key=lambda name: (-counts[name], name))
    missing = len(values) - sum(counts.values())
    assert list(coloring.names) == expected + ["missing"] * (missing > 0)
    assert list(coloring.counts) == [counts[name] for name in expected] + [missing] * (missing > 0)
    assert [coloring.names[code] for code in coloring.codes] == [v or "missing" for v in values]


@given(st.permutations(list("aaabbccccd")))
def test_a_categorys_colour_does_not_depend_on_the_order_of_the_items(values: list[str]) -> None:
    coloring = category_coloring(pa.array(values), "k", "t")
    assert coloring.names == ("c", "a", "b", "d")
    assert coloring.colors == PALETTE[:4]


def test_what_a_dictionary_and_chunks_hold_is_the_same_as_plain_values() -> None:
    values = ["x", "y", None, "y"]
    plain = category_coloring(pa.array(values), "k", "t")
    for other in (pa.array(values).dictionary_encode(), pa.chunked_array([values[:1], values[1:]])):
        coloring = category_coloring(other, "k", "t")
        assert coloring.names == plain.names
        assert coloring.codes.tolist() == plain.codes.tolist()
    hidden = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["x", None]))
    assert category_coloring(hidden, "k", "t").names == ("x", "missing")


def test_more_categories_than_colours_are_folded_into_one_grey() -> None:
    values = [f"name {i:03d}" for i in range(300) for _ in range(300 - i)] + [None]
    coloring = category_coloring(pa.array(values), "k", "t")
    assert len(coloring.names) == 257
    assert coloring.names[-2:] == ("45 others", "missing")
    assert coloring.colors[-2:] == (MISSING, MISSING)
    assert coloring.counts[-2] == sum(range(1, 46))
    assert np.bincount(coloring.codes).tolist() == list(coloring.counts)


@pytest.mark.parametrize(
    ("values", "names"),
    [([True, False, True], ("yes", "no")), ([3, 12, 3], ("3", "12")), (["", "a", ""], ("(empty)", "a"))],
)
def test_names_are_written_for_people(values: list, names: tuple[str, ...]) -> None:
    assert category_coloring(pa.array(values), "k", "t").names == names


def test_a_name_of_a_megabyte_stays_a_line() -> None:
    assert len(one_line("word\n" * 200_000)) == 80
    assert one_line(" two\n\twords ") == "two words"


def test_clusters_of_one_name_stay_two_and_noise_comes_last() -> None:
    labels = np.array([-1, 2, 2, 0, 0, 0, -1, -1, -1], np.int32)
    coloring = cluster_coloring(labels, lambda label: "same")
    assert coloring.names == ("same", "same", "unclustered")
    assert coloring.counts == (3, 2, 4)
    assert coloring.codes.tolist() == [2, 1, 1, 0, 0, 0, 2, 2, 2]
    assert coloring.colors[-1] == MISSING
    assert cluster_ranks(labels) == [0, 2]


def test_no_clusters_and_no_items() -> None:
    assert cluster_coloring(np.array([-1, -1]), str).names == ("unclustered",)
    assert cluster_coloring(np.empty(0, np.int32), str).names == ()
