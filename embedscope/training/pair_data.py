"""PairData: the texts of a finetuning by source, and their folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Int64

from embedscope._errors import InputError, StoreError
from embedscope._hashing import hash_record, hash_text
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs
from embedscope.training.run_folder import RunFolder
from embedscope.training.training_data import DOMAIN, LABEL

PARTS = ("train", "validation")
_SCHEMA = pa.schema(
    [
        ("source", pa.int32()),
        ("id", pa.string()),
        ("query", pa.string()),
        ("document", pa.string()),
        ("key", pa.string()),
        ("negatives", pa.list_(pa.string())),
    ]
)
_INT64 = 8


@dataclass(frozen=True, eq=False)
class PairData:
    """Pairs of texts to train on and to validate on, one row a match.

    Parameters
    ----------
    sources : tuple of str
        Names of the sources, in the order of their numbers.
    train : pyarrow.Table
        Columns ``source`` (number), ``id``, ``query``, ``document``, ``key`` (what makes two documents one;
        null: their text) and ``negatives`` (texts).
    validation : pyarrow.Table
        The same, of other texts; empty: no validation.
    """

    sources: tuple[str, ...]
    train: pa.Table
    validation: pa.Table

    @classmethod
    def of(cls, train: Mapping[str, Pairs], validation: Mapping[str, Pairs]) -> PairData:
        """Gather pairs by source.

        Parameters
        ----------
        train : mapping of str to Pairs
            Texts. A column ``label`` of the matches says which documents are one: two of one label are never
            each other's negatives.
        validation : mapping of str to Pairs
            Of some of the sources, or none.

        Returns
        -------
        PairData
            In the order of the sources.

        Raises
        ------
        InputError
            If there are no pairs, they are not of texts, or a validation is of no source.
        """
        sources = tuple(train)
        stray = [name for name in validation if name not in train]
        if stray:
            raise InputError(f"The validation has {stray[0]!r}, which is no source: {', '.join(sources)}.")
        empty = [name for name, pairs in train.items() if not len(pairs)]
        if empty or not sources:
            raise InputError(f"{empty[0] if empty else 'Nothing'} has no pairs to train on.")
        parts = [
            [_table(part[name], number, name) for number, name in enumerate(sources) if name in part]
            for part in (train, validation)
        ]
        return cls(
            sources, *(pa.concat_tables(tables) if tables else _SCHEMA.empty_table() for tables in parts)
        )

    @property
    def fingerprint(self) -> str:
        """Hash of all texts, in order."""
        rows = [getattr(self, part).to_pydict() for part in PARTS]
        return hash_record({"sources": list(self.sources), "rows": rows})

    @property
    def held_items(self) -> Items:
        """The queries to validate on, for a run's map.

        Returns
        -------
        Items
            With the columns ``domain`` and ``label`` (both the source) and ``document``.
        """
        table = self.validation
        names = [self.sources[number] for number in table["source"].to_pylist()]
        columns = {DOMAIN: names, LABEL: names, "document": table["document"].to_pylist()}
        queries = tuple(table["query"].to_pylist())
        return Items(tuple(table["id"].to_pylist()), queries, "text", pa.table(columns), name="held out")

    def save(self, run: Path) -> None:
        """Keep the pairs.

        Parameters
        ----------
        run : Path
            The run's folder; they go below its ``data``.

        Raises
        ------
        StoreError
            If they cannot be written.
        """
        folder = RunFolder(run).data
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for part in PARTS:
                named = getattr(self, part).replace_schema_metadata({"sources": json.dumps(self.sources)})
                pq.write_table(named, _file(folder, part))
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"The pairs cannot be written to {folder}: {error}.") from error

    @classmethod
    def load(cls, folder: Path) -> PairData:
        """Read what `save` wrote.

        Parameters
        ----------
        folder : Path
            The folder.

        Returns
        -------
        PairData
            The same.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        try:
            train, validation = (pq.read_table(_file(folder, part)) for part in PARTS)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"The pairs in {folder} cannot be read: {error}.") from error
        return cls(tuple(json.loads(train.schema.metadata[b"sources"])), train, validation)


def has_pairs(folder: Path) -> bool:
    """Tell whether a folder holds pairs, rather than images.

    Parameters
    ----------
    folder : Path
        A run's ``data``.

    Returns
    -------
    bool
        Whether `PairData.load` reads it.
    """
    return _file(folder, "train").is_file()


def _file(folder: Path, part: str) -> Path:
    return folder / f"pairs-{part}.parquet"


def _table(pairs: Pairs, number: int, name: str) -> pa.Table:
    for side in (pairs.queries, pairs.documents):
        if side.modality != "text":
            raise InputError(f"{name} has {side.modality}s; finetuning takes pairs of texts.")
    queries, documents = pairs.queries, pairs.documents
    named: dict[int, list[str]] = {}
    for query, document in pairs.negatives.tolist():
        named.setdefault(query, []).append(str(documents.payloads[document]))
    left, right = pairs.matches[:, 0].tolist(), pairs.matches[:, 1].tolist()
    has_key = LABEL in pairs.columns.column_names
    keys = [str(key) for key in pairs.columns[LABEL].to_pylist()] if has_key else [None] * len(pairs)
    columns = {
        "source": [number] * len(pairs),
        "id": [f"{name}/{row}/{queries.ids[query]}" for row, query in enumerate(left)],
        "query": [str(queries.payloads[row]) for row in left],
        "document": [str(documents.payloads[row]) for row in right],
        "key": keys,
        "negatives": [named.get(row, []) for row in left],
    }
    return pa.table(columns, schema=_SCHEMA)


def text_keys(texts: list[str]) -> Int64[np.ndarray, " texts"]:
    """Give texts numbers, equal where the texts are.

    Parameters
    ----------
    texts : list of str
        Any.

    Returns
    -------
    ndarray of int64, shape (texts,)
        The first eight bytes of a hash each.

    Examples
    --------
    >>> keys = text_keys(["a", "b", "a"])
    >>> bool(keys[0] == keys[2]), bool(keys[0] == keys[1])
    (True, False)
    """
    return np.array(
        [int.from_bytes(hash_text(text)[:_INT64], "little", signed=True) for text in texts], np.int64
    )
