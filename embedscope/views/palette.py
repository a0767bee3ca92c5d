"""The colours of categories and the ramp of numbers, one table for the widget and the snapshots."""

from __future__ import annotations

from typing import Any

# Okabe and Ito's colours, less the yellow (lost on white) and the black (lost on dark).
_SEED = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")

# What glasbey gave for `glasbey_options()`; a test makes it again. Importing glasbey takes seconds.
_TABLE = """
    0072b2 e69f00 009e73 cc79a7 56b4e9 d55e00 8cd6b5 528400 de42d6 3a847b ff9ce6 b58c6b 10e65a 73adad b5428c
    638cff 73ad00 c59cff 298c5a 2994ad 3adede b521d6 de6bb5 efad84 00b58c 7b52ff ce6319 00ce7b f7b500 d6a5bd
    bd29ad a594c5 00a54a a5633a de8c4a ff63e6 3ad6ff 947b9c ce6bff 19d6bd 42adef adb5d6 9473ce 6b948c 10bdce
    f7a552 de31ad 6b7394 de9c00 94b594 0084d6 bd8ca5 5ac54a 739473 319c9c c53aff efa5ff ef6b00 4a9c00 427bad
    00e694 d694c5 b55200 7bad5a 10cea5 108c3a 5a8473 ce9c73 946b84 f73ace ad7b4a 6bce00 9c735a 7b94ce 52c5c5
    f75aff ad63b5 21bda5 ce21d6 52ad73 bd6b9c a5c5ce a5c56b 9c9431 bd73b5 b5c59c 5aa5b5 945ab5 9c4aef 0894ce
    5abdef 947b29 ad8cad deb5d6 ff8cce a5cec5 109c7b ce94de bd84de 9c5a94 298c94 ff63ce adb5ef 42cede 84de29
    0084ff 00ad9c ff7bff 8c84b5 3ad69c de3aef ce19a5 5a945a de21bd 00b53a 94bdb5 f784de b5a531 c58452 84ad9c
    adc542 6b94e6 94add6 d67bc5 c5bdef 5aadd6 737bad 7b63c5 e69c63 94a5bd f742e6 ad94ff f78c3a 737b4a 00c58c
    94ad7b 5a8c8c 8c6bde 3a9429 4adebd 9cb563 a5bd84 5a7b84 b563a5 ff9c29 b573ce 00a5bd ce73ce d67331 bd8400
    7b9c5a 7b94a5 ad73ff 00c5b5 21849c 29e67b 4aa58c 8c6bff 21a5ff 6b8c42 219484 d6a5e6 19b5b5 9c5aa5 7ba59c
    9c8410 bd19bd 8ca584 debd73 21c521 ce94b5 f73abd 9ca5e6 adce8c 739c9c 94b5bd 00d66b ad6394 e6bd42 31bd73
    c529e6 d6a5d6 847329 63d6ce b5c5de a57bde c5bd08 8cc5ad 009c6b 8cceef c5ad4a 00c563 6b8ca5 ce3ac5 948c63
    ad849c 9473a5 19bdff ef73bd 298cb5 849442 5a6bde 3aa531 31d642 e67bef d65aad 10a5d6 b5a5c5 9494e6 9cb500
    947300 bd5aef 31a57b 637bc5 de5aef ad9c42 8c6b8c ff7300 d6a5ff bd6b31 ce319c 3a8463 318ce6 b5ce63 bd5ad6
    21ad08 bd4aad 638c73 a5c5ff ff52d6 297bbd d6ad8c ce84f7 7bb5ad 737b94 6b8cbd d652bd ad7ba5 9c5ace 8c94ff
    c59400 ff84d6 73c5bd 8c7be6 73a58c 52c5ad bd94c5 8494bd 3abd9c 9c84ad 7b6ba5 b59c63 94adff 5ad684 c584ad
"""

PALETTE: tuple[str, ...] = tuple(f"#{digits}" for digits in _TABLE.split())
"""255 category colours, commonest category first; readable on white and on dark."""

MISSING = "#9aa0a6"
"""Grey of what is missing, unclustered or folded together."""

RAMP: tuple[str, ...] = (
    "#3b4cb0",
    "#6a4bb8",
    "#9449b0",
    "#ba4a9b",
    "#d95481",
    "#ec6a64",
    "#f48a4a",
    "#f4ac3c",
    "#eccb4a",
)
"""Ramp of numbers, low to high; grows lighter all along, with a hue for every lightness."""


def glasbey_options() -> dict[str, Any]:
    """Give the arguments of ``glasbey.extend_palette`` that made `PALETTE`.

    Returns
    -------
    dict
        Keyword arguments.

    Notes
    -----
    Glasbey's greedy algorithm, each new colour as far as may be from all before it, in CAM02-UCS as a
    person with moderate deuteranomaly (severity 60) sees it; lightness between 38 and 72 to stand out
    on white and on dark.

    References
    ----------
    Glasbey, van der Heijden, Toh, Gray 2007, "Colour displays for categorical images".
    Okabe, Ito 2008, "Color universal design".
    """
    return {
        "palette": list(_SEED),
        "palette_size": 255,
        "grid_size": 32,
        "lightness_bounds": (38, 72),
        "chroma_bounds": (20, 85),
        "colorblind_safe": True,
        "cvd_severity": 60,
        "optimize_palette": False,
    }


def category_color(rank: int) -> str:
    """Colour of a category, by its rank alone: the same in every view.

    Parameters
    ----------
    rank : int
        0 for the commonest category.

    Returns
    -------
    str
        ``"#rrggbb"``; `MISSING` past the end of the palette.

    Examples
    --------
    >>> category_color(0), category_color(1000)
    ('#0072b2', '#9aa0a6')
    """
    return PALETTE[rank] if 0 <= rank < len(PALETTE) else MISSING
