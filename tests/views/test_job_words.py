"""The Python that does the same, and errors in words that help."""

from __future__ import annotations

import pytest
import torch

from embedscope._errors import InputError, MissingError
from embedscope.views.job_words import Order, check_fits, duration, error_words


@pytest.mark.parametrize(
    ("order", "line"),
    [
        (Order("flags", "minilm"), 'es.explore(es.encode(es.load_items("flags"), "minilm"))'),
        (
            Order("variable:texts", "minilm", "cuda:1", 500),
            'es.explore(es.encode(es.load_items(texts, sample=500), "minilm", device="cuda:1"))',
        ),
        (Order("variable:s", has_vectors=True), "es.explore(s)"),
        (Order("variable:s", "", None, 9, True), "es.explore(s.subset(s.items.sample(9).ids))"),
        (Order("variable:s", "m", has_vectors=True), 'es.explore(es.encode(es.load_items(s.items), "m"))'),
        (
            Order("emoji", "a", student="b"),
            'es.explore(es.compare(es.encode("emoji", "a"), es.encode("emoji", "b")))',
        ),
        (
            Order("variable:items", "a", "cpu", student="b"),
            'es.explore(es.compare(es.encode(items, "a", device="cpu"), es.encode(items, "b", device="cpu")))',
        ),
        (
            Order("variable:s", "", None, 9, True, "b"),
            "es.explore(es.compare(s.subset(s.items.sample(9).ids), "
            'es.encode(es.load_items(s.items, sample=9), "b")))',
        ),
        (
            Order("variable:s", "a", None, None, True, "b"),
            'es.explore(es.compare(es.encode(s.items, "a"), es.encode(s.items, "b")))',
        ),
        (Order('a"\\b', "m"), r'es.explore(es.encode(es.load_items("a\"\\b"), "m"))'),
    ],
)
def test_the_line_says_what_was_chosen(order: Order, line: str) -> None:
    assert order.line == line
    compile(line, "line", "eval")


def test_only_a_packaged_encoder_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"'minilm' takes texts, and 'flags' holds images.*efficientnet_lite0"
    ):
        check_fits("minilm", "image", "flags")
    check_fits("minilm", None, "./somewhere")
    check_fits("timm:/my/model", "text", "newsgroups")


def test_memory_that_did_not_suffice_says_what_helps() -> None:
    cause = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nMore words.")
    error = InputError("Item 0 alone does not fit into the memory.")
    error.__cause__ = cause
    words = error_words(error, Order("flags", "m", "cuda:0"), "3 of 5 vectors are kept.", at_encoder=False)
    assert words.startswith(
        "The memory of cuda:0 did not suffice (CUDA out of memory. Tried to allocate 2.00 GiB). "
        "3 of 5 vectors are kept. What helps: "
    )
    assert "choose the CPU" in words
    assert "batch_size=8" in words
    assert "More words" not in words
    on_cpu = error_words(MemoryError(), Order("flags", "m", "cpu"), "", at_encoder=False)
    assert on_cpu.startswith("The memory of cpu did not suffice. What helps: a smaller sample")


def test_an_encoder_that_cannot_be_had_names_those_that_can() -> None:
    missing = MissingError("'a/b' is no folder here.")
    assert "minilm" in error_words(missing, Order("flags", "timm:a/b"), "", at_encoder=True)
    assert error_words(missing, Order("a/b", "m"), "", at_encoder=False) == "'a/b' is no folder here."


def test_what_nobody_expected_has_its_type() -> None:
    words = error_words(ZeroDivisionError("division by zero"), Order("flags", "m"), "", at_encoder=False)
    assert words.startswith("ZeroDivisionError: division by zero.")


def test_durations() -> None:
    assert [duration(s) for s in (0.1, 59.4, 60, 3605.0)] == ["1 s", "59 s", "1 min 0 s", "60 min 5 s"]
