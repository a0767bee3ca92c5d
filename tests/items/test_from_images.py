"""Images from a folder, paths, bytes, PIL and arrays; what cannot be decoded is reported."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.items.items import Items
from embedscope.items.payloads import Image


def picture(kind: str = "PNG", side: int = 300) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    PILImage.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.png", "cats/a.jpg", "cats/deep/c.webp", ".hidden/d.png", "cats/.e.png"):
        place = tmp_path / "pictures" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(picture({"jpg": "JPEG", "webp": "WEBP"}.get(name[-3:].strip("."), "PNG"), 8))
    (tmp_path / "pictures" / "notes.txt").write_text("no image")
    return tmp_path / "pictures"


def test_a_folder_is_searched_through(folder: Path) -> None:
    items = Items.from_images(folder)
    assert items.ids == ("b.png", "cats/a.jpg", "cats/deep/c.webp")
    assert items.column("folder").tolist() == [".", "cats", "cats/deep"]
    assert (items.name, items.modality) == ("pictures", "image")
    assert all(payload.open().size == (8, 8) for payload in items.payloads)


def test_a_folder_that_is_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="There is no folder"):
        Items.from_images(tmp_path / "nowhere")
    with pytest.raises(MissingError, match="No image lies in"):
        Items.from_images(tmp_path)


def test_everything_an_image_can_be(folder: Path) -> None:
    source = [
        folder / "b.png",
        picture(),
        PILImage.new("RGBA", (2, 2)),
        np.zeros((2, 2), np.uint8),
        np.zeros((2, 2, 1), np.uint8),
        np.zeros((2, 2, 4), np.uint8),
        {"bytes": picture(), "path": None},
        {"bytes": None, "path": str(folder / "b.png")},
        Image(data=picture()),
    ]
    items = Items.from_images(source, on_error="raise")
    assert items.ids == tuple(range(len(source)))
    assert all(payload.open().mode == "RGB" for payload in items.payloads)


def test_an_array_keeps_its_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    opened = Items.from_images([pixels]).payloads[0].open()
    assert np.array_equal(np.asarray(opened), pixels)


def test_paths_are_their_own_ids(folder: Path) -> None:
    paths = [folder / "b.png", str(folder / "cats" / "a.jpg")]
    assert Items.from_images(paths).ids == tuple(Path(path).as_posix() for path in paths)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_file_cut_short_is_corrupt_in_every_format(kind: str) -> None:
    whole = picture(kind)
    with pytest.warns(EmbedscopeWarning, match="cannot be decoded"):
        items = Items.from_images([whole, whole[: len(whole) // 2]], ids=["whole", "half"])
    assert items.ids == ("whole",)
    assert items.problems[0].id == "half"


def test_each_problem_is_reported_with_its_reason(tmp_path: Path) -> None:
    bad = [b"no image", tmp_path / "gone.png", None, np.zeros((2, 2)), np.zeros((2, 2, 2, 2), np.uint8), 7]
    with pytest.warns(EmbedscopeWarning, match="6 of 7 items"):
        items = Items.from_images([*bad, picture()], on_error="mark")
    reasons = [str(reason) for reason in items.column("problem")]
    for reason, words in zip(
        reasons,
        [
            "not in a known image format",
            "there is no file",
            "missing",
            "float64",
            "uint8 of shape",
            "int came",
            "None",
        ],
        strict=True,
    ):
        assert words in reason
    assert [payload is None for payload in items.payloads] == [True] * 6 + [False]
    assert items.valid.ids == (6,)


def test_a_reason_holds_no_memory_address() -> None:
    with pytest.warns(EmbedscopeWarning):
        assert "0x" not in Items.from_images([b"no image"]).problems[0].reason


def test_without_the_check_files_are_looked_for_and_not_decoded(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no image")
    assert len(Items.from_images([tmp_path / "bad.png"], check=False)) == 1
    with pytest.warns(EmbedscopeWarning, match="there is no file"):
        assert len(Items.from_images([tmp_path / "gone.png"], check=False)) == 0


def test_a_single_image_is_a_mistake() -> None:
    for single in (picture(), np.zeros((2, 2, 3), np.uint8)):
        with pytest.raises(InputError, match="Put it in a list"):
            Items.from_images(single)


def test_one_array_of_many_images() -> None:
    assert len(Items.from_images(np.zeros((4, 2, 2, 3), np.uint8))) == 4


def test_an_image_of_a_kind_that_cannot_be_read_is_reported(folder: Path) -> None:
    (folder / "logo.SVG").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "notes.txt").write_text("no image")
    with pytest.warns(EmbedscopeWarning, match="logo.SVG"):
        items = Items.from_images(folder, check=False)
    assert len(items) == 3
    (problem,) = items.problems
    assert problem.id == "logo.SVG"
    assert "make a PNG" in problem.reason
