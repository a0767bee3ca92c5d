"""The one widget class: its traits are the whole contract with the front end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from embedscope._errors import MissingError

STATIC = Path(__file__).parent / "static"


def read_bundle(name: str, folder: Path = STATIC) -> str:
    """Read a file of the built front end.

    Parameters
    ----------
    name : str
        ``"scope.js"`` or ``"scope.css"``.
    folder : Path
        Where the build puts it.

    Returns
    -------
    str
        The file.

    Raises
    ------
    MissingError
        If it was not built.
    """
    path = folder / name
    if not path.is_file():
        raise MissingError(
            f"The widget is not built: {path} is not there. In a source checkout type: make widgets"
        )
    return path.read_text(encoding="utf-8")


class Scope(anywidget.AnyWidget):  # type: ignore[misc]
    """A view with panes in it, drawn by the front end from these traits.

    The traits that travel are named as in ``interface Model`` of ``widgets/src/model.ts``; a test compares
    the two. Arrays travel as `embedscope.views.wire` packs them.

    Parameters
    ----------
    **traits
        Any of the traits.

    Raises
    ------
    MissingError
        If the front end was not built.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    panes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    universe = traitlets.Dict().tag(sync=True)
    coords = traitlets.Dict().tag(sync=True)
    coords_b = traitlets.Dict().tag(sync=True)
    color = traitlets.Dict().tag(sync=True)
    color_by = traitlets.Unicode("none").tag(sync=True)
    color_choices = traitlets.List(traitlets.Dict()).tag(sync=True)
    labels = traitlets.List(traitlets.Dict()).tag(sync=True)
    labels_b = traitlets.List(traitlets.Dict()).tag(sync=True)
    morph = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    comparison = traitlets.Dict().tag(sync=True)
    selection_rows = traitlets.Dict().tag(sync=True)
    hover_columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    layout_by = traitlets.Unicode("").tag(sync=True)
    layout_choices = traitlets.List(traitlets.Dict()).tag(sync=True)
    query = traitlets.Dict().tag(sync=True)
    n_neighbors = traitlets.Int(12, min=1, max=100).tag(sync=True)
    saved_selections = traitlets.List(traitlets.Dict()).tag(sync=True)
    workbench = traitlets.Dict().tag(sync=True)
    job = traitlets.Dict().tag(sync=True)
    training = traitlets.Dict().tag(sync=True)
    map_step = traitlets.Int(-1, min=-1).tag(sync=True)
    height = traitlets.Int(560, min=200, max=4000).tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(_esm=read_bundle("scope.js"), _css=read_bundle("scope.css"), **traits)


def wire_traits() -> list[str]:
    """Name the traits that the front end sees.

    Returns
    -------
    list of str
        Sorted.

    Examples
    --------
    >>> "selection_rows" in wire_traits()
    True
    """
    return sorted(name for name in Scope.class_own_traits(sync=True) if not name.startswith("_"))
