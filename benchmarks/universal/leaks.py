"""What would leak from training into the test: the same picture, or the same person, under two labels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from PIL import Image as PILImage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from embedscope.items.items import Items
from embedscope.items.payloads import Image

_SIDE = 16
_ROWS = 1024
# Joiner, variation selector, female, male, "facing right"; and hair: red, curly, bald, white.
_DROPPED = {0x200D, 0xFE0F, 0x2640, 0x2642, 0x27A1, 0x1F9B0, 0x1F9B1, 0x1F9B2, 0x1F9B3}
# Each family's code points stand for one person, whatever the gender or the age that it is drawn with.
_ALIKE = (
    (0x1F9D1, 0x1F468, 0x1F469),  # adult, man, woman
    (0x1F9D2, 0x1F466, 0x1F467),  # child, boy, girl
    (0x1F9D3, 0x1F474, 0x1F475),  # older adult
    (0x1FAC5, 0x1F934, 0x1F478),  # person with a crown, prince, princess
    (0x1F385, 0x1F936),  # Santa and Mrs Claus
    (0x1F57A, 0x1F483),  # dancers
    (0x1F470, 0x1F935),  # in veil, in tuxedo
    (0x1F930, 0x1FAC3, 0x1FAC4),  # pregnant
)
_FIRST = {point: family[0] for family in _ALIKE for point in family}
_MX_CLAUS = (0x1F9D1, 0x1F384)


def person_of(label: str, character: str, category: str, subcategory: str) -> str:
    """Give what variants of one person share: the emoji without gender, hair, direction; else the label."""
    if category != "People & Body":
        return f"label {label}"
    if subcategory == "family" or label.startswith("family_"):
        return "family"
    points = tuple(
        _FIRST.get(ord(letter), ord(letter)) for letter in character if ord(letter) not in _DROPPED
    )
    return f"person {(0x1F385,) if points == _MX_CLAUS else points}"


def contrast(items: Items) -> np.ndarray:
    """Standard deviation of each image's shrunken pixels, colours apart, 0 to 0.5: 0 is a blank sheet."""
    pixels = _shrunken(items).reshape(len(items), -1, 3)
    spread: np.ndarray = pixels.std(axis=1).max(axis=1)
    return spread


def twins(items: Items, labels: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """Find pairs of rows of two labels whose pictures differ by less than the threshold (RMS, 0 to 1)."""
    pixels = _shrunken(items)
    squares = np.einsum("ij,ij->i", pixels, pixels, dtype=np.float64)
    limit = threshold**2 * pixels.shape[1]
    found: list[tuple[int, int]] = []
    for start in range(0, len(pixels), _ROWS):
        block = slice(start, start + _ROWS)
        apart = squares[block, None] + squares[None] - 2.0 * (pixels[block] @ pixels.T)
        first, second = np.nonzero(apart < limit)
        chosen = (first + start < second) & (labels[first + start] != labels[second])
        found += zip((first[chosen] + start).tolist(), second[chosen].tolist(), strict=True)
    return found


def connect(labels: np.ndarray, pairs: Iterable[tuple[int, int]]) -> np.ndarray:
    """Give each row the first, by the alphabet, of the labels that pairs of rows connect with its own."""
    names, codes = np.unique(labels, return_inverse=True)
    edges = codes[np.array(list(pairs), np.int64).reshape(-1, 2)]
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(names), len(names)))
    _, groups = connected_components(graph, directed=False)
    _, first = np.unique(groups, return_index=True)
    connected: np.ndarray = names[first[groups[codes]]]
    return connected


def _shrunken(items: Items) -> np.ndarray:
    return np.stack([_pixels(payload) for payload in items.payloads]).astype(np.float32) / np.float32(255)


# Every image is asked for several times, and decoding is what takes the time.
@cache
def _pixels(image: Image) -> np.ndarray:
    small = image.open().resize((_SIDE, _SIDE), PILImage.Resampling.BOX)
    return np.asarray(small, np.uint8).reshape(-1)
