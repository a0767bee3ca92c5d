from __future__ import annotations

import numpy as np

from embedscope.clusters.names import distinct_names, names_from_texts


def named(texts, labels):
    return names_from_texts(texts, np.array(labels, np.int32), np.ones(len(texts), np.float32))


def test_names_are_what_sets_a_cluster_off():
    hockey = ["the goalie saved the puck again", "puck and goalie in the team", "our team lost the puck"] * 4
    space = ["the orbit of the moon", "a moon orbit and the shuttle", "shuttle launch by our team"] * 4
    names = named([*hockey, *space], [0] * 12 + [1] * 12)
    assert names[0].split(", ")[0] == "puck"
    assert set(names[1].split(", ")) == {"moon", "orbit", "shuttle"}
    assert "team" not in names[1]


def test_agrees_with_the_formula_written_out():
    texts = ["cat dog", "cat owl", "dog fox", "fox elk"]
    labels = [0, 0, 1, 1]
    shares = {0: {"cat": 1, "dog": 0.5, "owl": 0.5}, 1: {"dog": 0.5, "fox": 1, "elk": 0.5}}
    overall = {"cat": 1, "dog": 1, "owl": 0.5, "fox": 1, "elk": 0.5}
    words_a_text = (2 + 2) / 2
    for label, own in shares.items():
        score = {word: own[word] * np.log(1 + words_a_text / overall[word]) for word in own}
        assert named(texts, labels)[label].split(", ") == sorted(own, key=lambda word: (-score[word], word))


def test_one_long_text_does_not_name_a_cluster():
    texts = ["spam " * 300, *["apple pie", "apple tart", "apple cake"] * 4, *["pear soup"] * 10]
    names = named(texts, [0] * 13 + [1] * 10)
    assert "spam" not in names[0]


def test_noise_is_not_named_and_no_cluster_is_no_name():
    assert named(["a", "b"], [-1, -1]) == ()
    assert named([], []) == ()
    assert named(["kiwi", "plum"], [0, -1]) == ("kiwi",)


def test_names_are_distinct_short_and_repeat():
    texts = ["same words here indeed"] * 30
    names = named(texts, [0] * 10 + [1] * 10 + [2] * 10)
    assert len(set(names)) == 3
    assert names == named(texts, [0] * 10 + [1] * 10 + [2] * 10)
    assert all(name.count(",") <= 2 for name in names)


def test_forms_of_a_chosen_word_are_passed_over():
    assert distinct_names([["encrypt", "encryption", "key", "keys", "chip", "nsa"]]) == (
        "encrypt, key, chip",
    )
    assert distinct_names([["機械", "械学", "学習"]]) == ("機械, 学習",)


def test_a_cluster_without_words_has_a_number():
    assert named(["123", "456"], [0, 0]) == ("cluster 1",)
