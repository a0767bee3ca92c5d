"""Images become items: a folder, paths, bytes, PIL images, arrays."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from embedscope._errors import InputError, MissingError
from embedscope.items.columns import as_columns
from embedscope.items.from_texts import is_missing
from embedscope.items.payloads import Image
from embedscope.items.problems import Gathered, OnError, as_ids, settle

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".ppm", ".pgm"}
)
# Images too, but of kinds that Pillow does not read: in a folder they are reported, not passed over.
UNREADABLE = frozenset({".svg", ".svgz", ".heic", ".heif", ".jxl", ".raw", ".cr2", ".nef", ".dng"})
_THREADS = 8
_PROBE = (64, 64)


def gather_images(
    source: Any, ids: Iterable[Any] | None, columns: Any, check: bool, on_error: OnError
) -> tuple[Gathered, str]:
    """Check images and what came beside them.

    Parameters
    ----------
    source : path of a folder, or iterable of paths, bytes, PIL images or uint8 arrays
        The images.
    ids : iterable, optional
        One an image.
    columns : mapping or data frame, optional
        One row an image.
    check : bool
        Decode each once.
    on_error : {"raise", "skip", "mark"}
        What happens to what is no image.

    Returns
    -------
    gathered : Gathered
        The parts of an `Items`.
    name : str
        A folder's name, or "images".

    Raises
    ------
    MissingError
        If the folder is not there.
    InputError
        If a single image came, or ids or columns do not fit.

    Examples
    --------
    >>> gather_images([np.zeros((4, 4), np.uint8)], None, None, True, "raise")[1]
    'images'
    """
    name = "images"
    if isinstance(source, str | os.PathLike):
        folder = Path(source)
        values: list[Any] = list_folder(folder)
        name = folder.resolve().name
        below = [path.relative_to(folder) for path in values]
        ids = [path.as_posix() for path in below] if ids is None else ids
        columns = {"folder": [path.parent.as_posix() for path in below]} if columns is None else columns
    elif isinstance(source, bytes | bytearray | np.ndarray) and getattr(source, "ndim", 0) < 4:
        raise InputError("A list of images was wanted; a single image came. Put it in a list: [image].")
    else:
        values = list(source)
    return _gather(values, ids, columns, check, on_error), name


def _gather(
    values: Sequence[Any], ids: Iterable[Any] | None, columns: Any, check: bool, on_error: OnError
) -> Gathered:
    known = _ids_of(values) if ids is None else list(ids)
    images, reasons = as_images(values, check)
    return settle(images, reasons, as_ids(known, len(values)), as_columns(columns, len(values)), on_error)


def _ids_of(values: Sequence[Any]) -> list[str] | None:
    if values and all(isinstance(value, str | os.PathLike) for value in values):
        return [Path(value).as_posix() for value in values]
    return None


def list_folder(folder: Path) -> list[Path]:
    """List a folder's images and those of the folders in it, in the order of their paths.

    Parameters
    ----------
    folder : Path
        Hidden files and folders in it are left alone, and so are files without an image's suffix. Images of a
        kind that cannot be read (`UNREADABLE`) are listed, so that they are reported.

    Returns
    -------
    list of Path
        Each begins with ``folder``.

    Raises
    ------
    MissingError
        If it is not there, or no image is in it.
    """
    if not folder.is_dir():
        raise MissingError(f"There is no folder {str(folder)!r}. Give a folder, or a list of image files.")
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES | UNREADABLE
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise MissingError(f"No image lies in {str(folder)!r}; looked for {', '.join(sorted(SUFFIXES))}.")
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def as_images(values: Sequence[Any], check: bool) -> tuple[list[Image | None], dict[int, str]]:
    """Make an `Image` of each value, or say why not.

    Parameters
    ----------
    values : sequence of paths, bytes, PIL images, uint8 arrays, or the hub's {"bytes", "path"}
        What came.
    check : bool
        Decode each once.

    Returns
    -------
    images : list of Image or None
        One a value.
    reasons : dict of int to str
        Why there is none, by row.
    """
    with ThreadPoolExecutor(_THREADS) as threads:
        results = list(threads.map(lambda value: _as_image(value, check), values))
    images = [result if isinstance(result, Image) else None for result in results]
    return images, {row: result for row, result in enumerate(results) if isinstance(result, str)}


def _as_image(value: Any, check: bool) -> Image | str:
    """Give the image, or the reason why there is none."""
    if is_missing(value):
        return "the image is missing"
    try:
        image = _wrap(value)
        if image.path is not None and image.path.suffix.lower() in UNREADABLE:
            return f"a {image.path.suffix} file cannot be read as it is: make a PNG or JPEG of it"
        if image.path is not None and not image.path.is_file():
            return f"there is no file {image.path.as_posix()!r}"
        if check:
            _decode(image)
    except InputError as error:
        return str(error)
    except Exception as error:  # PIL's decoders raise errors of many types on corrupt data
        return f"the image cannot be decoded: {_one_line(error)}"
    return image


def _one_line(error: Exception) -> str:
    """Give an error's message without the address of the buffer that PIL writes into it."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "it is not in a known image format" if text.startswith("cannot identify image file") else text


def _wrap(value: Any) -> Image:
    if isinstance(value, Image):
        return value
    if isinstance(value, str | os.PathLike):
        return Image(path=Path(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return Image(data=bytes(value))
    if isinstance(value, dict) and ("bytes" in value or "path" in value):
        return _wrap(value.get("bytes") if value.get("bytes") is not None else value.get("path"))
    return Image(data=_to_png(value))


def _to_png(value: Any) -> bytes:
    from PIL import Image as PILImage

    if isinstance(value, np.ndarray):
        if value.dtype != np.uint8 or value.ndim not in (2, 3):
            raise InputError(
                "an array of an image must be uint8 and (height, width) or (height, width, 3 or 4); "
                f"{value.dtype} of shape {value.shape} came"
            )
        value = PILImage.fromarray(np.squeeze(value, axis=2) if value.shape[2:] == (1,) else value)
    if not isinstance(value, PILImage.Image):
        raise InputError(f"an image was wanted and {type(value).__name__} came")
    buffer = io.BytesIO()
    keeps = value.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16")
    (value if keeps else value.convert("RGB")).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _decode(image: Image) -> None:
    """Decode the whole file: a header alone says nothing of a file that was cut short."""
    from PIL import Image as PILImage

    with PILImage.open(io.BytesIO(image.read())) as opened:
        opened.draft("RGB", _PROBE)
        opened.load()
