"""Functions and their docstrings are taken apart without running anything."""

from __future__ import annotations

import ast

import pytest

from embedscope._errors import MissingError
from embedscope.items.load import load_pairs
from embedscope.items.packaged.docstrings import functions_of, prose_of

SOURCE = '''
import os
raise SystemExit("this file was run")

class Thing:
    @property
    def name(self):
        """Give the name of the thing.

        It is a text.

        Returns
        -------
        str
        """
        # a comment stays
        return self._name

def bare(): pass

def short(x):
    """Short."""
    return x

def only_docstring():
    """This function has nothing else in it."""

async def waits(x, *,
                y=1):
    \'\'\'Wait for a while and then go on with it.

    >>> waits(1)
    \'\'\'
    return x
'''


def test_functions_without_their_docstring() -> None:
    rows = {row["function"]: row for row in functions_of(SOURCE)}
    assert sorted(rows) == ["name", "waits"]
    assert rows["name"]["query"] == "Give the name of the thing.\nIt is a text."
    assert rows["name"]["document"] == "def name(self):\n    # a comment stays\n    return self._name"
    assert rows["waits"]["document"].endswith("y=1):\n    return x")


@pytest.mark.parametrize(
    ("docstring", "prose"),
    [
        ("One.", "One."),
        ("One\n  two.\n\nThree.", "One two.\nThree."),
        ("One.\n\n.. note:: no", "One."),
        ("One.\n\n- a\n- b", "One."),
        ("One.\n\n>>> 1", "One."),
        (":param x: no", ""),
        ("Title\n=====\n\ntext", ""),
    ],
)
def test_prose_ends_where_a_section_begins(docstring: str, prose: str) -> None:
    assert prose_of(docstring) == prose


@pytest.mark.network
def test_functions_parse_and_do_not_hold_their_query() -> None:
    pairs = load_pairs("docstrings")
    assert len(pairs.queries) == len(pairs.documents) == len(pairs)
    for row in range(0, len(pairs), 50):
        query, document = pairs.queries.payloads[row], pairs.documents.payloads[row]
        assert ast.parse(document).body[0].name == pairs.columns["function"][row].as_py()
        assert query.splitlines()[0] not in document
    assert len(load_pairs("docstrings", packages=("networkx",))) < len(pairs)
    with pytest.raises(MissingError, match="package of docstrings"):
        load_pairs("docstrings", packages=("numpy",))
