"""Space: vectors, the items they are of, and what made them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from jaxtyping import Float32

import embedscope
from embedscope._errors import InputError, MissingError
from embedscope._hashing import hash_record, hash_text
from embedscope.encoders.protocol import Encoder, EncoderRecord, Role
from embedscope.items.items import Items
from embedscope.items.problems import ItemId, Problem
from embedscope.neighbors.neighbors import Metric, Neighbors, check_metric
from embedscope.neighbors.search import query_neighbors
from embedscope.spaces import files, folder
from embedscope.spaces.graphs import save_graph
from embedscope.spaces.items_table import Keep, items_from_table, items_to_table
from embedscope.spaces.kept import Kept
from embedscope.spaces.matching import matched_parts
from embedscope.spaces.queries import name_query, query_vector, reload_encoder
from embedscope.spaces.search_result import SearchResult
from embedscope.spaces.selections import Selections, cache_home
from embedscope.spaces.show import headline, space_html
from embedscope.spaces.sources import NpyVectors, TakenVectors, TruncatedVectors, VectorSource


@dataclass(frozen=True, eq=False)
class Space:
    """Items as vectors: what everything else looks at.

    Made by `embedscope.encode`, or by `from_arrays` of anybody's vectors. Vectors are read when they are
    first needed; neighbours and the encoder for queries are computed or loaded once and kept.

    Parameters
    ----------
    items : Items
        One a vector, in the same order.
    source : VectorSource
        Where the vectors come from.
    encoder : EncoderRecord, optional
        What made them, where it is known.
    metric : {"cosine", "euclidean"}
        How near is measured.
    role : {"query", "document"}, optional
        What the items were encoded as.
    task : str, optional
        What the items were encoded for.
    graph_path : Path, optional
        File where the neighbours are kept.
    loaded : Encoder, optional
        The encoder itself, where it is there.
    home : Path, optional
        Folder of the saved space, where it was loaded from one.

    Raises
    ------
    InputError
        If there are more or fewer vectors than items.

    Examples
    --------
    >>> space = Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> space.neighbors_of("a", k=1).ids
    ('b',)
    """

    items: Items
    source: VectorSource
    encoder: EncoderRecord | None = None
    metric: Metric = "cosine"
    role: Role | None = None
    task: str | None = None
    graph_path: Path | None = field(default=None, repr=False)
    loaded: Encoder | None = field(default=None, repr=False)
    home: Path | None = field(default=None, repr=False)
    _kept: Kept = field(init=False, repr=False)
    _selections: Selections = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_metric(self.metric)
        if self.source.shape[0] != len(self.items):
            raise InputError(f"{self.source.shape[0]:,} vectors came for {len(self.items):,} items.")
        object.__setattr__(self, "_kept", Kept(self.source, self.graph_path, self.loaded))
        home = self.home if self.home is not None else self._cache_home
        object.__setattr__(self, "_selections", Selections(self.items, home))

    def _cache_home(self) -> Path:
        ids = hash_text(json.dumps(list(self.ids))).hex()
        return cache_home(hash_record({"vectors": self.fingerprint, "ids": ids}))

    @classmethod
    def from_arrays(
        cls,
        vectors: Any,
        *,
        ids: Iterable[Any] | None = None,
        items: Items | None = None,
        columns: Any = None,
        metric: Metric = "cosine",
        encoder: EncoderRecord | None = None,
    ) -> Space:
        """Make a space of anybody's vectors.

        Parameters
        ----------
        vectors : array_like of shape (rows, dims), or mapping of id to vector
            Real, finite numbers; made float32. An array that is float32 already is not copied.
        ids : iterable of str or of int, optional
            Id of each row. Without items it may be left out: rows are then numbered.
        items : Items, optional
            What the vectors are of. They are matched by id, whatever the order of the rows.
        columns : mapping of str to sequence, or data frame, optional
            Labels and the like in the order of the rows, where there are no items.
        metric : {"cosine", "euclidean"}
            How near is measured.
        encoder : EncoderRecord, optional
            What made the vectors, so that the space can be searched by a text or an image.

        Returns
        -------
        Space
            In the order of the items.

        Raises
        ------
        MissingError
            If an item has no vector or a vector no item; both are named.
        InputError
            If items come without ids, an id comes twice, or vectors are not finite.

        Examples
        --------
        >>> items = Items.from_texts(["a cat", "a dog"], ids=["cat", "dog"])
        >>> Space.from_arrays([[0, 1], [1, 0]], ids=["dog", "cat"], items=items).vectors.tolist()
        [[1.0, 0.0], [0.0, 1.0]]
        """
        found, source = matched_parts(vectors, ids, items, columns)
        return cls(found, source, encoder, metric)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Space({headline(self)})"

    def _repr_html_(self) -> str:
        return space_html(self)

    @property
    def ids(self) -> tuple[ItemId, ...]:
        """Ids of the items, in order."""
        return self.items.ids

    @property
    def dims(self) -> int:
        """Numbers in a vector."""
        return self.source.shape[1]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Items that were left out, with the reason."""
        return self.items.problems

    @property
    def fingerprint(self) -> str:
        """Hash of what the vectors are made of: equal for equal provenance and order."""
        return self.source.fingerprint

    @property
    def selections(self) -> Selections:
        """Named selections, kept with the space: a mapping from name to `Selection`.

        Examples
        --------
        >>> space = Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0]})
        >>> space.selections["first"] = ["a"]
        >>> space.selections["first"].ids
        ('a',)
        """
        return self._selections

    @property
    def vectors(self) -> Float32[np.ndarray, "items dims"]:
        """All vectors, read when first asked for; read-only."""
        return self._kept.vectors()

    @property
    def known_neighbors(self) -> Neighbors | None:
        """The neighbours that are there already, if any."""
        return self._kept.known_neighbors

    @property
    def encoder_handle(self) -> Encoder:
        """The encoder that made the space, loaded when first asked for."""
        return self._kept.encoder(lambda: reload_encoder(self.encoder))

    def iter_vectors(self, chunk: int = 8192) -> Iterator[Float32[np.ndarray, "_ dims"]]:
        """Read the vectors a chunk at a time, for spaces that do not fit into memory.

        Parameters
        ----------
        chunk : int
            Most rows at a time.

        Yields
        ------
        ndarray of float32, shape (chunk, dims)
            In order; the last one may be shorter.

        Raises
        ------
        InputError
            If chunk is not positive.

        Examples
        --------
        >>> [len(part) for part in Space.from_arrays([[1.0], [2.0], [3.0]]).iter_vectors(2)]
        [2, 1]
        """
        if chunk < 1:
            raise InputError(f"chunk={chunk}: wanted 1 or more rows at a time.")
        for start in range(0, len(self), chunk):
            stop = min(start + chunk, len(self))
            if self._kept.has_vectors:
                yield self.vectors[start:stop]
            else:
                yield self.source.read(np.arange(start, stop))

    def truncate(self, dims: int) -> Space:
        """Keep the first numbers of each vector and scale it to length 1 again.

        Parameters
        ----------
        dims : int
            Numbers to keep, from 1 to the dims there are.

        Returns
        -------
        Space
            A space of its own; queries are truncated likewise.

        Raises
        ------
        InputError
            If dims is out of range, or a prefix is all zeros (the rows are named when the vectors are read).

        Notes
        -----
        A prefix is meant to be a vector where ``encoder.matryoshka`` is true (Kusupati et al. 2022,
        arXiv 2205.13147); elsewhere it is what is left.

        Examples
        --------
        >>> Space.from_arrays([[3.0, 4.0, 12.0]]).truncate(2).vectors.round(2).tolist()
        [[0.6000000238418579, 0.800000011920929]]
        """
        if not 1 <= dims <= self.dims:
            raise InputError(
                f"truncate({dims}): this space has {self.dims:,} dims; wanted 1 to {self.dims:,}."
            )
        return self._with(self.items, TruncatedVectors(self.source, dims))

    def subset(self, ids: Iterable[ItemId]) -> Space:
        """Take some items with their vectors.

        Parameters
        ----------
        ids : iterable of str or of int
            In the order wanted.

        Returns
        -------
        Space
            Neighbours are computed anew, among these items.

        Raises
        ------
        MissingError
            If an id is not there.

        Examples
        --------
        >>> Space.from_arrays([[1.0], [2.0], [3.0]], ids=["a", "b", "c"]).subset(["c", "a"]).vectors.tolist()
        [[3.0], [1.0]]
        """
        rows = self.items.rows_of(ids)
        return self._with(self.items.take(rows), TakenVectors(self.source, rows))

    def with_column(self, name: str, values: Any) -> Space:
        """Add or replace a column of the items.

        Parameters
        ----------
        name : str
            The column.
        values : sequence
            One value an item.

        Returns
        -------
        Space
            A new space of the same vectors; what is computed already, and the selections, are shared.

        Raises
        ------
        InputError
            If there are more or fewer values than items.

        Examples
        --------
        >>> space = Space.from_arrays([[1.0], [2.0]]).with_column("label", ["x", "y"])
        >>> space.items.column("label").tolist()
        ['x', 'y']
        """
        labelled = replace(self, items=self.items.with_column(name, values))
        object.__setattr__(labelled, "_kept", self._kept)
        object.__setattr__(labelled, "_selections", self._selections)
        return labelled

    def _with(self, items: Items, source: VectorSource) -> Space:
        return Space(items, source, self.encoder, self.metric, self.role, self.task, loaded=self.loaded)

    def neighbors(self, k: int = 15) -> Neighbors:
        """Give the k nearest neighbours of each item.

        Parameters
        ----------
        k : int
            Neighbours an item, from 1 to items - 1.

        Returns
        -------
        Neighbors
            Exact, or approximate with its measured recall where there are very many items.

        Raises
        ------
        InputError
            If k is out of range.

        Notes
        -----
        Computed once for the largest k asked for; a smaller k is its prefix. A space that `embedscope.encode`
        made in a local store, and a saved one, keep it on disk too.

        Examples
        --------
        >>> Space.from_arrays([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]).neighbors(1).indices.tolist()
        [[1], [0], [1]]
        """
        return self._kept.neighbors(k, self.metric)

    def search(self, query: Any, k: int = 10) -> SearchResult:
        """Find the items nearest to a text, an image or a vector.

        Parameters
        ----------
        query : str, Path, Image, PIL image, or vector of length dims
            A str is a text where the encoder takes texts, else the path of an image.
        k : int
            How many; all where there are not more.

        Returns
        -------
        SearchResult
            Nearest first.

        Raises
        ------
        InputError
            If the space's encoder cannot be loaded again, or does not take such a query.

        Notes
        -----
        The encoder is loaded at the first text or image. Documents are searched by ``role="query"``.
        Exact: O(items · dims).

        Examples
        --------
        >>> Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0]}).search([0.1, 0.9], k=1).ids
        ('b',)
        """
        vector = query_vector(query, self.dims, lambda: self.encoder_handle, role=self.role, task=self.task)
        if k < 1:
            raise InputError(f"k={k}: wanted 1 or more items.")
        found = query_neighbors(self.vectors, vector, min(k, len(self)), self.metric)
        return self._result(name_query(query), found.indices[0], found.distances[0])

    def neighbors_of(self, id: ItemId, k: int = 10) -> SearchResult:  # noqa: A002 - the word for it
        """Find the items nearest to one of them, itself left out.

        Parameters
        ----------
        id : str or int
            The item.
        k : int
            How many; all others where there are not more.

        Returns
        -------
        SearchResult
            Nearest first; its duplicates are among them.

        Raises
        ------
        MissingError
            If there is no such item.

        Examples
        --------
        >>> Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0], "c": [0.8, 0.2]}).neighbors_of("b").ids
        ('c', 'a')
        """
        row = int(self.items.rows_of([id])[0])
        if k < 1:
            raise InputError(f"k={k}: wanted 1 or more items.")
        known = self.known_neighbors
        if known is not None and known.k >= k:
            return self._result(repr(id), known.indices[row, :k], known.distances[row, :k], known.recall)
        # One more than asked for, since the item finds itself, and a duplicate may stand before it.
        found = query_neighbors(self.vectors, self.vectors[row][None], min(k + 1, len(self)), self.metric)
        others = np.flatnonzero(found.indices[0] != row)[:k]
        return self._result(repr(id), found.indices[0][others], found.distances[0][others])

    def _result(
        self, query: str, rows: np.ndarray, distances: Float32[np.ndarray, " k"], recall: float | None = None
    ) -> SearchResult:
        return SearchResult(query, self.items.take(rows), distances, self.metric, recall)

    def save(self, path: str | Path, *, images: Keep = "path") -> Path:
        """Save the space to a folder.

        Parameters
        ----------
        path : str or Path
            The folder; a saved space that is there is replaced once the new one is whole.
        images : {"path", "bytes"}
            Whether images that have a path are kept by it, or with their content, so that the folder can be
            taken to another machine.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            If something else than a saved space is there.

        Notes
        -----
        ``vectors.npy``, ``items.parquet``, ``record.json``, and ``neighbors.npz`` where they are known.
        The named selections go along as ``selections.json``, and later ones are kept there.

        Examples
        --------
        >>> import tempfile
        >>> path = Space.from_arrays({"a": [1.0, 0.0]}).save(Path(tempfile.mkdtemp()) / "space")
        >>> Space.load(path).ids
        ('a',)
        """
        target = Path(path).expanduser().absolute()
        with folder.NewFolder(target) as fresh:
            folder.write_npy(fresh / folder.VECTORS, self.source.shape, self.iter_vectors())
            pq.write_table(items_to_table(self.items, images), fresh / folder.ITEMS)
            if self.known_neighbors is not None:
                save_graph(fresh / folder.NEIGHBORS, self.known_neighbors)
            record = {"format": folder.FORMAT, "embedscope": embedscope.__version__, **self._meaning()}
            (fresh / folder.RECORD).write_text(json.dumps(record, indent=2), encoding="utf-8")
            self.selections.write_to(fresh, target)
        self.selections.move_to(target)
        return target

    def _meaning(self) -> dict[str, Any]:
        return {
            "items": len(self),
            "dims": self.dims,
            "modality": self.items.modality,
            "name": self.items.name,
            "metric": self.metric,
            "role": self.role,
            "task": self.task,
            "encoder": folder.record_to_json(self.encoder),
            "fingerprint": self.fingerprint,
            "problems": [asdict(problem) for problem in self.problems],
        }

    @classmethod
    def load(cls, path: str | Path) -> Space:
        """Load a saved space; its vectors are read when they are needed.

        Parameters
        ----------
        path : str or Path
            The folder.

        Returns
        -------
        Space
            As it was saved.

        Raises
        ------
        MissingError
            If there is no saved space.
        InputError
            If a newer version saved it.
        StoreError
            If it is damaged.

        Examples
        --------
        >>> Space.load("newsgroups-minilm")  # doctest: +SKIP
        """
        place = Path(path).expanduser().absolute()
        record = folder.read_record(place)
        problems = folder.problems_from_json(record["problems"])
        items = items_from_table(folder.read_items(place), record["modality"], record["name"], problems)
        shape = (record["items"], record["dims"])
        source = NpyVectors(place / folder.VECTORS, shape, record["fingerprint"])
        encoder = folder.record_from_json(record["encoder"])
        graph = place / folder.NEIGHBORS
        meaning = (record["metric"], record["role"], record["task"])
        return cls(items, source, encoder, *meaning, graph_path=graph, home=place)

    def to_parquet(self, path: str | Path) -> Path:
        """Write ids, content, vectors and columns to a parquet file for other tools.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        Path
            The file.

        Examples
        --------
        >>> import tempfile
        >>> path = Space.from_arrays({"a": [1.0, 0.0]}).to_parquet(Path(tempfile.mkdtemp()) / "space.parquet")
        >>> pq.read_table(path).column_names
        ['id', 'text', 'vector']
        """
        target = Path(path).expanduser()
        files.write_parquet(target, self.items, self.dims, self.iter_vectors(), self._meaning())
        return target

    @classmethod
    def from_parquet(
        cls,
        path: str | Path,
        *,
        id: str | None = None,  # noqa: A002 - the word that frames use
        vector: str | None = None,
        text: str | None = None,
        image: str | None = None,
        metric: Metric | None = None,
        encoder: EncoderRecord | None = None,
    ) -> Space:
        """Read a parquet file that has a column of vectors.

        Parameters
        ----------
        path : str or Path
            The file, of `to_parquet` or of anybody.
        id, vector, text, image : str, optional
            Columns; where nothing is said, those that the file itself names, or columns of these names.
        metric : {"cosine", "euclidean"}, optional
            How near is measured; what the file says, else cosine.
        encoder : EncoderRecord, optional
            What made the vectors; what the file says, else not known.

        Returns
        -------
        Space
            The other columns stay with the items.

        Raises
        ------
        MissingError
            If the file or a column is not there.
        InputError
            If vectors are missing or differ in length.

        Examples
        --------
        >>> Space.from_parquet("embeddings.parquet", vector="embedding")  # doctest: +SKIP
        """
        table, vectors, meaning = files.read_parquet(Path(path).expanduser(), id, vector, text, image)
        items = files.items_of(table, meaning, Path(path).stem)
        made = encoder or folder.record_from_json(meaning.get("encoder"))
        space = cls.from_arrays(
            vectors,
            ids=items.ids,
            items=items,
            metric=metric or meaning.get("metric", "cosine"),
            encoder=made,
        )
        return cls(items, space.source, made, space.metric, meaning.get("role"), meaning.get("task"))

    def to_npy(self, path: str | Path) -> Path:
        """Write the vectors to an ``.npy`` file and their ids to ``.ids.json`` beside it.

        Parameters
        ----------
        path : str or Path
            The file, for example ``"vectors.npy"``.

        Returns
        -------
        Path
            The file.

        Examples
        --------
        >>> import tempfile
        >>> path = Space.from_arrays({"a": [1.0, 0.0]}).to_npy(Path(tempfile.mkdtemp()) / "v.npy")
        >>> Space.from_npy(path).ids
        ('a',)
        """
        target = Path(path).expanduser()
        folder.write_npy(target, self.source.shape, self.iter_vectors())
        files.ids_path(target).write_text(json.dumps(list(self.ids)), encoding="utf-8")
        return target

    @classmethod
    def from_npy(
        cls,
        path: str | Path,
        *,
        ids: Iterable[Any] | None = None,
        items: Items | None = None,
        metric: Metric = "cosine",
        encoder: EncoderRecord | None = None,
    ) -> Space:
        """Read an ``.npy`` file of vectors.

        Parameters
        ----------
        path : str or Path
            The file.
        ids : iterable of str or of int, optional
            Id of each row; those in ``.ids.json`` beside the file where nothing is said.
        items : Items, optional
            What the vectors are of, matched by id.
        metric : {"cosine", "euclidean"}
            How near is measured.
        encoder : EncoderRecord, optional
            What made the vectors.

        Returns
        -------
        Space
            Float32 vectors stay mapped to the file.

        Raises
        ------
        MissingError
            If there is no such file, or ids do not match.
        InputError
            If the file holds no matrix of finite numbers.

        Examples
        --------
        >>> Space.from_npy("vectors.npy", ids=range(1000))  # doctest: +SKIP
        """
        place = Path(path).expanduser()
        if not place.is_file():
            raise MissingError(f"There is no file {place}.")
        vectors = files.read_npy(place)
        named = files.read_ids(place) if ids is None else ids
        return cls.from_arrays(vectors, ids=named, items=items, metric=metric, encoder=encoder)
