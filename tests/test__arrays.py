from __future__ import annotations

import numpy as np
import pytest

from embedscope import _arrays
from embedscope._arrays import as_vectors, name_rows, normalise_rows, row_norms
from embedscope._errors import InputError


def test_a_fitting_array_is_not_copied():
    array = np.ones((3, 2), np.float32)
    assert np.shares_memory(as_vectors(array), array)


@pytest.mark.parametrize(
    "given", [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]], np.float16), np.array([[1, 3], [2, 4]]).T]
)
def test_anything_numeric_becomes_contiguous_float32(given):
    vectors = as_vectors(given)
    assert vectors.tolist() == [[1, 2], [3, 4]]
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous


def test_takes_a_torch_tensor_of_any_kind():
    torch = pytest.importorskip("torch")
    tensor = torch.tensor([[1.5, 2.5]], dtype=torch.bfloat16, requires_grad=True)
    assert as_vectors(tensor).tolist() == [[1.5, 2.5]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_rows_that_are_not_finite_are_named(bad, monkeypatch):
    monkeypatch.setattr(_arrays, "_CHUNK_NUMBERS", 4)  # several chunks: rows are counted from the start
    array = np.zeros((9, 2))
    array[[5, 7], 1] = bad
    with pytest.raises(InputError, match=r"probes hold NaN.* in rows 5, 7 of 9"):
        as_vectors(array, name="probes")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1, 2], r"vectors\[None\]"),
        (np.zeros((2, 0)), r"shape \(2, 0\)"),
        ([["a"]], "dtype <U1"),
        ([[1], [1, 2]], "rectangular"),
        (np.ones((1, 1), complex), "complex128"),
    ],
)
def test_what_is_no_matrix_of_numbers_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        as_vectors(given)


def test_no_items_are_allowed():
    assert as_vectors(np.zeros((0, 4))).shape == (0, 4)


def test_normalised_rows_have_length_one_at_any_scale():
    rows = np.random.default_rng(0).standard_normal((5, 300)) * np.array(
        [[1e-25], [1e-3], [1], [1e5], [1e18]]
    )
    unit = normalise_rows(rows.astype(np.float32))
    np.testing.assert_allclose(np.linalg.norm(unit.astype(np.float64), axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(unit, rows / np.linalg.norm(rows, axis=1, keepdims=True), atol=1e-6)


def test_zero_rows_are_named_and_tiny_ones_are_not_zero():
    rows = np.array([[0, 0], [1e-38, 0], [0, 0]], np.float32)
    with pytest.raises(InputError, match="all zeros in rows 0, 2 of 3"):
        normalise_rows(rows)
    assert row_norms(rows)[1] > 0


def test_many_rows_are_named_in_short():
    assert name_rows(np.array([8])) == "row 8"
    assert name_rows(np.arange(2000)) == "rows 0, 1, 2, 3, 4 and 1,995 more"
