"""What a picture of a comparison shows, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32

from embedscope.comparison.divergence import Divergence
from embedscope.views.coloring import Coloring
from embedscope.views.labels import MapLabel
from embedscope.views.picture import MapPicture
from embedscope.views.thinning import keep_rows, rows_kept
from embedscope.views.training_picture import TrainingPicture


@dataclass(frozen=True, eq=False)
class ComparisonPicture:
    """The teacher's map and the student's side by side, and the heatmap below them.

    A view gives it as ``picture()``: `to_png`, `to_svg` and the picture below a notebook's cell then draw it.

    Parameters
    ----------
    teacher : MapPicture
        The teacher's map; its title and facts are the two lines above all, its colours those of both maps.
    coords_b : ndarray of float32, shape (items, 2)
        Where the same items lie in the student's map, in [-1, 1].
    labels_b : tuple of MapLabel
        The clusters' names there.
    names : tuple of str
        What the teacher and the student are called.
    divergence : Divergence, optional
        What was already computed and is shown in the view; nothing is computed for a picture.

    Examples
    --------
    >>> from embedscope.views.coloring import no_coloring
    >>> places = np.zeros((3, 2), np.float32)
    >>> picture = ComparisonPicture(MapPicture(places, no_coloring(), title="Two spaces"), places)
    >>> picture.student.title, picture.maps[0] is picture.teacher
    ('Two spaces', True)
    """

    teacher: MapPicture
    coords_b: Float32[np.ndarray, "items 2"]
    labels_b: tuple[MapLabel, ...] = ()
    names: tuple[str, str] = ("teacher", "student")
    divergence: Divergence | None = None

    @property
    def coloring(self) -> Coloring:
        """The colours of both maps."""
        return self.teacher.coloring

    @property
    def student(self) -> MapPicture:
        """The student's map, with the teacher's colours, selection and query."""
        return replace(self.teacher, coords=self.coords_b, labels=self.labels_b)

    @property
    def maps(self) -> tuple[MapPicture, MapPicture]:
        """Both, the teacher's first."""
        return self.teacher, self.student

    def thinned(self, most: int) -> ComparisonPicture:
        """Leave out points at random, the same ones in both maps.

        Parameters
        ----------
        most : int
            How many points a map has at most, but for four outermost of the student's.

        Returns
        -------
        ComparisonPicture
            The same where there are no more than that.
        """
        if len(self.coords_b) <= most:
            return self
        outermost = np.concatenate([self.coords_b.argmin(axis=0), self.coords_b.argmax(axis=0)])
        rows = np.union1d(rows_kept(self.teacher, most), outermost)
        return replace(self, teacher=keep_rows(self.teacher, rows), coords_b=self.coords_b[rows])


Picture: TypeAlias = MapPicture | ComparisonPicture | TrainingPicture
"""What can be drawn."""
