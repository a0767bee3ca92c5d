"""How a space looks: one line, or a small table of facts and its first items."""

from __future__ import annotations

from typing import Any

from embedscope._table import Table


def headline(space: Any) -> str:
    """Describe a space in one line.

    Parameters
    ----------
    space : Space
        The space.

    Returns
    -------
    str
        Number, kind, dims, encoder, metric, and what was left out.
    """
    kinds = {"text": "texts", "image": "images"}
    parts = [f"{space.items.name}: {len(space):,} {kinds[space.items.modality]} × {space.dims:,} dims"]
    if space.encoder is not None:
        parts.append(space.encoder.name)
    sides = [f"{name} {value}" for name, value in (("role", space.role), ("task", space.task)) if value]
    parts += [*sides, space.metric]
    if space.problems:
        parts.append(f"{len(space.problems):,} problems")
    return " · ".join(parts)


def facts(space: Any) -> Table:
    """List what is known of a space.

    Parameters
    ----------
    space : Space
        The space.

    Returns
    -------
    Table
        One row a fact.
    """
    encoder = space.encoder
    known = {
        "items": f"{len(space):,} ({space.items.modality}), {space.items.name}",
        "dims": f"{space.dims:,}",
        "metric": space.metric,
        "encoder": "none: from arrays" if encoder is None else encoder.name,
        "role": space.role,
        "task": space.task,
        "licence": None if encoder is None else encoder.licence,
        "neighbours": repr(space.known_neighbors) if space.known_neighbors is not None else None,
        "problems": f"{len(space.problems):,}: see .problems" if space.problems else None,
    }
    return Table(("Space", ""), [(name, value) for name, value in known.items() if value])


def space_html(space: Any) -> str:
    """Show a space as HTML; every text is escaped.

    Parameters
    ----------
    space : Space
        The space.

    Returns
    -------
    str
        The facts and the first items.
    """
    return f"{facts(space)._repr_html_()}{space.items._repr_html_()}"
