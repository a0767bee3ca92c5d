"""What a search found: items with their distances, shown as a ranked table."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape

import numpy as np
from jaxtyping import Float32

from embedscope._table import Table
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.items.problems import ItemId
from embedscope.neighbors.neighbors import Metric

_SNIPPET = 100
_THUMBNAIL_PIXELS = 64


@dataclass(frozen=True, eq=False)
class SearchResult:
    """Items nearest to a query, nearest first.

    Parameters
    ----------
    query : str
        The query in a few words.
    items : Items
        The items found, with their columns.
    distances : ndarray of float32, shape (k,)
        Distance of each item to the query.
    metric : {"cosine", "euclidean"}
        What the distances are.
    recall : float, optional
        Share of the true nearest that such a search finds, where it is approximate; None: exact.

    Examples
    --------
    >>> items = Items.from_texts(["a cat", "a dog"], ids=["cat", "dog"])
    >>> SearchResult("kitten", items, np.array([0.2, 0.5], np.float32), "cosine")
    nearest to kitten · cosine distance
    id   distance  text
    cat       0.2  a cat
    dog       0.5  a dog
    """

    query: str
    items: Items
    distances: Float32[np.ndarray, " k"]
    metric: Metric
    recall: float | None = None

    def __len__(self) -> int:
        return len(self.items)

    @property
    def ids(self) -> tuple[ItemId, ...]:
        """The ids found, nearest first."""
        return self.items.ids

    def to_table(self) -> Table:
        """Give the ranks as a table.

        Returns
        -------
        Table
            Id, distance, a line of content, and the items' columns.

        Examples
        --------
        >>> items = Items.from_texts(["a cat"], columns={"id": [7]})
        >>> SearchResult("kitten", items, np.array([0.2], np.float32), "cosine").to_table().columns
        ('id', 'distance', 'text', 'id (column)')
        """
        heads = ("id", "distance", self.items.modality)
        names = self.items.columns.column_names
        columns = (*heads, *(f"{name} (column)" if name in heads else name for name in names))
        values = [self.items.columns.column(name).to_pylist() for name in names]
        rows = [
            (
                str(self.ids[row]),
                float(self.distances[row]),
                self.items.snippet(row, _SNIPPET),
                *(_plain(column[row]) for column in values),
            )
            for row in range(len(self))
        ]
        return Table(columns, rows, f"nearest to {self.query} · {self.metric} distance")

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        if self.items.modality == "text":
            return self.to_table()._repr_html_()
        cards = "".join(self._card(row) for row in range(len(self)))
        title = escape(f"nearest to {self.query} · {self.metric} distance")
        return f'<div>{title}</div><div style="display:flex;flex-wrap:wrap;gap:0.8em">{cards}</div>'

    def _card(self, row: int) -> str:
        payload = self.items.payloads[row]
        picture = _thumbnail(payload) if isinstance(payload, Image) else ""
        caption = escape(self.items.snippet(row, 40))
        where = escape(str(self.ids[row]), quote=True)
        return (
            f'<figure style="margin:0;width:7em;font-size:0.85em;overflow-wrap:anywhere" title="{where}">'
            f"{picture}<figcaption>{caption}<br>{self.distances[row]:.3f}</figcaption></figure>"
        )


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _thumbnail(image: Image) -> str:
    try:
        picture = image.open()
    except (OSError, ValueError) as error:
        return f"<em>{escape(str(error))}</em>"
    picture.thumbnail((_THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    content = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="" src="data:image/png;base64,{content}">'
