"""A report as a page, as Markdown and as JSON: complete, escaped, and alone."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from embedscope._errors import InputError, StoreError
from embedscope._table import Table
from embedscope.comparison.comparison import compare
from embedscope.comparison.gate import check
from embedscope.comparison.pages import (
    check_report_path,
    report_json,
    report_markdown,
    report_page,
    write_report,
)
from embedscope.comparison.report import Report, Section
from embedscope.items.items import Items
from embedscope.spaces.space import Space

NASTY = '<img src=x onerror="alert(1)">|`</td></table><script>alert(2)</script>'


class Tags(HTMLParser):
    """What a browser would see: the tags, whether each is closed, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def made(pair):
    comparison = compare(*pair)
    return comparison.report(), check(comparison, ["recall@5 < 0.999", "cka < -5"])


def test_the_page_has_every_section_number_and_verdict_and_needs_nothing_else(made):
    report, gate = made
    page = report_page(report, gate)
    tags = Tags(page)
    assert tags.open == []
    assert not {"script", "link", "img"} & set(tags.seen)
    assert "http" not in page
    for section in report.sections:
        assert section.title in tags.text
        for sentence in section.sentences:
            assert sentence in tags.text
    assert tags.seen.count("table") == sum(len(section.tables) for section in report.sections) + 1 + len(
        gate.offenders()
    )
    assert "FAILED" in tags.text
    assert "FAILED" not in report_page(report)


def test_what_items_and_groups_hold_is_no_markup(pair):
    teacher, student = pair
    names = [NASTY if label == "class 0" else label for label in teacher.items.column("label")]
    items = Items.from_texts([NASTY] * len(teacher), ids=teacher.ids, columns={"label": names})
    space = Space.from_arrays(teacher.vectors, ids=teacher.ids, items=items)
    comparison = compare(space, student, names=(NASTY, "student"))
    gate = check(comparison, "recall@5 < 2")
    tags = Tags(report_page(comparison.report(), gate))
    assert not {"script", "img"} & set(tags.seen)
    assert NASTY in tags.text
    markdown = report_markdown(comparison.report(), gate)
    assert "<img" not in re.sub(r"\\.", "", markdown)
    for row in (line for line in markdown.splitlines() if line.startswith("| ")):
        # A pipe of a cell would make a column more.
        assert len(re.findall(r"(?<!\\)\|", row)) >= 3
    offenders = [line for line in markdown.splitlines() if line.startswith(r"| \<img")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in offenders} <= {4, 5, 6, 9}
    assert offenders


def test_json_holds_the_same_numbers_and_null_where_there_is_none(made):
    report, gate = made
    read = json.loads(report_json(report, gate))
    assert [section["title"] for section in read["sections"]] == [one.title for one in report.sections]
    recall = read["sections"][1]["numbers"]["recall@10"]
    assert recall == report.sections[1].numbers["recall@10"]
    assert read["gate"]["failed"] is True
    assert read["gate"]["verdicts"][0]["offenders"][0]["group"].startswith("class")
    nothing = Section("S", (), {"a": float("nan"), "b": float("inf")}, (Table(("x",), [(float("nan"),)]),))
    read = json.loads(report_json(Report("t", (nothing,))))
    assert read["sections"][0]["numbers"] == {"a": None, "b": None}
    assert read["sections"][0]["tables"][0]["rows"] == [[None]]
    assert read["gate"] is None


def test_the_end_of_the_name_says_the_form(made, tmp_path):
    report, gate = made
    assert write_report(tmp_path / "r.HTML", report).read_text().startswith("<!doctype html>")
    assert write_report(tmp_path / "r.md", report, gate).read_text() == report_markdown(report, gate)
    assert json.loads(write_report(tmp_path / "r.json", report).read_text())["title"] == report.title


def test_a_place_that_cannot_be_is_refused(made, tmp_path):
    with pytest.raises(InputError, match=r"ends with .html, .md or .json; 'r.txt' came"):
        check_report_path("r.txt")
    with pytest.raises(InputError, match="There is no folder"):
        check_report_path(tmp_path / "nowhere" / "r.md")
    (tmp_path / "taken.md").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write_report(tmp_path / "taken.md", made[0])
