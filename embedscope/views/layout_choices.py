"""The layouts that a map can be shown in: its own, PCA and UMAP on demand, and those that are handed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from embedscope._errors import InputError, unknown_name
from embedscope.layouts.layout import Layout, LayoutMethod, method_for
from embedscope.layouts.layout import layout as lay_out
from embedscope.spaces.space import Space

_TITLES = {"umap": "UMAP", "umap-learn": "umap-learn", "pca": "PCA"}
_ON_DEMAND: tuple[LayoutMethod, ...] = ("umap", "pca")


@dataclass(eq=False)
class LayoutChoices:
    """Layouts of one space by key; what is not there yet is made when it is chosen.

    Parameters
    ----------
    space : Space
        What is laid out.
    made : dict of str to Layout
        Layouts that are there.
    titles : dict of str to str
        What the menu calls each choice.
    """

    space: Space
    made: dict[str, Layout] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if method_for(len(self.space)) == "umap":
            self.titles |= {method: _TITLES[method] for method in _ON_DEMAND}

    def listing(self) -> list[dict[str, str]]:
        """List the choices, as the widget's ``layout_choices``.

        Returns
        -------
        list of dict
            ``key`` and ``title`` of each.
        """
        return [{"key": key, "title": title} for key, title in self.titles.items()]

    def key_of(self, layout: Layout) -> str:
        """Give the key of a layout; one that is new is taken in under its method's name.

        Parameters
        ----------
        layout : Layout
            Of the space's items.

        Returns
        -------
        str
            The key.
        """
        key = layout.method if layout.method not in self.made else ""
        return self.add(layout, key=key, title=_TITLES[layout.method])

    def add(self, layout: Layout, *, title: str, key: str = "") -> str:
        """Take in a layout.

        Parameters
        ----------
        layout : Layout
            Of the space's items.
        title : str
            What the menu calls it; a number is added where another one is called so.
        key : str
            Names the choice; the title if not given.

        Returns
        -------
        str
            The key.

        Raises
        ------
        InputError
            If the layout is of more or fewer items.
        """
        check_layout(self.space, layout)
        for known, made in self.made.items():
            if made is layout:
                return known
        if not key:
            wanted, number = title, 1
            while title in self.titles.values() or title in self.titles:
                number += 1
                title = f"{wanted} {number}"
            key = title
        self.titles[key] = title
        self.made[key] = layout
        return key

    def make(self, key: str) -> Layout:
        """Give the layout of a key; the first time it may have to be computed.

        Parameters
        ----------
        key : str
            One of the listing.

        Returns
        -------
        Layout
            With its own trust.

        Raises
        ------
        MissingError
            If there is no such choice.
        """
        self.check(key)
        if key not in self.made:
            method: LayoutMethod = "pca" if key == "pca" else "umap"
            self.made[key] = lay_out(self.space, method=method)
        return self.made[key]

    def check(self, key: str) -> None:
        """Raise if there is no such choice.

        Parameters
        ----------
        key : str
            What was typed.

        Raises
        ------
        MissingError
            With the choices that there are.
        """
        if key not in self.titles:
            raise unknown_name("layout", key, list(self.titles))


def check_layout(space: Space, layout: Layout) -> None:
    """Raise if a layout is not of a space's items.

    Parameters
    ----------
    space : Space
        The items.
    layout : Layout
        What came.

    Raises
    ------
    InputError
        With both numbers of items.
    """
    if len(layout) != len(space):
        raise InputError(f"The layout is of {len(layout):,} items, and the space has {len(space):,}.")
