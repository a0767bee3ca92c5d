"""Words with a domain: which are one, what they stand for, and what is said where they cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PILImage

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.domain_words import is_run, read_encoder, read_items, read_named
from embedscope.notebook_names import Names


def items(n: int = 4, **columns) -> es.Items:
    return es.Items.from_texts([f"text {row}" for row in range(n)], columns=columns)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["emoji"], "emoji"),
        (["cub:/data/cub"], "cub:/data/cub"),
        (["/data/a=b"], "/data/a=b"),
        (["emoji=runs/a", "the logos=cub:/x=1"], {"emoji": "runs/a", "the logos": "cub:/x=1"}),
        (["emoji=a\nb"], {"emoji": "a\nb"}),
    ],
)
def test_a_domain_stands_before_the_first_equals_sign(words, found) -> None:
    assert read_named(words, str, "DOMAIN=ITEMS") == found


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["a=x", "logos"], "'logos' says no domain, and there are several: write DOMAIN=ITEMS"),
        (["emoji", "logos"], "'emoji' says no domain"),
        (["a=x", "a=y"], "The domain 'a' came twice"),
    ],
)
def test_domains_that_cannot_be_told_apart_are_refused(words, wanted) -> None:
    with pytest.raises(InputError, match=wanted):
        read_named(words, str, "DOMAIN=ITEMS")


def test_items_are_variables_spaces_or_what_is_loaded(tmp_path) -> None:
    (tmp_path / "texts.csv").write_text("id,text\na,one\nb,two\n")
    mine = items()
    space = es.Space.from_arrays(np.eye(4), ids=mine.ids, items=mine)
    names = Names({"mine": mine, "space": space})
    found = read_items(["a=mine", "b=space", f"c={tmp_path / 'texts.csv'}"], names)
    assert found["a"] is mine
    assert found["b"] is space.items
    assert found["c"].payloads == ("one", "two")
    assert read_items(["mine"], names) is mine
    assert len(read_items(["mine"], names, sample=3, seed=1)) == 3
    with pytest.raises(MissingError, match="flags"):
        read_items(["flagz"], names)


def test_a_split_is_taken_from_the_items_own_column() -> None:
    names = Names({"mine": items(split=["train", "test"] * 2), "plain": items()})
    assert read_items(["mine"], names, split="test").ids == (1, 3)
    with pytest.raises(InputError, match="--split val: the column 'split' of 'mine' holds test, train"):
        read_items(["mine"], names, split="val")
    with pytest.raises(InputError, match="'plain' has no column 'split'"):
        read_items(["plain"], names, split="test")


def test_a_known_layout_is_loaded_by_its_scheme_and_split(tmp_path) -> None:
    for name in ("bicycle_final/1_0.JPG", "bicycle_final/1_1.JPG", "chair_final/2_0.JPG"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        PILImage.new("RGB", (6, 4), "red").save(tmp_path / name, "JPEG")
    head = "image_id class_id super_class_id path\n"
    trained = "1 1 1 bicycle_final/1_0.JPG\n2 1 1 bicycle_final/1_1.JPG\n"
    (tmp_path / "Ebay_train.txt").write_text(head + trained)
    (tmp_path / "Ebay_test.txt").write_text(f"{head}3 9 4 chair_final/2_0.JPG\n")
    found = read_items([f"shop=sop:{tmp_path}"], Names({}), split="train")["shop"]
    assert found.column("label").tolist() == ["1", "1"]
    assert len(read_items([f"sop:{tmp_path}"], Names({}))) == 3


def test_an_encoder_is_a_variable_a_run_a_saved_space_or_a_name(tmp_path) -> None:
    space = es.Space.from_arrays(np.eye(4), ids=list("abcd"))
    space.save(tmp_path / "space")
    (tmp_path / "run").mkdir()
    (tmp_path / "run/config.json").write_text('{"job": "distill", "module": "x", "options": {}}')
    (tmp_path / "net").mkdir()
    (tmp_path / "net/config.json").write_text('{"format": "embedscope.EmbeddingNet"}')
    names = Names({"mine": space, "place": tmp_path / "run"})
    assert read_encoder("mine", names) is space
    assert read_encoder(str(tmp_path / "space"), names).ids == ("a", "b", "c", "d")
    for word in (str(tmp_path / "run"), f"trained:{tmp_path / 'run'}", "place"):
        assert isinstance(read_encoder(word, names), es.Run)
    for word in ("minilm", str(tmp_path / "net")):
        assert read_encoder(word, names) == word
    assert [is_run(tmp_path / name) for name in ("run", "net", "space", "none")] == [
        True,
        False,
        False,
        False,
    ]
    (tmp_path / "net/config.json").write_text("{")
    assert not is_run(tmp_path / "net")
