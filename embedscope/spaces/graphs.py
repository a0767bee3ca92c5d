"""Neighbour graphs kept on disk beside the vectors they were computed from."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np

from embedscope.neighbors.neighbors import Metric, Neighbors

_FORMAT = 1


def save_graph(path: Path, neighbors: Neighbors) -> None:
    """Write neighbours to a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file; its folder is made.
    neighbors : Neighbors
        What is kept.

    Examples
    --------
    >>> import tempfile
    >>> found = Neighbors(np.array([[1], [0]], np.int32), np.ones((2, 1), np.float32), "cosine")
    >>> path = Path(tempfile.mkdtemp()) / "graph.npz"
    >>> save_graph(path, found)
    >>> load_graph(path, 2, "cosine")
    Neighbors(2 items, k=1, cosine, exact)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    meaning = {
        "format": _FORMAT,
        "metric": neighbors.metric,
        "recall": neighbors.recall,
        "sampled": neighbors.sampled,
    }
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    with fresh.open("wb") as file:
        np.savez(
            file,
            indices=neighbors.indices,
            distances=neighbors.distances,
            meaning=np.array(json.dumps(meaning)),
        )
    fresh.replace(path)


def load_graph(path: Path, items: int, metric: Metric) -> Neighbors | None:
    """Read neighbours that were kept.

    Parameters
    ----------
    path : Path
        The file.
    items : int
        Items of the space.
    metric : {"cosine", "euclidean"}
        The space's metric.

    Returns
    -------
    Neighbors or None
        None where nothing is kept, or what is kept is damaged or of something else: it is then computed
        again.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            meaning = json.loads(str(kept["meaning"]))
            indices, distances = kept["indices"], kept["distances"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    fits = indices.shape == distances.shape and len(indices) == items
    if not fits or meaning.get("format") != _FORMAT or meaning.get("metric") != metric:
        return None
    return Neighbors(indices, distances, metric, meaning["recall"], meaning["sampled"])
