"""What every encoder promises, whatever it is made of: one suite over all of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from embedscope import Items, encoders, load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.protocol import Encoder, EncoderRecord
from embedscope.items.payloads import Image, Payload

ENCODERS = [
    pytest.param("minilm", marks=pytest.mark.network),
    pytest.param("wordllama", marks=pytest.mark.network),
    pytest.param("use-multilingual", marks=pytest.mark.network),
    pytest.param("e5-small", marks=pytest.mark.network),
    pytest.param("scope-text", marks=pytest.mark.network),
    pytest.param("timm:efficientnet_lite0", marks=pytest.mark.network),
    "sentence-transformers",
    "sentence-transformers object",
    "transformers mean",
    "transformers last",
    "llm",
    "open_clip text",
    "open_clip image",
    "timm",
    "trained",
    "trained in memory",
    "torch image",
    "torch text",
    "precomputed",
]
# Those that exist only while their object does.
IN_MEMORY = {"sentence-transformers object", "trained in memory", "torch image", "torch text", "precomputed"}
TEXTS = ["a cat", "the dogs", "x", "cat " * 30, "Zürich 東京 🙂", "a", "the the the cat", " \n dog \t "]


@dataclass(frozen=True)
class Case:
    """An encoder with payloads that it takes."""

    name: str
    encoder: Encoder
    payloads: list[Payload]
    make: Callable[[], Encoder]

    @property
    def takes_any(self) -> bool:
        return self.name != "precomputed"


class Letters(torch.nn.Module):
    """Counts of letters times a matrix: a text encoder of two lines."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.weight = torch.nn.Parameter(torch.randn(256, 12, generator=generator))

    def forward(self, counts: torch.Tensor) -> torch.Tensor:
        return counts @ self.weight


def count_letters(text: str) -> torch.Tensor:
    return torch.bincount(torch.tensor(list(text.encode()) or [0]), minlength=256).float()


def to_tensor(image) -> torch.Tensor:
    return torch.from_numpy(np.array(image.resize((8, 8)), np.float32)).permute(2, 0, 1) / 255


def small_network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 6, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(216, 10)
    )


def known_vectors() -> Encoder:
    vectors = np.random.default_rng(0).normal(size=(len(TEXTS), 7)).astype(np.float32)
    return load_encoder(vectors, items=Items.from_texts(TEXTS))


def maker(name: str, request) -> Callable[[], Encoder]:
    """How an encoder is made, so that a test can make it twice."""

    def folder(fixture: str):
        return request.getfixturevalue(fixture)

    def st_object():
        from sentence_transformers import SentenceTransformer

        return load_encoder(SentenceTransformer(str(folder("st_folder")), device="cpu"))

    makers = {
        "sentence-transformers": lambda: load_encoder(
            f"sentence-transformers:{folder('st_folder')}", device="cpu"
        ),
        "sentence-transformers object": st_object,
        "transformers mean": lambda: load_encoder(f"transformers:{folder('bert_folder')}", device="cpu"),
        "transformers last": lambda: load_encoder(
            f"transformers:{folder('bert_folder')}", pooling="last", max_length=20, device="cpu"
        ),
        "llm": lambda: load_encoder(f"llm:{folder('decoder_folder')}", device="cpu"),
        "open_clip text": lambda: load_encoder(f"open_clip:{folder('clip_folder')}", device="cpu"),
        "open_clip image": lambda: load_encoder(f"open_clip:{folder('clip_folder')}", device="cpu"),
        "timm": lambda: load_encoder(f"timm:{folder('timm_folder')}", device="cpu"),
        "trained": lambda: load_encoder(folder("net_folder"), device="cpu"),
        "trained in memory": lambda: load_encoder(folder("small_net"), device="cpu"),
        "torch image": lambda: load_encoder(small_network(), prepare=to_tensor, device="cpu"),
        "torch text": lambda: load_encoder(Letters(), prepare=count_letters, modality="text", device="cpu"),
        "precomputed": known_vectors,
    }
    return makers.get(name, lambda: load_encoder(name, device="cpu"))


@pytest.fixture(scope="module", params=ENCODERS)
def case(request, pictures) -> Case:
    make = maker(request.param, request)
    encoder = make()
    takes_images = "image" in encoder.record.modalities and request.param != "open_clip text"
    return Case(request.param, encoder, pictures if takes_images else list(TEXTS), make)


