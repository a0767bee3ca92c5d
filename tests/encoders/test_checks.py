"""What goes in and what comes out of every encoder is checked, and errors name the place."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.encoders.checks import (
    check_images,
    check_texts,
    finish_vectors,
    refuse_single,
    refuse_task,
    wrong_modality,
)
from embedscope.items.payloads import Image

IMAGE = Image(data=b"x")


def test_payloads_of_the_right_kind_pass_in_order():
    assert check_texts(["b", "a"], "e") == ["b", "a"]
    assert check_images([IMAGE], "e") == [IMAGE]


def test_the_first_wrong_one_is_named():
    with pytest.raises(InputError, match="Item 2 is an image; the encoder 'e' takes text"):
        check_texts(["a", "b", IMAGE, IMAGE], "e")
    with pytest.raises(InputError, match="Item 0 is a text; the encoder 'e' takes image"):
        check_images(["a"], "e")


def test_what_is_neither_is_told_what_there_is():
    error = wrong_modality(3, 1, "e", {"text", "image"})
    assert str(error) == (
        "Item 1 is of type int; the encoder 'e' takes text and image. "
        "A text is a str, an image an embedscope Image."
    )


@pytest.mark.parametrize("one", ["abc", b"abc", IMAGE])
def test_one_payload_is_no_list(one):
    with pytest.raises(InputError, match="wanted a list of payloads"):
        refuse_single(one)


def test_tasks():
    refuse_task(None, "e")
    refuse_task("a", "e", ("a", "b"))
    with pytest.raises(InputError, match="'e' has no tasks, and task='a' came"):
        refuse_task("a", "e")
    with pytest.raises(MissingError, match=r"No task is called 'clasification'.*'classification'"):
        refuse_task("clasification", "e", ("classification", "b"))


def test_a_prefix_is_normalised_as_in_float64():
    vectors = np.random.default_rng(0).normal(size=(50, 9)).astype(np.float32)
    prefix = vectors[:, :4].astype(np.float64)
    expected = prefix / np.linalg.norm(prefix, axis=1, keepdims=True)
    found = finish_vectors(vectors, dims=4)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert found.flags.c_contiguous


def test_without_dims_nothing_changes():
    vectors = np.array([[3, 4]], np.float32)
    np.testing.assert_array_equal(finish_vectors(vectors), vectors)


def test_a_row_of_zeros_stays_one():
    np.testing.assert_array_equal(
        finish_vectors(np.zeros((1, 3), np.float32), normalise=True), np.zeros((1, 3))
    )


def test_tiny_and_huge_rows_keep_their_direction():
    vectors = np.array([[3e-30, 4e-30], [3e30, 4e30]], np.float32)
    np.testing.assert_allclose(finish_vectors(vectors, normalise=True), [[0.6, 0.8]] * 2, rtol=1e-6)


def test_what_is_not_finite_is_named_up_to_five():
    vectors = np.zeros((9, 2), np.float32)
    vectors[1:8, 1] = np.inf
    with pytest.raises(InputError, match="for item 1, 2, 3, 4, 5 and 2 more of 9"):
        finish_vectors(vectors)
