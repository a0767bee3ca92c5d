"""The student's map beside the teacher's: from the same start, turned alike, in one frame."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32

from embedscope.layouts.align import align
from embedscope.layouts.layout import Layout
from embedscope.layouts.layout import layout as lay_out
from embedscope.spaces.space import Space
from embedscope.views.wire import scale_coords

_ASKED = ("n_neighbors", "min_dist", "random_state")


class StudentMaps:
    """Lays the student out as the teacher is laid out; each map is made once.

    Parameters
    ----------
    student : Space
        Of the same items as the teacher's layouts.
    """

    def __init__(self, student: Space) -> None:
        self._student = student
        self._made: dict[Layout, Layout] = {}

    def beside(self, teacher: Layout) -> Layout:
        """Give the student's layout to a teacher's.

        Parameters
        ----------
        teacher : Layout
            Of the same items.

        Returns
        -------
        Layout
            By the same method and options; UMAP starts from the teacher's coordinates.
        """
        if teacher not in self._made:
            self._made[teacher] = self._lay_out(teacher)
        return self._made[teacher]

    def _lay_out(self, teacher: Layout) -> Layout:
        if teacher.method == "pca" or len(self._student) < 2:
            return lay_out(self._student, method=teacher.method)
        asked = {name: teacher.parameters[name] for name in _ASKED if name in teacher.parameters}
        return lay_out(self._student, method=teacher.method, init=teacher.coords, **asked)


def place_beside(
    teacher: Float[np.ndarray, "items 2"], student: Float[np.ndarray, "items 2"]
) -> tuple[Float32[np.ndarray, "items 2"], Float32[np.ndarray, "items 2"]]:
    """Turn the student's map so that it lies like the teacher's, and bring both into [-1, 1] as one.

    Parameters
    ----------
    teacher : ndarray of float, shape (items, 2)
        The teacher's coordinates.
    student : ndarray of float, shape (items, 2)
        The student's coordinates of the same items.

    Returns
    -------
    teacher, student : ndarray of float32, shape (items, 2)
        Moved and scaled by one transform: what is as far apart in both maps is so on the screen.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> both = place_beside(square, square[:, ::-1] * [1, -1] + 7)
    >>> both[0].tolist(), bool(np.allclose(*both, atol=1e-6))
    ([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]], True)
    """
    turned = align(student, teacher)
    both = scale_coords(np.concatenate([teacher.astype(np.float32), turned]))
    return both[: len(teacher)], both[len(teacher) :]
