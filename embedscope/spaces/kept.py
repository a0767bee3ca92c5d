"""What a space has computed and keeps: vectors, neighbours, the encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import RLock

import numpy as np
from jaxtyping import Float32

from embedscope.encoders.protocol import Encoder
from embedscope.neighbors.neighbors import Metric, Neighbors
from embedscope.neighbors.search import find_neighbors
from embedscope.spaces.graphs import load_graph, save_graph
from embedscope.spaces.sources import VectorSource


class Kept:
    """Each thing is computed once, also when several threads ask for it.

    Parameters
    ----------
    source : VectorSource
        The vectors.
    graph_path : Path, optional
        File where neighbours are kept.
    encoder : Encoder, optional
        A loaded encoder.
    """

    def __init__(
        self, source: VectorSource, graph_path: Path | None = None, encoder: Encoder | None = None
    ) -> None:
        self.source = source
        self.graph_path = graph_path
        self._encoder = encoder
        self._vectors: Float32[np.ndarray, "items dims"] | None = None
        self._neighbors: Neighbors | None = None
        # One lock a thing: items' neighbours shall not wait for an encoder that is loaded.
        self._vectors_lock = RLock()
        self._neighbors_lock = RLock()
        self._encoder_lock = RLock()

    @property
    def has_vectors(self) -> bool:
        """Whether the vectors are in memory."""
        return self._vectors is not None

    @property
    def known_neighbors(self) -> Neighbors | None:
        """The neighbours that were computed in this process, if any."""
        return self._neighbors

    def vectors(self) -> Float32[np.ndarray, "items dims"]:
        """Read the vectors once.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Read-only.
        """
        with self._vectors_lock:
            if self._vectors is None:
                vectors = self.source.read_all().view()
                vectors.flags.writeable = False
                self._vectors = vectors
            return self._vectors

    def neighbors(self, k: int, metric: Metric) -> Neighbors:
        """Give k neighbours an item; computed once for the largest k asked for.

        Parameters
        ----------
        k : int
            Neighbours an item.
        metric : {"cosine", "euclidean"}
            The space's metric.

        Returns
        -------
        Neighbors
            A prefix of what is kept.
        """
        with self._neighbors_lock:
            if self._neighbors is None and self.graph_path is not None:
                self._neighbors = load_graph(self.graph_path, self.source.shape[0], metric)
            if self._neighbors is None or self._neighbors.k < k:
                self._neighbors = find_neighbors(self.vectors(), k, metric)
                if self.graph_path is not None:
                    save_graph(self.graph_path, self._neighbors)
            return self._neighbors.take(k)

    def encoder(self, load: Callable[[], Encoder]) -> Encoder:
        """Give the encoder, loaded once.

        Parameters
        ----------
        load : callable
            Loads it where it is not there yet.

        Returns
        -------
        Encoder
            Ready to encode.
        """
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = load()
            return self._encoder
