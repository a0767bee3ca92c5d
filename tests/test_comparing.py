"""From two words to a comparison: which words stand for what, and what does not go together."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import EmbedscopeError, InputError, MissingError
from embedscope.arguments import Parser, add_compare_options
from embedscope.comparing import compare_words, is_saved_space, judge, read_space, report_of
from embedscope.items.items import Items
from embedscope.spaces.space import Space

COUNT = 48


def spaces() -> tuple[Space, Space]:
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], COUNT // 3)
    vectors = np.eye(6)[group] + rng.normal(scale=0.3, size=(COUNT, 6))
    blurred = vectors.copy()
    blurred[group == 2] = rng.normal(size=(COUNT // 3, 6))
    items = Items.from_texts(
        [f"text {row}" for row in range(COUNT)],
        ids=[f"id-{row}" for row in range(COUNT)],
        columns={
            "label": np.array(["oak", "pine", "elm"])[group],
            "half": [f"h{row % 2}" for row in range(COUNT)],
        },
    )
    return (
        Space.from_arrays(vectors, ids=items.ids, items=items),
        Space.from_arrays(blurred, ids=items.ids, items=items),
    )


@pytest.fixture(scope="module")
def pair() -> tuple[Space, Space]:
    return spaces()


@pytest.fixture(scope="module")
def saved(pair, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    pair[0].to_parquet(folder / "teacher.parquet")
    pair[1].save(folder / "student")
    pair[1].to_npy(folder / "student.npy")
    return folder


def options(*words: str):
    parser = Parser(prog="compare")
    add_compare_options(parser)
    return parser.parse_args(list(words))


def test_each_form_is_told_and_read(saved, pair) -> None:
    for name in ("teacher.parquet", "student", "student.npy"):
        assert is_saved_space(str(saved / name))
        assert read_space(saved / name).ids == pair[0].ids
    assert not is_saved_space("minilm")
    assert not is_saved_space(str(saved))
    assert not is_saved_space(pair[0])


def test_files_are_compared_and_called_by_their_names(saved, pair) -> None:
    found = compare_words(str(saved / "teacher.parquet"), str(saved / "student.npy"), None, options())
    assert found.names == ("teacher.parquet", "student.npy")
    np.testing.assert_array_equal(found.student.vectors, pair[1].vectors)
    assert found.groups().names == ("elm", "oak", "pine")
    named = compare_words(str(saved / "student"), pair[0], None, options("--names", "old", "new"))
    assert named.names == ("old", "new")


def test_label_domain_and_groups_go_along(pair) -> None:
    found = compare_words(*pair, None, options("--label", "half", "--domain", "label", "--by", "label"))
    assert found.groups().by == "half"
    assert found.groups("domain").by == "label"
    assert (
        report_of(found, options("--by", "label", "-k", "4")).section("Neighbours").numbers["recall@4"] > 0.3
    )


@pytest.mark.network
def test_encoders_encode_the_same_items(tmp_path) -> None:
    texts = tmp_path / "texts.csv"
    rows = [f"{row},a text about {kind} number {row},{kind}" for row in range(12) for kind in ("cats",)]
    texts.write_text("\n".join(["id,text,label", *rows]))
    found = compare_words("wordllama", "minilm", str(texts), options("--sample", "8", "--seed", "3"))
    assert found.names == ("wordllama", "minilm")
    assert (len(found), found.teacher.dims, found.student.dims) == (8, 256, 384)
    found.teacher.save(tmp_path / "kept")
    mixed = compare_words(str(tmp_path / "kept"), "wordllama", found.teacher, options())
    assert mixed.neighbors(3).recall.mean() == pytest.approx(1)


def test_the_gate_is_judged_by_the_options(pair) -> None:
    found = compare_words(*pair, None, options())
    assert judge(found, options()) is None
    (verdict,) = judge(found, options("--fail-if", "recall < 0.9", "-k", "4", "--by", "half")).verdicts
    assert (verdict.condition.k, verdict.by, verdict.failed) == (4, "half", True)
    few = judge(found, options("--fail-if", "recall by label < 0.9", "--min-items", "20"))
    assert not few.failed


@pytest.mark.parametrize(
    ("sides", "items", "words", "error", "says"),
    [
        (("nothing", "student"), None, (), MissingError, "'nothing' is no saved space.*--items DATA"),
        (("gone.parquet", "student"), None, (), MissingError, "There is no file gone.parquet"),
        (("student", "student.npy"), None, ("--sample", "9"), InputError, "--sample goes with encoders"),
        (("student", "student.npy"), "emoji", (), InputError, "--items goes with encoders"),
        (("student", "student.npy"), None, ("--fail-if", "recall !"), InputError, "is no condition"),
        (("student", "student.npy"), None, ("--by", "kind"), MissingError, "No column is called 'kind'"),
        (("student", "student.npy"), None, ("--label", "kind"), MissingError, "No column is called 'kind'"),
        (("student", "broken.parquet"), None, (), InputError, "broken.parquet cannot be read"),
        (("student", "broken.npy"), None, (), InputError, "no .npy file of numbers"),
        (("student", "bad_ids.npy"), None, (), InputError, "bad_ids.npy cannot be read"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(saved, monkeypatch, sides, items, words, error, says) -> None:
    monkeypatch.chdir(saved)
    (saved / "broken.parquet").write_bytes(b"PAR1 and nothing more")
    (saved / "broken.npy").write_bytes(b"nothing")
    np.save(saved / "bad_ids.npy", np.eye(3, dtype=np.float32))
    (saved / "bad_ids.ids.json").write_text("{")
    with pytest.raises(error, match=says) as raised:
        compare_words(*sides, items, options(*words))
    assert isinstance(raised.value, EmbedscopeError)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "words", [("--seed", "-1"), ("-k", "0"), ("--min-items", "none"), ("--names", "one")]
)
def test_numbers_that_are_none_are_refused(words) -> None:
    with pytest.raises(InputError):
        options(*words)
