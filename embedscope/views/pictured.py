"""A view that can be drawn without its front end: on request, and below itself in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embedscope.items.items import Items
from embedscope.views.comparison_picture import ComparisonPicture, Picture
from embedscope.views.heat_colors import heat_ramp
from embedscope.views.lettering import GROUNDS
from embedscope.views.palette import RAMP
from embedscope.views.picture import MapPicture, PictureOptions, PictureTheme
from embedscope.views.second_output import SecondOutput, notebook_shell
from embedscope.views.selecting import Selecting
from embedscope.views.small_png import ramp_steps, to_small_png
from embedscope.views.thinning import thin_picture

_WIDTH, _SCALE = 1000, 1.5
_RAMP_STEPS = 64
_MOST_DRAWN = 200_000
# In each of two maps: more would cover each other, and the file would pass 250 kB.
_MOST_BESIDE = 6_000
# Two maps half as wide as one are not taller than wide.
_TWO_MAPS, _WITH_HEATMAP = 480, 820
_SHOWN = ("coords", "color", "labels", "universe", "selection_rows", "query", "height", "theme")
_SHOWN_BESIDE = ("coords_b", "labels_b")


class Pictured(Selecting):
    """A view of items with pictures of itself. What is drawn is said by `picture`.

    Parameters
    ----------
    items : Items
        What can be selected.
    **traits
        Of the widget.
    """

    # A widget that could not be made is closed too.
    _below: SecondOutput | None = None

    def __init__(self, items: Items, **traits: Any) -> None:
        super().__init__(items, **traits)
        below = SecondOutput(self._draw_small, self.__repr__, _WIDTH)
        self._below = below
        self.observe(lambda _: below.refresh_soon(), [*_SHOWN, *_SHOWN_BESIDE])

    def picture(self) -> Picture:
        """Describe what `to_png` draws.

        Returns
        -------
        MapPicture, ComparisonPicture or TrainingPicture
            Places, colours, names, selection, title and facts.
        """
        raise NotImplementedError

    def to_png(
        self,
        path: str | Path | None = None,
        *,
        width: int = 1000,
        height: int = 640,
        scale: float | int = 2.0,
        theme: PictureTheme | None = None,
    ) -> bytes:
        """Draw the map as a PNG, in its present colours and with the whole map in sight.

        Parameters
        ----------
        path : str or Path, optional
            File to write as well.
        width, height : int
            In pixels of the page.
        scale : float
            Pixels of the file for each of them.
        theme : {"light", "dark"}, optional
            The ground; the view's own where it has one, else light.

        Returns
        -------
        bytes
            The file.

        Raises
        ------
        InputError
            If the size cannot be drawn.

        Examples
        --------
        >>> import embedscope as es
        >>> es.map(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]])).to_png(width=400, height=300)[1:4]
        b'PNG'
        """
        from embedscope.views.snapshots import draw_png

        options = PictureOptions(width, height, scale, theme or self._theme())
        data = draw_png(self.picture(), options)
        if path is not None:
            Path(path).write_bytes(data)
        return data

    def to_svg(
        self,
        path: str | Path | None = None,
        *,
        width: int = 1000,
        height: int = 640,
        theme: PictureTheme | None = None,
    ) -> str:
        """Draw the map as an SVG, as `to_png` does.

        Parameters
        ----------
        path : str or Path, optional
            File to write as well.
        width, height : int
            In pixels of the page.
        theme : {"light", "dark"}, optional
            The ground; the view's own where it has one, else light.

        Returns
        -------
        str
            The file; past 5,000 items the points are an image inside it.

        Raises
        ------
        InputError
            If the size cannot be drawn.
        """
        from embedscope.views.snapshots import draw_svg

        text = draw_svg(self.picture(), PictureOptions(width, height, theme=theme or self._theme()))
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def close(self) -> None:
        """Close the widget on the page, and draw no more pictures of it."""
        if self._below is not None:
            self._below.close()
        super().close()

    def _ipython_display_(self) -> None:
        if notebook_shell() is None or self.comm is None or self._below is None:
            # IPython goes on to the next way of showing it: the widget alone, or its words.
            raise NotImplementedError
        from IPython.display import display

        bundle = self._repr_mimebundle_()
        if bundle is not None:
            data, metadata = bundle
            display(data, metadata=metadata, raw=True)
            self._below.show()

    def _draw_again(self) -> None:
        """Bring the picture below the view up to date with what no trait says."""
        if self._below is not None:
            self._below.refresh_soon()

    def _draw_small(self) -> bytes:
        from embedscope.views.snapshots import draw_png

        # The cell waits for this picture; one that is asked for has every point.
        picture = self.picture()
        height = min(max(self.height, 320), 1200)
        if isinstance(picture, ComparisonPicture):
            picture = picture.thinned(_MOST_BESIDE)
            height = min(max(height, _TWO_MAPS if picture.divergence is None else _WITH_HEATMAP), 1200)
        elif isinstance(picture, MapPicture):
            picture = thin_picture(picture, _MOST_DRAWN)
        options = PictureOptions(_WIDTH, height, _SCALE, self._theme())
        return to_small_png(draw_png(picture, options), _kept_colors(picture, options.theme))

    def _theme(self) -> PictureTheme:
        return "dark" if self.theme == "dark" else "light"


def _kept_colors(picture: Picture, theme: PictureTheme) -> list[str]:
    """List the colours that must not be mixed with others where a picture has few."""
    coloring, ground = picture.coloring, GROUNDS[theme]
    ramp = ramp_steps(RAMP, _RAMP_STEPS) if coloring.kind == "number" else coloring.colors
    has_heat = isinstance(picture, ComparisonPicture) and picture.divergence is not None
    heat = heat_ramp(theme, _RAMP_STEPS + 1) if has_heat else []
    return [ground.page, ground.ink, *heat, *ramp]
