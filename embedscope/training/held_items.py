"""What a run is validated on, images or texts, for its map."""

from __future__ import annotations

from pathlib import Path

from embedscope.items.items import Items
from embedscope.training.pair_data import PairData, has_pairs
from embedscope.training.training_data import TrainingData


def held_items(folder: Path) -> Items | None:
    """Read the items that a run is validated on.

    Parameters
    ----------
    folder : Path
        The run's ``data``.

    Returns
    -------
    Items or None
        With the columns ``domain`` and ``label``; None where nothing is held out.

    Raises
    ------
    StoreError
        If they cannot be read.
    """
    if has_pairs(folder):
        items = PairData.load(folder).held_items
        return items if len(items) else None
    return TrainingData.load(folder).validation
