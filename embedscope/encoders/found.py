"""A model's folder with what an encoder's record says about it, wherever it was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from embedscope.encoders.options import LoadOptions
from embedscope.encoders.packaged import PACKAGED
from embedscope.encoders.sources import find_folder, hash_folder


@dataclass(frozen=True)
class FoundWeights:
    """A model's folder, and what is known of it.

    Parameters
    ----------
    folder : Path
        Where its files lie.
    name : str
        What `embedscope.load_encoder` takes for it.
    fingerprint : str
        Hash of its files.
    licence : str
        Of the weights, where known.
    """

    folder: Path
    name: str
    fingerprint: str
    licence: str = ""


def find_weights(place: str, scheme: str, options: LoadOptions) -> FoundWeights:
    """Find a model's folder: packaged, by path, or on the hub.

    Parameters
    ----------
    place : str
        A packaged model's name, a folder, or ``owner/name`` on the hub.
    scheme : str
        The adapter's scheme, for the record's name.
    options : LoadOptions
        ``path``, ``revision`` and ``trust_remote_code`` are heeded.

    Returns
    -------
    FoundWeights
        A folder that is there.

    Raises
    ------
    MissingError
        If there is no such model.
    InputError
        If its weights are pickled only.
    """
    packaged = PACKAGED.get(place)
    if packaged is not None:
        return FoundWeights(packaged.folder(options.path), place, packaged.fingerprint, packaged.licence)
    folder = find_folder(
        place, revision=options.revision, path=options.path, trust_remote_code=options.trust_remote_code
    )
    is_local = options.path is not None or Path(place).expanduser().is_dir()
    return FoundWeights(folder, f"{scheme}:{folder if is_local else place}", hash_folder(folder))
