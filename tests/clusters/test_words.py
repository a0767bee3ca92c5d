from __future__ import annotations

import pytest

from embedscope.clusters.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Rockets' engine and the engine's fuel", ["rockets", "engine", "engine", "fuel"]),
        ("From: bob@cs.cmu.edu Subject: Re: hockey NNTP-Posting-Host: x", ["bob", "cs", "hockey"]),
        ("don't, DON\u2019T, can't: 3 x 42", []),
        ("Die Grüße der Straße", ["die", "grüße", "der", "straße"]),
        ("Люди рождаются", ["люди", "рождаются"]),
        ("機械学習とAI", ["機械", "械学", "学習", "習と", "ai"]),
        ("ทุกคน", ["ทุ", "ุก", "กค", "คน"]),
        ("सभी मनुष्यों को", ["सभी", "मनुष्यों", "को"]),
        ("يولد جميع الناس أحراراً", ["يولد", "جميع", "الناس", "أحراراً"]),
        ("모든 인간은", ["모든", "인간은"]),
        ("", []),
        ("😀 123 ---", []),
    ],
)
def test_words_in_many_scripts(text, words):
    assert words_of(text) == words


def test_composed_and_decomposed_letters_are_one_word():
    assert words_of("café") == words_of("cafe\u0301")


def test_only_the_beginning_of_a_long_text_is_read():
    assert words_of("apple " * 300 + "x" * 1000 + " pear") == ["apple"] * 300
