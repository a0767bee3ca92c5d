"""SVG drawings become PNG files, once: icon sets of Iconify, and files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from embedscope._fetch import make_folder
from embedscope._hashing import hash_record
from embedscope._optional import require
from embedscope._progress import progress_bar

PIXELS = 72
_NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
# What changes the pixels and is not in the drawings: a new number renders all again.
_RENDERING = 1


def render_all(name: str, drawings: Mapping[str, str]) -> Path:
    """Render drawings into a folder of the cache, when first needed.

    Parameters
    ----------
    name : str
        Begins the folder's name.
    drawings : mapping of str to str
        Name of the file (without ``.png``) to SVG.

    Returns
    -------
    Path
        A folder with one PNG a drawing, 72 px high (and wide, where the drawing is square).

    Raises
    ------
    DependencyError
        If the package resvg_py is missing.
    """
    key = hash_record({"drawings": dict(drawings), "pixels": PIXELS, "rendering": _RENDERING})

    def fill(folder: Path) -> None:
        draw = _renderer()
        with progress_bar(len(drawings), f"Drawing {name}", "image") as bar:
            for one, svg in drawings.items():
                (folder / f"{one}.png").write_bytes(draw(svg))
                bar.update(1)

    return make_folder(f"drawn-{name}-{key[:8]}", fill)


def _renderer() -> Callable[[str], bytes]:
    resvg = require("resvg_py", install="resvg-py", purpose="to draw SVG images")

    def draw(svg: str) -> bytes:
        # The fonts of the machine would make the pixels differ from machine to machine.
        return bytes(resvg.svg_to_bytes(svg_string=svg, height=PIXELS, skip_system_fonts=True))

    return draw


class IconSet:
    """One of Iconify's icon sets: names to drawings.

    Parameters
    ----------
    file : Path
        Its ``icons.json``.
    """

    def __init__(self, file: Path) -> None:
        content: dict[str, Any] = json.loads(file.read_bytes())
        self._icons: dict[str, dict[str, Any]] = content["icons"]
        self._aliases: dict[str, dict[str, Any]] = content.get("aliases", {})
        self._sizes = {"width": content.get("width", 16), "height": content.get("height", 16)}

    @property
    def names(self) -> list[str]:
        """Names of the icons, aliases apart, sorted."""
        return sorted(self._icons)

    def __contains__(self, name: str) -> bool:
        return name in self._icons or self._aliases.get(name, {}).get("parent") in self._icons

    def svg(self, name: str) -> str:
        """Give an icon as an SVG file, in the middle of a square.

        Parameters
        ----------
        name : str
            An icon or an alias.

        Returns
        -------
        str
            The SVG.
        """
        alias = self._aliases.get(name, {})
        icon = {**self._sizes, **self._icons[alias.get("parent", name)], **alias}
        width, height = icon["width"], icon["height"]
        left, top, side = icon.get("left", 0), icon.get("top", 0), max(width, height)
        box = f"{left - (side - width) / 2:g} {top - (side - height) / 2:g} {side:g} {side:g}"
        body = icon["body"]
        if icon.get("hFlip"):
            body = f'<g transform="translate({2 * left + width:g} 0) scale(-1 1)">{body}</g>'
        return f'<svg {_NAMESPACES} viewBox="{box}" width="{side:g}" height="{side:g}">{body}</svg>'

    def svgs(self, names: Iterable[str]) -> dict[str, str]:
        """Give several icons as SVG files.

        Parameters
        ----------
        names : iterable of str
            Icons or aliases.

        Returns
        -------
        dict of str to str
            Name to SVG.
        """
        return {name: self.svg(name) for name in names}
