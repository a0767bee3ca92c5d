"""TrainingData: the items of a run by domain and class, and their folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Int64

from embedscope._errors import StoreError
from embedscope._hashing import hash_bytes, hash_record
from embedscope.items.items import Items
from embedscope.items.problems import ItemId
from embedscope.spaces.items_table import items_from_table, items_to_table
from embedscope.training.run_folder import RunFolder

LABEL, DOMAIN = "label", "domain"
PARTS = ("train", "validation")


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Images to train on and, of other classes, to validate on.

    Parameters
    ----------
    train : Items
        Images with the columns ``label`` and ``domain``.
    validation : Items or None
        The same, of other classes; None: no validation.
    domains : tuple of str
        Names of the domains, in the order of their numbers.
    """

    train: Items
    validation: Items | None
    domains: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Hash of the images' contents, their classes and domains, in order."""
        parts = [part for part in (self.train, self.validation) if part is not None]
        contents = [
            hash_bytes(b"".join(_content(part, row) for row in range(len(part)))).hex() for part in parts
        ]
        columns = [[part.column(name).astype(str).tolist() for name in (LABEL, DOMAIN)] for part in parts]
        return hash_record({"contents": contents, "columns": columns, "domains": list(self.domains)})

    def save(self, run: Path) -> None:
        """Keep the items: images with a path by their path, others with their content.

        Parameters
        ----------
        run : Path
            The run's folder; they go below its ``data``.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        folder = RunFolder(run).data
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for part in PARTS:
                items = getattr(self, part)
                if items is not None:
                    table = items_to_table(items).replace_schema_metadata(
                        {"name": items.name, "domains": json.dumps(self.domains)}
                    )
                    pq.write_table(table, folder / f"{part}.parquet")
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"The items cannot be written to {folder}: {error}.") from error

    @classmethod
    def load(cls, folder: Path) -> TrainingData:
        """Read what `save` wrote.

        Parameters
        ----------
        folder : Path
            The folder.

        Returns
        -------
        TrainingData
            The same.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        try:
            tables = [_read(folder / f"{part}.parquet") for part in PARTS]
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"The items in {folder} cannot be read: {error}.") from error
        train, validation = tables
        if train is None:
            raise StoreError(f"{folder} has no items to train on.")
        known = train.schema.metadata[b"domains"].decode()
        # Lines, before names could hold anything.
        domains = json.loads(known) if known.startswith("[") else known.split("\n")
        return cls(_items(train), None if validation is None else _items(validation), tuple(domains))

    def take(self, part: str, keep: np.ndarray) -> TrainingData:
        """Leave items out.

        Parameters
        ----------
        part : {"train", "validation"}
            Of which part.
        keep : ndarray of bool, shape (items,)
            Those that stay.

        Returns
        -------
        TrainingData
            The domains keep their numbers.
        """
        parts = {name: getattr(self, name) for name in PARTS}
        parts[part] = parts[part].take(keep)
        return TrainingData(parts["train"], parts["validation"], self.domains)

    def without(self, left_out: Mapping[str, Sequence[ItemId]]) -> TrainingData:
        """Leave items out by their ids.

        Parameters
        ----------
        left_out : mapping of str to sequence
            Ids by part.

        Returns
        -------
        TrainingData
            The domains keep their numbers.
        """
        data = self
        for part, ids in left_out.items():
            if ids:
                gone = set(ids)
                data = data.take(part, np.array([value not in gone for value in getattr(data, part).ids]))
        return data

    def domain_numbers(self, items: Items) -> Int64[np.ndarray, " items"]:
        """Give each item the number of its domain.

        Parameters
        ----------
        items : Items
            One of the parts.

        Returns
        -------
        ndarray of int64, shape (items,)
            From 0.
        """
        numbers = {name: number for number, name in enumerate(self.domains)}
        return np.array([numbers[str(value)] for value in items.column(DOMAIN)], dtype=np.int64)


def _content(items: Items, row: int) -> bytes:
    """Hash an image; a file that is not there counts by its path, and the worker says that it is left out."""
    try:
        return items.content_hash(row)
    except OSError as error:
        return hash_bytes(str(error).encode())


def _read(file: Path) -> pa.Table | None:
    return pq.read_table(file) if file.is_file() else None


def _items(table: pa.Table) -> Items:
    return items_from_table(table, "image", table.schema.metadata[b"name"].decode())
