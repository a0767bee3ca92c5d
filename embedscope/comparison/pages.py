"""A report as a file that stands alone: a page, Markdown, JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from embedscope._errors import InputError, StoreError
from embedscope._table import Table, markdown_text
from embedscope.comparison.gate import Gate, Verdict
from embedscope.comparison.report import Report, Section

_STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 15%, Canvas); }
body { max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; background: Canvas; color: CanvasText;
  font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 20px; margin: 0 0 1rem; }
h2 { font-size: 15px; margin: 2rem 0 0.4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
p { max-width: 44rem; margin: 0 0 0.8rem; }
div { margin: 1rem 0 0.2rem; color: color-mix(in srgb, CanvasText 70%, Canvas); font-size: 12px; }
table { font-size: 13px; margin-bottom: 1rem; }
th { font-weight: 500; color: color-mix(in srgb, CanvasText 70%, Canvas); }
th, td { border-bottom: 1px solid var(--line); unicode-bidi: plaintext; }
"""


def report_page(report: Report, gate: Gate | None = None) -> str:
    """Write a report as one HTML page that needs nothing else.

    Parameters
    ----------
    report : Report
        The report.
    gate : Gate, optional
        Its verdicts stand first.

    Returns
    -------
    str
        The page, in light or dark as the reader's system is.

    Examples
    --------
    >>> "<h1>a &lt; b</h1>" in report_page(Report("a < b", ()))
    True
    """
    verdicts = "" if gate is None else f"<h2>Gate</h2>{gate._repr_html_()}"
    body = "".join(map(_section_page, report.sections))
    title = escape(report.title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{title}</h1>{verdicts}{body}</body></html>\n"
    )


def _section_page(section: Section) -> str:
    tables = "".join(table._repr_html_() for table in section.tables)
    return f"<h2>{escape(section.title)}</h2><p>{escape(' '.join(section.sentences))}</p>{tables}\n"


def report_markdown(report: Report, gate: Gate | None = None) -> str:
    """Write a report as Markdown, for a pull request or a job's summary.

    Parameters
    ----------
    report : Report
        The report.
    gate : Gate, optional
        Its verdicts stand first.

    Returns
    -------
    str
        Headings, sentences and tables.

    Examples
    --------
    >>> print(report_markdown(Report("a and b", (Section("Neighbours", ("All are kept.",)),))))
    # a and b
    <BLANKLINE>
    ## Neighbours
    <BLANKLINE>
    All are kept.
    <BLANKLINE>
    """
    parts = [f"# {markdown_text(report.title)}"]
    if gate is not None:
        parts += ["## Gate", *(table.to_markdown() for table in (gate.to_table(), *gate.offenders()))]
    for section in report.sections:
        parts += [f"## {markdown_text(section.title)}", markdown_text(" ".join(section.sentences))]
        parts += [table.to_markdown() for table in section.tables]
    return "\n\n".join(parts) + "\n"


def report_json(report: Report, gate: Gate | None = None) -> str:
    """Write a report as JSON, for programs.

    Parameters
    ----------
    report : Report
        The report.
    gate : Gate, optional
        Its verdicts.

    Returns
    -------
    str
        ``title``, ``sections`` with ``title``, ``sentences``, ``numbers`` and ``tables``, and ``gate`` (null
        where there is none) with ``failed`` and ``verdicts``. What is not defined is null.

    Examples
    --------
    >>> json.loads(report_json(Report("a and b", ())))["gate"] is None
    True
    """
    sections = [
        {
            "title": section.title,
            "sentences": list(section.sentences),
            "numbers": {name: _json_value(value) for name, value in section.numbers.items()},
            "tables": [_json_table(table) for table in section.tables],
        }
        for section in report.sections
    ]
    judged = None if gate is None else {"failed": gate.failed, "verdicts": list(map(_verdict, gate.verdicts))}
    whole = {"title": report.title, "sections": sections, "gate": judged}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _json_table(table: Table) -> dict[str, Any]:
    rows = [[_json_value(value) for value in row] for row in table.rows]
    return {"title": table.title, "columns": list(table.columns), "rows": rows}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "condition": verdict.condition.text,
        "failed": verdict.failed,
        "value": _json_value(verdict.value),
        "by": verdict.by,
        "offenders": [
            {"group": group, "items": items, "value": _json_value(value)}
            for group, items, value in verdict.offenders
        ],
    }


def _json_value(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or isinstance(plain, str | bool | int):
        return plain
    if isinstance(plain, float):
        return plain if math.isfinite(plain) else None
    return str(plain)


FORMS: dict[str, Callable[[Report, Gate | None], str]] = {
    ".html": report_page,
    ".md": report_markdown,
    ".json": report_json,
}


def check_report_path(path: str | Path) -> Path:
    """Refuse a place where no report can be written, before it is made.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Path
        The same.

    Raises
    ------
    InputError
        If its name ends with none of .html, .md and .json, or its folder is not there.

    Examples
    --------
    >>> check_report_path("report.html").name
    'report.html'
    """
    place = Path(path).expanduser()
    if place.suffix.lower() not in FORMS:
        raise InputError(
            f"A report is written to a file that ends with .html, .md or .json; {str(path)!r} came."
        )
    if not place.parent.is_dir():
        raise InputError(f"There is no folder {str(place.parent)!r} for {place.name}: make it first.")
    return place


def write_report(path: str | Path, report: Report, gate: Gate | None = None) -> Path:
    r"""Write a report to a file: as a page, as Markdown or as JSON, by the end of its name.

    Parameters
    ----------
    path : str or Path
        Ends with .html, .md or .json.
    report : Report
        The report.
    gate : Gate, optional
        Its verdicts go along.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If its name ends with something else, or its folder is not there.
    StoreError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> write_report(Path(tempfile.mkdtemp()) / "report.md", Report("a and b", ())).read_text()
    '# a and b\n'
    """
    place = check_report_path(path)
    try:
        place.write_text(FORMS[place.suffix.lower()](report, gate), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{place} cannot be written: {error}.") from error
    return place