def test_it_is_an_encoder_with_a_record(case):
    assert isinstance(case.encoder, Encoder)
    record = case.encoder.record
    assert isinstance(record, EncoderRecord)
    assert record.dims == case.encoder.encode(case.payloads[:1]).shape[1]


def test_vectors_are_finite_float32_one_an_item(case):
    vectors = case.encoder.encode(case.payloads)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(case.payloads), case.encoder.record.dims)
    assert np.isfinite(vectors).all()
    assert vectors.flags.c_contiguous
    assert len(np.unique(vectors.round(5), axis=0)) > len(vectors) / 2


def test_nothing_in_nothing_out(case):
    vectors = case.encoder.encode([])
    assert vectors.shape == (0, case.encoder.record.dims)
    assert vectors.dtype == np.float32


def test_the_order_is_kept_and_batch_mates_change_nothing(case):
    together = case.encoder.encode(case.payloads)
    backwards = case.encoder.encode(case.payloads[::-1])[::-1]
    alone = np.concatenate([case.encoder.encode([payload]) for payload in case.payloads])
    np.testing.assert_allclose(backwards, together, atol=1e-5)
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_the_same_input_gives_the_same_bits(case):
    np.testing.assert_array_equal(case.encoder.encode(case.payloads), case.make().encode(case.payloads))


def test_dims_keeps_a_prefix_and_normalises_it(case):
    dims = case.encoder.record.dims // 2
    whole, cut = case.encoder.encode(case.payloads), case.encoder.encode(case.payloads, dims=dims)
    prefix = whole[:, :dims].astype(np.float64)
    np.testing.assert_allclose(cut, prefix / np.linalg.norm(prefix, axis=1, keepdims=True), atol=1e-6)


@pytest.mark.parametrize("dims", [0, -1, 10_000])
def test_dims_out_of_range_say_what_there_is(case, dims):
    with pytest.raises(InputError, match=f"dims={dims} came; .* 1 to {case.encoder.record.dims}"):
        case.encoder.encode(case.payloads[:1], dims=dims)


def test_the_wrong_modality_names_the_item(case, pictures):
    wrong: Payload = "a text" if isinstance(case.payloads[0], Image) else pictures[0]
    with pytest.raises(InputError, match=r"Item 1 is (a text|an image); the encoder '.*' takes"):
        case.encoder.encode([case.payloads[0], wrong])


def test_one_text_without_a_list_is_refused(case):
    with pytest.raises(InputError, match=r"One str came; wanted a list of payloads. Write \[payload\]"):
        case.encoder.encode("a text")


def test_an_unknown_task_is_refused(case):
    with pytest.raises((InputError, MissingError), match="no_such_task"):
        case.encoder.encode(case.payloads[:1], task="no_such_task")


def test_both_roles_are_taken(case):
    for role in ("query", "document"):
        assert np.isfinite(case.encoder.encode(case.payloads[:2], role=role)).all()


def test_progress_sums_to_the_number_of_items(case):
    steps: list[int] = []
    case.encoder.encode(case.payloads, progress=steps.append)
    assert sum(steps) == len(case.payloads)
    assert min(steps) > 0


def test_its_fingerprint_is_the_same_when_made_again(case):
    assert case.make().record.fingerprint == case.encoder.record.fingerprint


def test_its_name_loads_it_again(case):
    name = case.encoder.record.name
    if case.name in IN_MEMORY:
        with pytest.raises(InputError, match="hand it over again"):
            load_encoder(name)
        return
    again = load_encoder(name, device="cpu")
    assert again.record == case.encoder.record
    np.testing.assert_array_equal(again.encode(case.payloads[:3]), case.encoder.encode(case.payloads[:3]))


def test_texts_of_every_kind_have_a_vector(case):
    if isinstance(case.payloads[0], Image) or not case.takes_any:
        pytest.skip("takes other payloads")
    odd = [
        " ",
        "\u200b",
        "\x00",
        "e\u0301",
        "שלום",
        "🙂" * 50,
        "a" * 5000,
        "cat dog " * 20_000,
        "<b>&amp;</b>",
    ]
    vectors = case.encoder.encode(odd)
    assert np.isfinite(vectors).all()
    assert vectors.shape[0] == len(odd)


