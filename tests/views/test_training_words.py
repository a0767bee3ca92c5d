"""A run's title and its line of facts."""

from __future__ import annotations

import pytest

from embedscope.views.training_words import run_line, run_title


def named(job: str, *names: str) -> dict[str, object]:
    return {"job": job, "domains": [{"name": name} for name in names]}


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (named("distill", "a"), "Distilling a into one net"),
        (named("distill", "a", "b", "c"), "Distilling a, b and c into one net"),
        (named("distill", *"abcdefg"), "Distilling a, b, c and 4 more into one net"),
        (named("specialist", "a", "b"), "Training one net on a and b"),
        (named("specialist"), "Training a specialist"),
        (named("distill"), "Distilling specialists"),
        (named("test:count"), "test:count"),
        (named("other", "a"), "other: a"),
    ],
)
def test_a_title_says_what_is_done_with_which_domains(facts: dict[str, object], title: str) -> None:
    assert run_title(facts) == title


def test_long_names_are_cut_and_set_on_one_line() -> None:
    title = run_title(named("specialist", "x\n" * 500))
    assert len(title) < 100
    assert "\n" not in title


def test_the_line_says_what_is_known() -> None:
    facts = {
        "folder": "runs/a",
        "net": {
            "backbone": "lite0",
            "loss": "kl",
            "dims": 64,
            "trained_parameters": 90,
            "parameters": 3_452_992,
            "device": "cpu",
        },
        "domains": [{"train": {"images": 1200, "classes": 3}}, {"train": None}],
    }
    line = "lite0 · loss kl · 64 dims · 90 of 3.5 M parameters trained · 1,200 images · cpu · runs/a"
    assert run_line(facts) == line
    assert run_line({}) == ""
