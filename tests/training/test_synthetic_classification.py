"""Synthetic classification: stages, tails, and only texts whose label a rater reads back."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.training.generators import GenerationError
from embedscope.training.synthetic_classification import synthetic_classification
from embedscope.training.synthetic_plan import ClassificationPlan, Stage, read_label, read_list, tail_length

LABELS = {"glad": "the writer is content", "cross": "the writer is angry"}
PLAN = ClassificationPlan(LABELS, list_length=6, tail=0.5, per_list=2)


class Writer:
    """Writes by rule: lists of what is asked for, and texts that name user, product and mood."""

    name = "writer by rule"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, prompts):
        self.asked.extend(prompts)
        return [self.answer(prompt) for prompt in prompts]

    def answer(self, prompt: str) -> str:
        if prompt.startswith("List"):
            count, number = int(prompt.split()[1]), re.search(r"list number (\d+)", prompt)[1]
            given = re.search("Given user: (.*)", prompt)
            stem = f"thing of {given[1]}" if given else f"person {number}"
            return "Here:\n" + "\n".join(f"{place}. {stem} {place}" for place in range(1, count + 1))
        user, product = (re.search(f"{name}: (.*)", prompt)[1] for name in ("user", "product"))
        mood = "smiles" if LABELS["glad"] in prompt else "shouts"
        return f" {user} got {product} and {mood} {' '.join(reversed(product))}. "


def read_mood(prompts):
    return ["glad" if "smiles" in prompt else "Cross" for prompt in prompts]


def test_every_text_has_its_stages_its_label_and_all_prompts() -> None:
    writer = Writer()
    made = synthetic_classification(PLAN, writer, read_mood, 12, seed=4)
    items = made.kept
    assert made.counts == {"asked": 12, "kept": 12}
    assert items.ids == tuple(range(12))
    assert Counter(items.column("label")) == {"glad": 6, "cross": 6}
    for text, row in zip(items.payloads, items.columns.to_pylist(), strict=True):
        assert text.startswith(f"{row['user']} got {row['product']} and")
        assert ("smiles" in text) == (row["label"] == "glad")
        assert f"Given user: {row['user']}\n" in row["product_prompt"]
        assert "Given" not in row["user_prompt"]
        assert f"user: {row['user']}\nproduct: {row['product']}\n" in row["prompt"]
        assert text in row["rater_prompt"]
        # The rater is told all labels, and not which one is meant.
        assert all(f"{label}: {meaning}" in row["rater_prompt"] for label, meaning in LABELS.items())
        assert (row["verdict"].casefold(), row["seed"]) == (row["label"], 4)
        assert (row["writer"], row["rater"].split(".")[-1]) == ("writer by rule", "read_mood")
    # 12 texts need 6 users, 3 from the tail of each of 2 lists, and a list of products each.
    assert len([prompt for prompt in writer.asked if prompt.startswith("List")]) == 2 + 6


def test_only_the_tails_are_used() -> None:
    made = synthetic_classification(PLAN, Writer(), read_mood, 12)
    for name in ("user", "product"):
        places = [int(value.split()[-1]) for value in made.kept.column(name)]
        assert set(places) <= {4, 5, 6}
    assert len(set(made.kept.column("user"))) == 6
    assert len(set(made.kept.column("product"))) == 12


def test_the_seed_draws() -> None:
    def drawn(seed):
        return synthetic_classification(PLAN, Writer(), read_mood, 8, seed=seed).kept.payloads

    assert drawn(0) == drawn(0)
    assert drawn(0) != drawn(1)


def test_what_a_rater_reads_otherwise_is_dropped() -> None:
    def unsure(prompts):
        said = {"1": "none", "2": "glad, mostly"}
        return [said.get(re.search(r"thing of person (\d)", p)[1], read_mood([p])[0]) for p in prompts]

    plan = ClassificationPlan(LABELS, list_length=2, tail=0.5, per_list=1)
    made = synthetic_classification(plan, Writer(), unsure, 4)
    assert made.counts == {
        "asked": 4,
        "kept": 2,
        "the rater reads another label": 1,
        "verdict not readable": 1,
    }
    assert {row["verdict"]: row["reason"] for row in made.dropped.to_pylist()} == {
        "none": "the rater reads another label",
        "glad, mostly": "verdict not readable",
    }
    assert made.kept.ids == (2, 3)


def test_empty_and_repeated_texts_are_dropped_unrated() -> None:
    rated: list[str] = []

    class Dull(Writer):
        def answer(self, prompt):
            if prompt.startswith("List"):
                return super().answer(prompt)
            return (
                ""
                if "person 2" in prompt
                else "It is very very good and smiles at everybody who looks at it."
            )

    def rate(prompts):
        rated.extend(prompts)
        return ["glad"] * len(prompts)

    plan = ClassificationPlan(LABELS, list_length=2, tail=0.5, per_list=1)
    made = synthetic_classification(plan, Dull(), rate, 4)
    assert made.counts["no text"] == 1
    assert made.counts["nearly the same as an earlier text"] == 2
    assert len(rated) == 1


def test_short_lists_are_told() -> None:
    class Short(Writer):
        def answer(self, prompt):
            return "1. only one" if prompt.startswith("List") else super().answer(prompt)

    with pytest.warns(EmbedscopeWarning, match="1 texts are written instead of 12"):
        made = synthetic_classification(PLAN, Short(), read_mood, 12)
    assert made.counts["asked"] == 1

    class Chatty(Writer):
        def answer(self, prompt):
            return "With pleasure!"

    with pytest.raises(GenerationError, match="no list for the stage 'user': of 2 answers"):
        synthetic_classification(PLAN, Chatty(), read_mood, 12)


def test_it_goes_on_where_it_broke_off(tmp_path) -> None:
    whole = synthetic_classification(PLAN, Writer(), read_mood, 6)

    class Tired(Writer):
        def answer(self, prompt):
            if len(self.asked) > 9:
                raise TimeoutError("too slow")
            return super().answer(prompt)

    first, second = Tired(), Writer()
    with pytest.raises(TimeoutError, match="too slow"):
        synthetic_classification(PLAN, first, read_mood, 6, folder=tmp_path, batch_size=1)
    made = synthetic_classification(PLAN, second, read_mood, 6, folder=tmp_path, batch_size=1)
    assert made.kept.payloads == whole.kept.payloads
    assert not set(first.asked[:-1]) & set(second.asked)
    assert len(first.asked[:-1]) + len(second.asked) == 1 + 3 + 6


def test_three_stages() -> None:
    stages = (Stage("town", "towns"), Stage("user", "people"), Stage("product", "products"))
    plan = ClassificationPlan(LABELS, stages=stages, list_length=4, per_list=2)
    made = synthetic_classification(plan, Writer(), read_mood, 8)
    assert len(made.kept) == 8
    assert [len(set(made.kept.column(name))) for name in ("town", "user", "product")] == [2, 4, 8]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"labels": {"a": "one"}}, "at least two labels"),
        ({"labels": {"a": "one", "A ": "two"}}, "differ by more than case"),
        ({"labels": {"a": "one", "None": "two"}}, "'none'"),
        ({"stages": ()}, "stages of different names"),
        ({"stages": (Stage("label", "x"),)}, "none of them label"),
        ({"tail": 0}, "tail must be above 0"),
        ({"tail": 0.1, "per_list": 3}, "per_list=3 entries from the last 2 of 20"),
    ],
)
def test_plans_that_cannot_be_are_refused(options, said) -> None:
    with pytest.raises(InputError, match=said):
        ClassificationPlan(**{"labels": LABELS, **options})
    with pytest.raises(InputError, match="n must be 1"):
        synthetic_classification(PLAN, Writer(), read_mood, 0)


def test_answers_are_read_strictly() -> None:
    assert read_list("1. a\n- b\n 12)  c \n3.d\n4. A") == ["a", "c"]
    assert [tail_length(count, 0.3) for count in (0, 1, 10)] == [0, 1, 3]
    assert [read_label(answer, LABELS) for answer in ("GLAD", "none", "glad.", "")] == [
        "glad",
        "none",
        None,
        None,
    ]
