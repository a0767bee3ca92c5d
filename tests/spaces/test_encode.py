"""encode: what is known is not computed again, what is new is, and nothing is dropped silently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError, StoreError
from embedscope.items.items import Items
from embedscope.spaces.encode import DEFAULT_ENCODERS, encode
from embedscope.spaces.store import VectorStore


@pytest.fixture
def options(tmp_path: Path) -> dict:
    return {"store": tmp_path / "store", "progress": False}


def test_vectors_are_the_encoders_own_in_the_items_order(texts, encoder, options) -> None:
    space = encode(texts, encoder, chunk=3, **options)
    np.testing.assert_array_equal(space.vectors, encoder.encode(list(texts.payloads)))
    assert space.ids == texts.ids
    assert space.encoder is encoder.record
    assert space.vectors.dtype == np.float32


def test_equal_content_is_encoded_once_and_longest_first(texts, encoder, options) -> None:
    encode(texts, encoder, chunk=4, **options)
    assert len(encoder.seen) == len(set(texts.payloads)) == 19
    assert sorted(encoder.seen) == sorted(set(texts.payloads))
    assert [len(call) for call in encoder.calls] == [4, 4, 4, 4, 3]
    lengths = [len(text) for text in encoder.seen]
    assert lengths == sorted(lengths, reverse=True)


def test_running_again_computes_nothing(texts, make_encoder, options) -> None:
    first = encode(texts, make_encoder(), **options)
    again = make_encoder()
    space = encode(texts, again, **options)
    assert again.calls == []
    assert space.vectors.tobytes() == first.vectors.tobytes()
    assert space.fingerprint == first.fingerprint


def test_a_changed_item_encodes_that_item(texts, make_encoder, options) -> None:
    encode(texts, make_encoder(), **options)
    changed = list(texts.payloads)
    changed[7] = "something new"
    again = make_encoder()
    space = encode(Items.from_texts(changed, ids=list(texts.ids)), again, **options)
    assert again.seen == ["something new"]
    np.testing.assert_array_equal(space.vectors, make_encoder().encode(changed))


def test_a_longer_list_in_another_order_encodes_what_is_new(texts, make_encoder, options) -> None:
    encode(texts, make_encoder(), **options)
    longer = ["brand new", *reversed(texts.payloads), "also new"]
    again = make_encoder()
    space = encode(longer, again, **options)
    assert sorted(again.seen) == ["also new", "brand new"]
    np.testing.assert_array_equal(space.vectors, make_encoder().encode(longer))


@pytest.mark.parametrize("change", [{"seed": 1}, {"role": "query"}, {"dims": 8}])
def test_what_changes_a_vector_is_computed_anew(texts, make_encoder, options, change) -> None:
    encode(texts, make_encoder(), **options)
    other = make_encoder(seed=change.get("seed", 0))
    asked = {key: value for key, value in change.items() if key != "seed"}
    space = encode(texts, other, **asked, **options)
    assert len(other.seen) == 19
    np.testing.assert_array_equal(space.vectors, other.encode(list(texts.payloads), **asked))
    assert space.dims == change.get("dims", 16)
    assert space.role == change.get("role")


def test_images_are_encoded_by_content(pictures, make_encoder, options) -> None:
    first = make_encoder(modalities=("image",))
    encode(pictures, first, **options)
    assert len(first.seen) == 4
    again = make_encoder(modalities=("image",))
    renamed = Items.from_images([image.read() for image in pictures.payloads], ids=list("abcd"))
    assert encode(renamed, again, **options).ids == ("a", "b", "c", "d")
    assert again.seen == []


def test_marked_items_are_left_out_and_told(encoder, options) -> None:
    with pytest.warns(EmbedscopeWarning, match="1 of 3 items cannot be used"):
        items = Items.from_texts(["a cat", "", "a dog"], ids=["x", "y", "z"], on_error="mark")
    with pytest.warns(EmbedscopeWarning, match="1 of 3 items are marked as problems and left out: 'y'"):
        space = encode(items, encoder, **options)
    assert space.ids == ("x", "z")
    assert [problem.id for problem in space.problems] == ["y"]
    assert "1 problems" in repr(space)


def test_a_vector_that_is_not_finite_names_the_item_and_keeps_the_rest(encoder, options) -> None:
    words = [f"{'word ' * (9 - row)}{row}" for row in range(9)]
    words[6] = "poison 12"
    items = Items.from_texts(words, ids=[f"id{row}" for row in range(9)])
    with pytest.raises(InputError, match=r"The item 'id6' cannot be encoded: .*NaN") as caught:
        encode(items, encoder, chunk=3, **options)
    assert "Kept are 6 of 9" in caught.value.__notes__[0]
    encoder.calls.clear()
    healthy = items.take(np.array([0, 1, 2, 3, 4, 5, 7, 8]))
    encode(healthy, encoder, chunk=3, **options)
    assert sorted(encoder.seen) == sorted([words[7], words[8]])


def test_what_an_encoder_has_not_is_refused_before_an_item_is_blamed(texts, encoder, options) -> None:
    with pytest.raises(InputError, match="has no tasks") as caught:
        encode(texts, encoder, task="clustering", **options)
    assert "The item" not in str(caught.value)


def test_an_encoder_of_the_wrong_modality_says_which_to_take(pictures, encoder, options) -> None:
    with pytest.raises(InputError, match=r"takes texts, and these are images.*timm:efficientnet_lite0"):
        encode(pictures, encoder, **options)


def test_vectors_of_the_wrong_shape_are_refused(texts, make_encoder, options) -> None:
    class Wrong(make_encoder):
        def encode(self, payloads, **asked):
            return super().encode(payloads, **asked)[:, :3]

    with pytest.raises(InputError, match=r"gave vectors of shape \(19, 3\)"):
        encode(texts, Wrong(), **options)


def test_whatever_load_items_takes_is_taken(encoder, options) -> None:
    frame = pa.table({"text": ["a cat", "a dog"], "label": [1, 2]})
    assert encode(frame, encoder, **options).items.column("label").tolist() == [1, 2]
    assert encode(["a cat", "a dog"], encoder, **options).items.payloads == ("a cat", "a dog")


def test_nothing_usable_is_an_error(encoder, options) -> None:
    with pytest.warns(EmbedscopeWarning):
        items = Items.from_texts([""], on_error="mark")
    with pytest.raises(InputError, match="nothing to encode: 1 items, none of them usable"):
        encode(items, encoder, **options)


def test_an_unknown_option_suggests_the_known(texts, encoder) -> None:
    with pytest.raises(MissingError, match=r"'batchsize'. Did you mean 'batch_size'"):
        encode(texts, encoder, batchsize=4)
    with pytest.raises(InputError, match="chunk=0"):
        encode(texts, encoder, chunk=0)


def test_a_store_that_cannot_be_written_says_what_to_pass(texts, encoder) -> None:
    with pytest.raises(StoreError, match="store="):
        encode(texts, encoder, store="/proc/embedscope", progress=False)


def test_a_store_can_be_handed_over(texts, encoder, tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    encode(texts, encoder, store=store, progress=False)
    assert store.contents().column("vectors") == [19]


def test_a_damaged_store_is_a_clear_error_and_mended_by_deleting(texts, make_encoder, options) -> None:
    first = encode(texts, make_encoder(), **options).vectors.copy()
    store = VectorStore(options["store"])
    (key,) = store.contents().column("key")
    for file in (options["store"] / f"{key}.lance" / "data").iterdir():
        file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(StoreError, match=r"cannot be read: .*VectorStore\.delete"):
        encode(texts, make_encoder(), **options)
    store.delete(key)
    assert encode(texts, make_encoder(), **options).vectors.tobytes() == first.tobytes()


def test_many_chunks_are_compacted(texts, encoder, options) -> None:
    encode(texts, encoder, chunk=1, **options)
    (key,) = VectorStore(options["store"]).contents().column("key")
    assert len(list((options["store"] / f"{key}.lance" / "data").iterdir())) == 1


def test_vectors_are_read_when_they_are_needed(texts, encoder, options) -> None:
    space = encode(texts, encoder, **options)
    assert not space._kept.has_vectors
    parts = list(space.iter_vectors(6))
    assert [len(part) for part in parts] == [6, 6, 6, 2]
    assert not space._kept.has_vectors
    assert np.concatenate(parts).tobytes() == space.vectors.tobytes()


def test_the_graph_is_kept_with_the_store(texts, encoder, options, monkeypatch) -> None:
    first = encode(texts, encoder, **options).neighbors(5)
    monkeypatch.setattr("embedscope.spaces.kept.find_neighbors", None)
    again = encode(texts, encoder, **options).neighbors(4)
    np.testing.assert_array_equal(again.indices, first.indices[:, :4])


def test_the_bar_counts_what_is_computed_and_notes_what_was_kept(
    texts, make_encoder, options, capsys
) -> None:
    options["progress"] = True

    class Silent(make_encoder):
        def encode(self, payloads, *, progress=None, **asked):
            return super().encode(payloads, **asked)

    encode(texts.take(np.arange(5)), Silent(), **options)
    encode(texts, make_encoder(), chunk=5, **options)
    shown = capsys.readouterr().err
    assert "5/5" in shown
    assert "14/14" in shown
    assert "5 kept already" in shown
    encode(texts, make_encoder(), **options)
    assert capsys.readouterr().err == ""


@pytest.mark.network
def test_minilm_is_the_default_and_a_saved_space_searches_with_it(tmp_path: Path, options) -> None:
    from embedscope.spaces.space import Space

    assert DEFAULT_ENCODERS == {"text": "minilm", "image": "timm:efficientnet_lite0"}
    space = encode(["a cat sleeps", "the stock market fell", "kittens play"], **options)
    saved = Space.load(space.save(tmp_path / "saved"))
    assert saved.loaded is None
    assert saved.search("banks and money", k=1).items.payloads == ("the stock market fell",)
    assert saved.neighbors_of(0, k=1).items.payloads == ("kittens play",)
