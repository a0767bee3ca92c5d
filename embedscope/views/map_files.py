"""Maps that a run's folder keeps, each with a stamp of the snapshot that it was made of."""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path
from typing import TypeAlias

import numpy as np

from embedscope._errors import StoreError
from embedscope.layouts.layout import Layout

Stamp: TypeAlias = tuple[int, int]
"""A file's time of change, in ns, and its size; zeros: it is not there."""


def stamp_of(snapshots: Path, step: int) -> Stamp:
    """Tell one state of a snapshot's file from another.

    Parameters
    ----------
    snapshots : Path
        Folder of the snapshots.
    step : int
        Which.

    Returns
    -------
    tuple of int
        The stamp.

    Examples
    --------
    >>> stamp_of(Path("nowhere"), 3)
    (0, 0)
    """
    try:
        found = (snapshots / f"step-{step:06d}.npy").stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def write_map(folder: Path, step: int, stamp: Stamp, made: Layout) -> None:
    """Keep a map.

    Parameters
    ----------
    folder : Path
        Of the maps; made where it is not there.
    step : int
        Its step.
    stamp : tuple of int
        Of its snapshot.
    made : Layout
        The map.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    partial = folder / f".{uuid.uuid4().hex}.npz"
    try:
        folder.mkdir(exist_ok=True)
        np.savez(
            partial,
            coords=made.coords,
            point_trust=made.point_trust,
            trust=np.array([made.trustworthiness, made.continuity]),
            stamp=np.array(stamp, dtype=np.int64),
            method=np.array(made.method),
        )
        partial.replace(_path(folder, step))
    except OSError as error:
        raise StoreError(f"The map of step {step:,} cannot be kept in {folder}: {error}.") from error
    finally:
        if partial.is_file():
            partial.unlink()


def read_map(folder: Path, step: int, stamp: Stamp, items: int) -> Layout | None:
    """Read a map that is kept.

    Parameters
    ----------
    folder : Path
        Of the maps.
    step : int
        Its step.
    stamp : tuple of int
        Of the snapshot as it is now.
    items : int
        How many items it must have.

    Returns
    -------
    Layout or None
        None where there is none, it cannot be read, or it was made of another snapshot.
    """
    try:
        with np.load(_path(folder, step), allow_pickle=False) as kept:
            coords, point_trust = kept["coords"], kept["point_trust"]
            trust, method = kept["trust"].tolist(), str(kept["method"])
            known = tuple(kept["stamp"].tolist())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if known != stamp or coords.shape != (items, 2) or not np.isfinite(coords).all():
        return None
    return Layout(
        coords.astype(np.float32),
        "pca" if method == "pca" else "umap",
        {},
        float(trust[0]),
        float(trust[1]),
        point_trust.astype(np.float32),
    )


def _path(folder: Path, step: int) -> Path:
    return folder / f"step-{step:06d}.npz"