def test_a_corrupt_image_is_named(case, pictures, tmp_path):
    if not isinstance(case.payloads[0], Image):
        pytest.skip("takes texts")
    broken = tmp_path / "broken.png"
    broken.write_bytes(pictures[0].read()[:60])
    with pytest.raises(InputError, match=r"Item 2 \(.*broken\.png\) cannot be read as an image"):
        case.encoder.encode([pictures[0], pictures[1], Image(path=broken), pictures[2]])


def test_no_global_state_changes(case):
    threads, seed, mode = torch.get_num_threads(), torch.get_rng_state(), torch.is_grad_enabled()
    case.encoder.encode(case.payloads)
    assert torch.get_num_threads() == threads
    assert torch.is_grad_enabled() == mode
    assert torch.equal(torch.get_rng_state(), seed)


def test_the_table_lists_the_packaged_ones_and_the_schemes():
    table = encoders()
    assert table.columns == ("name", "modality", "dims", "MB", "licence", "here", "source", "about")
    named = dict(zip(table.column("name"), table.column("dims"), strict=True))
    packaged = {"minilm": 384, "wordllama": 256, "use-multilingual": 512, "e5-small": 384}
    assert {**packaged, "timm:efficientnet_lite0": 1280}.items() <= named.items()
    assert any(name.startswith("open_clip:") for name in named)
    assert all(table.column("about"))


@pytest.mark.network
def test_what_the_table_says_is_true():
    table = encoders()
    for name, dims, licence in zip(*(table.column(c) for c in ("name", "dims", "licence")), strict=True):
        if dims is not None:
            record = load_encoder(name, device="cpu").record
            assert (record.dims, record.licence, record.name) == (dims, licence, name)


def test_fingerprints_are_of_content_and_not_of_the_place(bert_folder, tmp_path):
    import shutil

    copy = shutil.copytree(bert_folder, tmp_path / "elsewhere")
    here, there = (
        load_encoder(f"transformers:{folder}", device="cpu").record for folder in (bert_folder, copy)
    )
    assert here.name != there.name
    assert here.fingerprint == there.fingerprint
    (copy / "README.md").write_text("A card changes no vector.", encoding="utf-8")
    assert load_encoder(f"transformers:{copy}", device="cpu").record.fingerprint == here.fingerprint


@pytest.mark.parametrize(
    "options",
    [{"pooling": "cls"}, {"max_length": 8}, {"normalise": False}, {"prompts": {"query": "the "}}],
)
def test_fingerprints_change_with_what_changes_a_vector(bert_folder, options):
    plain = load_encoder(f"transformers:{bert_folder}", device="cpu")
    changed = load_encoder(f"transformers:{bert_folder}", device="cpu", **options)
    assert changed.record.fingerprint != plain.record.fingerprint
    texts = ["the cat the dog a b c d e f"]
    assert not np.allclose(changed.encode(texts, role="query"), plain.encode(texts, role="query"), atol=1e-4)


def test_fingerprints_do_not_change_with_how_it_runs(bert_folder):
    plain = load_encoder(f"transformers:{bert_folder}")
    assert load_encoder(f"transformers:{bert_folder}", device="cpu", batch_size=2).record == plain.record


def test_other_weights_are_another_fingerprint(bert_folder, tmp_path, save_bert):
    other = save_bert(tmp_path / "other", seed=1)
    prints = {
        load_encoder(f"transformers:{f}", device="cpu").record.fingerprint for f in (bert_folder, other)
    }
    assert len(prints) == 2


def test_a_vector_that_is_not_finite_names_its_item():
    module = torch.nn.Identity()

    def lengths(text: str) -> torch.Tensor:
        return torch.tensor([1.0, math.nan if text == "bad" else len(text)])

    encoder = load_encoder(module, prepare=lengths, modality="text", device="cpu")
    with pytest.raises(InputError, match="NaN or infinity for item 2, 4 of 5"):
        encoder.encode(["a", "b", "bad", "c", "bad"])


def test_other_known_vectors_are_another_fingerprint():
    items = Items.from_texts(["a"])
    prints = {
        load_encoder(np.full((1, 3), value, np.float32), items=items).record.fingerprint for value in (1, 2)
    }
    assert len(prints) == 2
