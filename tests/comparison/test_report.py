from __future__ import annotations

import pytest

from embedscope._errors import MissingError
from embedscope._table import Table
from embedscope.comparison.report import Report, Section


@pytest.fixture
def report():
    table = Table(("id", "recall"), [("<b>", 0.5)])
    return Report(
        "a → b",
        (
            Section("Neighbours", ("Half are kept.", "Rows <tr> are escaped."), {"recall@10": 0.5}, (table,)),
            Section("Alignment", ("No number.",), {"CKA": float("nan")}),
        ),
    )


def test_it_reads_as_text(report):
    assert repr(report).startswith(
        "a → b\n=====\n\nNeighbours\n----------\nHalf are kept.\nRows <tr> are escaped.\n\nid   recall\n"
    )
    assert repr(report).endswith("Alignment\n---------\nNo number.")


def test_html_is_escaped(report):
    html = report._repr_html_()
    assert "Rows &lt;tr&gt; are escaped." in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<h4") == 2


def test_numbers_come_as_a_frame(report):
    rows = report.to_frame().to_pylist()
    assert rows[0] == {"section": "Neighbours", "measure": "recall@10", "value": 0.5}
    assert [row["measure"] for row in rows] == ["recall@10", "CKA"]


def test_parts_are_found_by_title(report):
    assert report.section("Alignment").sentences == ("No number.",)
    assert len(report) == 2
    with pytest.raises(MissingError, match="Alignment, Neighbours"):
        report.section("Heatmap")
