"""Items: what is embedded, with unique ids and columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Int64, Integer, Shaped

from embedscope._errors import InputError, MissingError
from embedscope.items.columns import as_array, column_values, take_rows
from embedscope.items.frame import items_frame
from embedscope.items.from_frame import gather_frame
from embedscope.items.from_hub import read_huggingface
from embedscope.items.from_images import gather_images
from embedscope.items.from_parquet import read_parquet
from embedscope.items.from_texts import gather_texts
from embedscope.items.payloads import Modality, Payload, content_hash
from embedscope.items.problems import Gathered, ItemId, OnError, Problem
from embedscope.items.show import items_html, items_text, snippet

__all__ = ["ItemId", "Items", "OnError", "Problem"]


@dataclass(frozen=True, eq=False)
class Items:
    """Ordered items: unique ids, a payload each (all texts or all images), and columns.

    Make them with `from_texts`, `from_images`, `from_frame`, `from_parquet` or `from_huggingface`, or
    by name with `embedscope.load_items`.

    Parameters
    ----------
    ids : tuple of str or of int
        Unique; kept as they come.
    payloads : sequence of str or Image
        One an item. An item that is marked as a problem has none (``None``).
    modality : {"text", "image"}
        What the payloads are.
    columns : pyarrow.Table
        One row an item: labels and whatever else is known. A table without columns is allowed.
    problems : tuple of Problem
        What was left out or marked, with the reason.
    name : str
        Where they came from, for titles.

    Raises
    ------
    InputError
        If ids, payloads and columns differ in length, or an id comes twice.

    Examples
    --------
    >>> items = Items.from_texts(["a cat", "a dog"], columns={"label": ["cat", "dog"]})
    >>> items.ids, items.column("label").tolist()
    ((0, 1), ['cat', 'dog'])
    """

    ids: tuple[ItemId, ...]
    payloads: Sequence[Payload | None]
    modality: Modality
    columns: pa.Table
    problems: tuple[Problem, ...] = ()
    name: str = "items"
    _hashes: dict[int, bytes] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if len(self.payloads) != len(self.ids):
            raise InputError(f"{len(self.ids)} ids came for {len(self.payloads)} payloads; give one each.")
        if self.columns.num_columns and self.columns.num_rows != len(self.ids):
            raise InputError(f"The columns have {self.columns.num_rows} rows for {len(self.ids)} items.")
        if len(self._row_of) < len(self.ids):
            raise InputError("An id comes twice; ids must be unique.")

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[Any],
        *,
        ids: Iterable[Any] | None = None,
        columns: Any = None,
        name: str = "texts",
        on_error: OnError = "skip",
    ) -> Items:
        """Make items of texts.

        Parameters
        ----------
        texts : iterable of str
            A list, a column of a frame, a numpy array.
        ids : iterable of str or of int, optional
            Unique; the row numbers when there are none.
        columns : mapping of str to sequence, or data frame, optional
            One value an item.
        name : str
            For titles.
        on_error : {"raise", "skip", "mark"}
            What happens to an item that cannot be used (empty, missing, no text, an id used before):
            raise, leave it out with one warning, or keep it without a payload and with the reason in the
            column ``problem``. A missing or repeated id is left out under "mark" too.

        Returns
        -------
        Items
            In the order given.

        Raises
        ------
        InputError
            If ids or columns do not fit, or an item cannot be used and ``on_error`` is "raise".

        Examples
        --------
        >>> Items.from_texts(["a", "b"], ids=["x", "y"]).ids
        ('x', 'y')
        """
        return cls._from_gathered(gather_texts(texts, ids, columns, on_error), "text", name)

    @classmethod
    def from_images(
        cls,
        source: Any,
        *,
        ids: Iterable[Any] | None = None,
        columns: Any = None,
        name: str | None = None,
        check: bool = True,
        on_error: OnError = "skip",
    ) -> Items:
        """Make items of images.

        Parameters
        ----------
        source : path of a folder, or iterable of paths, bytes, PIL images or uint8 arrays
            A folder is searched through, hidden files and files without an image's suffix apart; an id is
            then the path below the folder, and a column ``folder`` holds the folder it lies in. Arrays
            are (height, width), (height, width, 3) or (height, width, 4).
        ids : iterable of str or of int, optional
            Unique. Without them: the paths as they came, or the row numbers.
        columns : mapping of str to sequence, or data frame, optional
            One value an item.
        name : str, optional
            For titles; the folder's name when there is none.
        check : bool
            Decode every image once, so that a corrupt one is found now and not in the middle of a run.
        on_error : {"raise", "skip", "mark"}
            What happens to a corrupt image, a missing file or an id used before; see `from_texts`.

        Returns
        -------
        Items
            In the order given; a folder's in the order of its paths.

        Raises
        ------
        InputError
            If ids or columns do not fit, or an item cannot be used and ``on_error`` is "raise".
        MissingError
            If the folder is not there.

        Notes
        -----
        The check decodes in 8 threads, JPEGs at an eighth of their size: measured for 500 × 500 on two
        shared cores, 1 ms a JPEG and 7 ms a PNG. Files are read again when they are
        encoded; nothing is kept in memory.

        Examples
        --------
        >>> Items.from_images([np.zeros((8, 8), np.uint8)]).modality
        'image'
        """
        gathered, found = gather_images(source, ids, columns, check, on_error)
        return cls._from_gathered(gathered, "image", name or found)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        text: str | None = None,
        image: str | None = None,
        id: str | None = None,  # noqa: A002 - the word that frames use
        name: str = "frame",
        on_error: OnError = "skip",
    ) -> Items:
        """Make items of any data frame.

        Parameters
        ----------
        frame : data frame
            pandas, polars, pyarrow, or whatever else narwhals reads.
        text : str, optional
            The column of texts. Without ``text`` and ``image``: a column called text, sentence, content,
            document, body, title or query, or the only column of texts.
        image : str, optional
            The column of images: paths, bytes, or the hub's ``{"bytes", "path"}``.
        id : str, optional
            The column of ids. Without it: a column called id, or the row numbers.
        name : str
            For titles.
        on_error : {"raise", "skip", "mark"}
            What happens to an item that cannot be used; see `from_texts`.

        Returns
        -------
        Items
            The columns that are not payload or id stay as columns.

        Raises
        ------
        InputError
            If the column of texts or images cannot be guessed, or both are named.
        MissingError
            If a named column is not there.

        Examples
        --------
        >>> frame = pa.table({"text": ["a", "b"], "label": [0, 1]})
        >>> Items.from_frame(frame).column("label").tolist()
        [0, 1]
        """
        gathered, modality = gather_frame(frame, text, image, id, on_error)
        return cls._from_gathered(gathered, modality, name)

    @classmethod
    def from_parquet(cls, path: Any, *, columns: Sequence[str] | None = None, **options: Any) -> Items:
        """Make items of a parquet file or a folder of them.

        Parameters
        ----------
        path : path
            The file or folder.
        columns : sequence of str, optional
            Read these only.
        **options
            ``text``, ``image``, ``id``, ``name``, ``on_error`` of `from_frame`.

        Returns
        -------
        Items
            One a row.

        Raises
        ------
        MissingError
            If there is no such file.

        Examples
        --------
        >>> Items.from_parquet("reviews.parquet", text="review")  # doctest: +SKIP
        """
        frame, found = read_parquet(path, columns)
        return cls.from_frame(frame, **{"name": found, **options})

    @classmethod
    def from_huggingface(
        cls, path: str, *, split: str = "train", config: str | None = None, **options: Any
    ) -> Items:
        """Make items of a data set of the Hugging Face hub, or of a local folder in its form.

        Parameters
        ----------
        path : str
            ``"owner/name"``, or a folder.
        split : str
            Which part; slices such as ``"train[:1000]"`` are allowed.
        config : str, optional
            The data set's configuration.
        **options
            ``text``, ``image``, ``id``, ``name``, ``on_error`` of `from_frame`.

        Returns
        -------
        Items
            One a row; the names of a class stand in place of its numbers.

        Raises
        ------
        DependencyError
            If the package ``datasets`` is missing.
        FetchError
            If the data set cannot be loaded.

        Examples
        --------
        >>> Items.from_huggingface("fancyzhx/ag_news", split="test")  # doctest: +SKIP
        """
        return cls.from_frame(read_huggingface(path, split, config), **{"name": path, **options})

    @classmethod
    def _from_gathered(cls, parts: Gathered, modality: Modality, name: str) -> Items:
        return cls(parts.ids, parts.payloads, modality, parts.columns, parts.problems, name)

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> Shaped[np.ndarray, " items"]:
        """Give one column's values.

        Parameters
        ----------
        name : str
            The column.

        Returns
        -------
        ndarray, shape (items,)
            Numbers and booleans in their own type; texts as objects, None where missing.

        Raises
        ------
        MissingError
            If there is no such column.

        Examples
        --------
        >>> Items.from_texts(["a"], columns={"stars": [5]}).column("stars")
        array([5])
        """
        return column_values(self.columns, name)

    def with_column(self, name: str, values: Any) -> Items:
        """Add or replace a column.

        Parameters
        ----------
        name : str
            The column.
        values : sequence
            One value an item.

        Returns
        -------
        Items
            New items; the old ones stay as they are.

        Raises
        ------
        InputError
            If there are more or fewer values than items.

        Examples
        --------
        >>> Items.from_texts(["a", "b"]).with_column("label", ["x", "y"]).column("label").tolist()
        ['x', 'y']
        """
        array = as_array(name, values)
        if len(array) != len(self):
            raise InputError(f"{len(array)} values came for {len(self)} items in the column {name!r}.")
        if name in self.columns.column_names:
            place = self.columns.column_names.index(name)
            return replace(self, columns=self.columns.set_column(place, name, array))
        kept = {known: self.columns.column(known) for known in self.columns.column_names}
        return replace(self, columns=pa.table({**kept, name: array}))

    def take(self, rows: Integer[np.ndarray, " taken"] | Bool[np.ndarray, " items"] | Sequence[int]) -> Items:
        """Take items by row.

        Parameters
        ----------
        rows : ndarray of int, shape (taken,), or of bool, shape (items,)
            Rows in the order wanted, or a mask. A row may come once only.

        Returns
        -------
        Items
            The items of these rows; of the problems, those of items that are still there.

        Raises
        ------
        InputError
            If a row is out of range or comes twice, or a mask is not as long as the items.

        Examples
        --------
        >>> Items.from_texts(["a", "b", "c"]).take(np.array([2, 0])).ids
        (2, 0)
        """
        chosen = self._as_rows(rows)
        ids = tuple(self.ids[row] for row in chosen)
        kept = set(ids)
        return replace(
            self,
            ids=ids,
            payloads=tuple(self.payloads[row] for row in chosen),
            columns=take_rows(self.columns, chosen),
            problems=tuple(problem for problem in self.problems if problem.id in kept),
            _hashes={
                place: self._hashes[row] for place, row in enumerate(chosen.tolist()) if row in self._hashes
            },
        )

    def _as_rows(self, rows: Any) -> Int64[np.ndarray, " taken"]:
        array = np.asarray(rows)
        if array.dtype == np.bool_:
            if len(array) != len(self):
                raise InputError(f"The mask has {len(array)} values for {len(self)} items.")
            return np.flatnonzero(array).astype(np.int64)
        chosen = array.astype(np.int64).reshape(-1)
        if chosen.size and (chosen.min() < -len(self) or chosen.max() >= len(self)):
            raise InputError(f"Rows run from 0 to {len(self) - 1}; got {chosen.min()} to {chosen.max()}.")
        return chosen % max(len(self), 1)

    def subset(self, ids: Iterable[ItemId]) -> Items:
        """Take items by id.

        Parameters
        ----------
        ids : iterable of str or of int
            In the order wanted.

        Returns
        -------
        Items
            The items of these ids.

        Raises
        ------
        MissingError
            If there is no item of an id.

        Examples
        --------
        >>> Items.from_texts(["a", "b"], ids=["x", "y"]).subset(["y"]).payloads
        ('b',)
        """
        return self.take(self.rows_of(ids))

    @cached_property
    def _row_of(self) -> dict[ItemId, int]:
        return {value: row for row, value in enumerate(self.ids)}

    def has_id(self, id: ItemId) -> bool:  # noqa: A002 - the word for it
        """Tell whether an item has an id.

        Parameters
        ----------
        id : str or int
            Any.

        Returns
        -------
        bool
            Whether `rows_of` would find it.

        Examples
        --------
        >>> Items.from_texts(["a"], ids=["x"]).has_id("x")
        True
        """
        return id in self._row_of

    def rows_of(self, ids: Iterable[ItemId]) -> Int64[np.ndarray, " ids"]:
        """Find the rows of ids.

        Parameters
        ----------
        ids : iterable of str or of int
            Each of them an item's.

        Returns
        -------
        ndarray of int64, shape (ids,)
            Rows from 0.

        Raises
        ------
        MissingError
            If there is no item of an id; the first unknown ones are named.

        Examples
        --------
        >>> Items.from_texts(["a", "b"], ids=["x", "y"]).rows_of(["y", "x"])
        array([1, 0])
        """
        wanted = list(ids)
        unknown = [value for value in wanted if value not in self._row_of]
        if unknown:
            shown = ", ".join(repr(value) for value in unknown[:5])
            raise MissingError(
                f"{len(unknown)} of {len(wanted)} ids are not among the {len(self)} items: {shown}. "
                f"Ids look like {', '.join(repr(value) for value in self.ids[:3])}."
            )
        return np.fromiter((self._row_of[value] for value in wanted), np.int64, len(wanted))

    def sample(self, n: int, seed: int = 0) -> Items:
        """Draw items at random, without repetition, and keep their order.

        Parameters
        ----------
        n : int
            How many; all of them if there are not more.
        seed : int
            The same seed draws the same items.

        Returns
        -------
        Items
            ``min(n, len(self))`` items.

        Raises
        ------
        InputError
            If ``n`` is negative.

        Examples
        --------
        >>> len(Items.from_texts(["a", "b", "c"]).sample(2))
        2
        """
        if n < 0:
            raise InputError(f"n must be 0 or more; got {n}.")
        if n >= len(self):
            return self
        drawn = np.random.default_rng(seed).choice(len(self), size=n, replace=False)
        return self.take(np.sort(drawn))

    @property
    def valid(self) -> Items:
        """The items that have a payload; the problems stay listed.

        Examples
        --------
        >>> Items.from_texts(["a"]).valid.ids
        (0,)
        """
        usable = np.array([payload is not None for payload in self.payloads], dtype=np.bool_)
        return self if usable.all() else replace(self.take(usable), problems=self.problems)

    def content_hash(self, row: int) -> bytes:
        """Hash what an item holds; computed once.

        Parameters
        ----------
        row : int
            From 0.

        Returns
        -------
        bytes
            16 bytes, equal for equal content whatever its id.

        Raises
        ------
        InputError
            If the item is marked as a problem.

        Examples
        --------
        >>> items = Items.from_texts(["a", "a", "b"])
        >>> items.content_hash(0) == items.content_hash(1), items.content_hash(0) == items.content_hash(2)
        (True, False)
        """
        row = int(row)
        if row not in self._hashes:
            payload = self.payloads[row]
            if payload is None:
                raise InputError(f"The item {self.ids[row]!r} is marked as a problem and has no content.")
            self._hashes[row] = content_hash(payload)
        return self._hashes[row]

    def snippet(self, row: int, length: int = 200) -> str:
        r"""Describe an item in one line.

        Parameters
        ----------
        row : int
            From 0.
        length : int
            Most characters.

        Returns
        -------
        str
            A text's beginning on one line; an image's caption, label or id.

        Examples
        --------
        >>> Items.from_texts(["one\ntwo  three"]).snippet(0, length=9)
        'one two …'
        """
        return snippet(self, int(row), length)

    def to_frame(self) -> pa.Table:
        """Give the items as an Arrow table, one row an item.

        ``.to_pandas()`` goes on from there. Tools that read Arrow take the items themselves:
        ``polars.DataFrame(items)``, ``pyarrow.table(items)``, ``pandas.DataFrame.from_arrow(items)``.

        Returns
        -------
        pyarrow.Table
            ``id``; ``text``, or ``path`` of an image (missing where it has none); then the columns. A name
            that a column has already gets an underscore. Items that are ids alone have no ``text``.

        Examples
        --------
        >>> items = Items.from_texts(["a cat"], ids=["x"], columns={"label": ["cat"]})
        >>> items.to_frame().to_pylist()
        [{'id': 'x', 'text': 'a cat', 'label': 'cat'}]
        """
        return items_frame(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the frame over by the Arrow PyCapsule protocol, which data frame libraries share."""
        return self.to_frame().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return items_text(self)

    def _repr_html_(self) -> str:
        return items_html(self)
