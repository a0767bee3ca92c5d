"""Tell the folder of a text embedder from that of a net."""

from __future__ import annotations

from pathlib import Path

# sentence-transformers' own, in every folder that it saves.
_MODULES = "modules.json"
_LEFT_BY_A_RUN = "model"


def text_model_in(folder: Path) -> Path | None:
    """Find a sentence-transformers model in a folder, or in what a run has left below it.

    Parameters
    ----------
    folder : Path
        Any.

    Returns
    -------
    Path or None
        Where the model's own files lie; None where there is none.
    """
    for place in (folder.expanduser(), folder.expanduser() / _LEFT_BY_A_RUN):
        if (place / _MODULES).is_file():
            return place
    return None
