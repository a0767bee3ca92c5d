"""A map that is asked for the neighbours of items, texts and images, from either side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets

from embedscope._errors import InputError
from embedscope.items.problems import ItemId
from embedscope.spaces.search_result import SearchResult
from embedscope.views.answers.neighbors import NearestItems, check_reads, nearest
from embedscope.views.answers.payloads import check_row
from embedscope.views.answers.search import WordSearch
from embedscope.views.channel import AnswerFunction
from embedscope.views.map_widget import Map


class Asking(Map):
    """A map with a query at hand and its neighbours.

    Parameters
    ----------
    *parts
        Space, layout and clusters, as `Map` takes them.
    **options
        As `Map` takes them.

    Attributes
    ----------
    focus : str, int or None
        Id of the item whose neighbours are shown; set it to show an item's, or None to show nobody's.
    query : dict
        What the neighbours are of, as it travels: an item's row, a text, or an image's name.
    n_neighbors : int
        How many are shown, from 1 to 100.
    """

    focus = traitlets.Any(None, allow_none=True)

    def __init__(self, *parts: Any, **options: Any) -> None:
        self._answered: tuple[Mapping[str, Any], int, SearchResult] | None = None
        super().__init__(*parts, **options)
        self.observe(self._follow_query, "query")
        self.observe(self._follow_focus, "focus")

    @property
    def neighbors(self) -> SearchResult | None:
        """The neighbours of what is at hand, nearest first; None where nothing is.

        Those of an image that was dropped on the page are there once the page has asked for them.
        """
        query, k, answered = dict(self.query), self.n_neighbors, self._answered
        if not query:
            return None
        is_image = query["kind"] == "image"
        if answered is not None and answered[0] == query and (answered[1] == k or is_image):
            return answered[2]
        return None if is_image else nearest(self.space, query, k)

    def find(self, query: Any, k: int | None = None) -> SearchResult:
        """Find the items nearest to a text or an image; a text becomes the view's query too.

        Parameters
        ----------
        query : str, path, Image, PIL image, or vector of length dims
            A text where the encoder reads texts, else the path of an image.
        k : int, optional
            How many; as many as the view shows where nothing is said.

        Returns
        -------
        SearchResult
            Nearest first.

        Raises
        ------
        InputError
            If the space has no encoder for such a query; the words say what can be done.

        Notes
        -----
        The encoder is loaded at the first text or image. An image stays in Python: the view shows what was
        dropped on it.

        Examples
        --------
        >>> import embedscope as es
        >>> shown = es.explore(es.Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0]}))
        >>> shown.find([0.1, 0.9], k=1).ids
        ('b',)
        """
        wanted = self.n_neighbors if k is None else k
        if not isinstance(query, str) or (not self._reads_texts() and Path(query).is_file()):
            return self.space.search(query, wanted)
        asked = {"kind": "text", "text": query}
        result = nearest(self.space, asked, wanted)
        with self._changing:
            self._answered = (asked, wanted, result)
            self.query = asked
        return result

    def _reads_texts(self) -> bool:
        try:
            check_reads(self.space, "text")
        except InputError:
            return False
        return True

    def _answers(self) -> dict[str, AnswerFunction]:
        return super()._answers() | {
            "neighbors": NearestItems(lambda: self.space, self._keep_answer),
            "search": WordSearch(lambda: self.space.items),
        }

    def _keep_answer(self, query: Mapping[str, Any], k: int, result: SearchResult) -> None:
        self._answered = (dict(query), k, result)

    @traitlets.validate("query")  # type: ignore[untyped-decorator]
    def _check_query(self, proposal: Any) -> dict[str, Any]:
        query = dict(proposal["value"])
        key = {"item": "row", "text": "text", "image": "name"}.get(str(query.get("kind")))
        if not query:
            return query
        if key is None or set(query) != {"kind", key}:
            raise InputError(f"A query is of an item, a text or an image; {query!r} came.")
        if key == "row":
            check_row(query["row"], len(self.space))
        elif not isinstance(query[key], str):
            raise InputError(f"A query of kind {query['kind']!r} names its {key} as a text; {query!r} came.")
        return {"kind": query["kind"], key: query[key]}

    @traitlets.validate("focus")  # type: ignore[untyped-decorator]
    def _check_focus(self, proposal: Any) -> ItemId | None:
        if proposal["value"] is None:
            return None
        row = int(self.space.items.rows_of([proposal["value"]])[0])
        return self.space.ids[row]

    def _follow_query(self, change: Any) -> None:
        with self._changing:
            query = change["new"]
            self.focus = self.space.ids[query["row"]] if query.get("kind") == "item" else None

    def _follow_focus(self, change: Any) -> None:
        with self._changing:
            if change["new"] is not None:
                self.query = {"kind": "item", "row": int(self.space.items.rows_of([change["new"]])[0])}
            elif self.query.get("kind") == "item":
                self.query = {}
