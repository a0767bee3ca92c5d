"""Setting: what a loss must know of the student and of the specialists before the first batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from embedscope._errors import InputError


@dataclass(frozen=True, eq=False)
class Setting:
    """A student's dims, and a sample of each specialist's vectors, in the order of the domains.

    Parameters
    ----------
    student_dims : int
        Of the student's vectors.
    specialists : sequence of ndarray of float32, shape (items, teacher_dims)
        A sample of each specialist's vectors of its own domain: bandwidths are calibrated on it, and its
        dims are the specialist's.
    n_classes : sequence of int, optional
        Of each domain, for losses that classify.

    Raises
    ------
    InputError
        If there is no specialist, or the classes are not one number a domain.

    Examples
    --------
    >>> Setting(64, (np.zeros((2, 8), np.float32), np.zeros((2, 4), np.float32))).teacher_dims
    (8, 4)
    """

    student_dims: int
    specialists: tuple[Float32[np.ndarray, "_ _"], ...]
    n_classes: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if not self.specialists:
            raise InputError("No specialist came: distilling needs one for each domain, at least one.")
        if self.n_classes is not None and len(self.n_classes) != len(self.specialists):
            raise InputError(
                f"n_classes: {len(self.n_classes)} numbers came for {len(self.specialists)} domains; "
                "give one for each."
            )

    @property
    def teacher_dims(self) -> tuple[int, ...]:
        """Dims of each specialist."""
        return tuple(vectors.shape[1] for vectors in self.specialists)
