from __future__ import annotations

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from embedscope.clusters.stopwords import STOP_WORDS


def test_covers_most_of_scikit_learns_list_and_mail_headers():
    longer = {word for word in ENGLISH_STOP_WORDS if len(word) > 1}
    assert len(longer & STOP_WORDS) / len(longer) > 0.85
    assert {"subject", "organization", "nntp-posting-host", "wrote", "edu"} <= STOP_WORDS


def test_words_that_could_name_something_are_not_in_it():
    assert not STOP_WORDS & {"god", "car", "windows", "hockey", "space", "gun", "sale", "graphics", "medical"}
    assert all(word == word.lower() for word in STOP_WORDS)
