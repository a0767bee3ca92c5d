"""VectorSnapshots: what a net made of the validation's items, step by step, for maps that move."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Int64

from embedscope._errors import StoreError
from embedscope.items.problems import ItemId

# A map of more would not be seen better, and the files stay small.
_SHOWN = 1500
_IDS = "ids.json"


class VectorSnapshots:
    """Keeps the vectors of a sample of the validation, one file a step.

    Parameters
    ----------
    folder : Path
        Of the run's snapshots.
    ids : sequence of str or of int
        Of the validation's items.
    domains : ndarray of int64, shape (items,)
        Their domains; every one gets its share of the sample.
    step : callable
        Tells the step.
    is_writer : bool
        False in the processes beside the first.
    """

    def __init__(
        self,
        folder: Path,
        ids: Sequence[ItemId],
        domains: Int64[np.ndarray, " items"],
        step: Callable[[], int],
        *,
        is_writer: bool = True,
    ) -> None:
        self._folder, self._step, self._is_writer = folder, step, is_writer
        self.rows = sample_rows(domains)
        self._ids = [ids[row] for row in self.rows.tolist()]

    def write(self, vectors: Float32[np.ndarray, "items dims"]) -> None:
        """Keep what a validation found.

        Parameters
        ----------
        vectors : ndarray of float32, shape (items, dims)
            Of all items; NaN where an image could not be read any more.

        Raises
        ------
        StoreError
            If the disk does not take it.
        """
        if not self._is_writer:
            return
        try:
            self._folder.mkdir(exist_ok=True)
            if not (self._folder / _IDS).is_file():
                (self._folder / _IDS).write_text(json.dumps(self._ids), encoding="utf-8")
            partial = self._folder / ".partial.npy"
            np.save(partial, vectors[self.rows].astype(np.float16))
            partial.replace(self._folder / f"step-{self._step():06d}.npy")
        except OSError as error:
            raise StoreError(
                f"The vectors of step {self._step():,} cannot be kept in {self._folder}: {error}."
            ) from error


def sample_rows(domains: Int64[np.ndarray, " items"], count: int = _SHOWN) -> Int64[np.ndarray, " rows"]:
    """Draw rows so that every domain has its share, the small ones all they have.

    Parameters
    ----------
    domains : ndarray of int64, shape (items,)
        Of the items.
    count : int
        How many, at most.

    Returns
    -------
    ndarray of int64, shape (rows,)
        Rising; the same each time.

    Examples
    --------
    >>> sample_rows(np.array([0] * 8 + [1]), 3).tolist()[-1]
    8
    """
    rng = np.random.default_rng(0)
    order = [rng.permutation(np.flatnonzero(domains == domain)) for domain in np.unique(domains)]
    left, chosen = count, []
    for place, rows in enumerate(sorted(order, key=len)):
        share = rows[: left // (len(order) - place)]
        chosen.append(share)
        left -= len(share)
    return np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, dtype=np.int64)


def snapshot_steps(folder: Path) -> list[int]:
    """List the steps that left vectors.

    Parameters
    ----------
    folder : Path
        Of the run's snapshots.

    Returns
    -------
    list of int
        Rising; empty where there is no folder.
    """
    return sorted(int(path.stem.partition("-")[2]) for path in folder.glob("step-*.npy"))


def read_snapshot(folder: Path, step: int) -> tuple[list[ItemId], Float32[np.ndarray, "rows dims"]]:
    """Read the vectors of a step.

    Parameters
    ----------
    folder : Path
        Of the run's snapshots.
    step : int
        One of `snapshot_steps`.

    Returns
    -------
    ids : list of str or of int
        Of items of the validation; the same at each step, but for images that could not be read any more.
    vectors : ndarray of float32, shape (rows, dims)
        Rounded to half precision.

    Raises
    ------
    StoreError
        If they cannot be read.
    """
    try:
        ids: list[ItemId] = json.loads((folder / _IDS).read_text(encoding="utf-8"))
        vectors = np.load(folder / f"step-{step:06d}.npy").astype(np.float32)
        if len(ids) != len(vectors):
            raise ValueError(f"{len(vectors):,} vectors for {len(ids):,} ids")
    except (OSError, ValueError) as error:
        raise StoreError(f"The vectors of step {step:,} in {folder} cannot be read: {error}.") from error
    kept = ~np.isnan(vectors).any(axis=1)
    return [value for value, keep in zip(ids, kept.tolist(), strict=True) if keep], vectors[kept]
