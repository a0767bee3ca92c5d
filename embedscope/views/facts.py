"""The one line that says what a map shows and how far it can be believed."""

from __future__ import annotations

from embedscope.clusters.cluster import Clusters
from embedscope.encoders.names import shown_name
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space

_LOOKED_AT = 100


def count_items(items: Items) -> str:
    """Say how many items there are, and of what.

    Parameters
    ----------
    items : Items
        Texts, images, or ids without payloads.

    Returns
    -------
    str
        For example ``"2,000 texts"``.

    Examples
    --------
    >>> count_items(Items.from_texts(["a"]))
    '1 text'
    """
    bare = not any(has_payload(items, row) for row in range(min(len(items), _LOOKED_AT)))
    noun = "item" if bare else items.modality
    return f"{len(items):,} {noun}{'' if len(items) == 1 else 's'}"


def has_payload(items: Items, row: int) -> bool:
    """Tell whether an item has a payload of its own.

    Parameters
    ----------
    items : Items
        The items.
    row : int
        Which one.

    Returns
    -------
    bool
        False where its only text is its id, as in a space of somebody's vectors.

    Examples
    --------
    >>> has_payload(Space.from_arrays([[1.0]], ids=["a"]).items, 0)
    False
    """
    payload = items.payloads[row]
    return payload is not None and payload != str(items.ids[row])


def map_facts(space: Space, layout: Layout, clusters: Clusters) -> str:
    """Say what a map shows: how many items, which encoder, which layout with its trust, which clusters.

    Parameters
    ----------
    space : Space
        What is mapped.
    layout : Layout
        Where the items lie.
    clusters : Clusters
        How they are grouped.

    Returns
    -------
    str
        One line.
    """
    encoder = [shown_name(space.encoder.name)] if space.encoder is not None else [f"{space.dims:,} dims"]
    trust = f"{layout.method.upper()}, trustworthiness {layout.trustworthiness:.2f}"
    return " · ".join([count_items(space.items), *encoder, trust, say_clusters(clusters)])


def queries_of(space: Space) -> list[str]:
    """Say what a space can be searched by for its meaning.

    Parameters
    ----------
    space : Space
        What is shown.

    Returns
    -------
    list of str
        ``"image"`` and ``"text"`` as its encoder reads them; nothing where there is no encoder.

    Examples
    --------
    >>> queries_of(Space.from_arrays([[1.0]]))
    []
    """
    return sorted(space.encoder.modalities) if space.encoder is not None else []


def say_clusters(clusters: Clusters) -> str:
    """Say how many clusters there are, and of what.

    Parameters
    ----------
    clusters : Clusters
        The map's.

    Returns
    -------
    str
        With the share that is in none.
    """
    if not len(clusters):
        return "no clusters"
    where = "" if clusters.on == "map" else " of the vectors"
    noun = "cluster" if len(clusters) == 1 else "clusters"
    return f"{len(clusters)} {noun}{where}, {100 * clusters.unclustered:.0f} % unclustered"
