"""``universal``: the image model that travels inside embedscope, distilled from specialists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedscope._errors import MissingError, StoreError
from embedscope.encoders.options import LoadOptions

if TYPE_CHECKING:
    from embedscope.encoders.trained import TrainedEncoder

NAME = "universal"
ABOUT = "distilled from specialists of five image domains"
FOLDER = Path(__file__).parent / "weights" / NAME
_FILES = ("config.json", "model.safetensors")


def is_here() -> bool:
    """Tell whether this installation has the weights.

    Returns
    -------
    bool
        Whether both files lie where the package keeps them.
    """
    return all((FOLDER / name).is_file() for name in _FILES)


def facts() -> dict[str, Any]:
    """Tell what is known of the model without loading it.

    Returns
    -------
    dict
        ``dims``, ``licence`` and ``MB``; empty where the weights are not here.

    Raises
    ------
    StoreError
        If its config.json is damaged.
    """
    if not is_here():
        return {}
    config, weights = (FOLDER / name for name in _FILES)
    try:
        net = json.loads(config.read_text(encoding="utf-8"))["net"]
        dims, licence = int(net["dims"]), str(net["licence"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{config} is damaged: {error!r}. Install embedscope again.") from error
    return {"dims": dims, "licence": licence, "MB": round(weights.stat().st_size / 1e6)}


def load(place: str, options: LoadOptions) -> TrainedEncoder:
    """Load the model.

    Parameters
    ----------
    place : str
        ``"universal"``.
    options : LoadOptions
        ``path``: a folder of other weights to use under this name.

    Returns
    -------
    TrainedEncoder
        Ready to encode.

    Raises
    ------
    MissingError
        If nothing else is called so, or this installation has no weights.
    StoreError
        If the files are damaged.
    """
    if place != NAME:
        raise MissingError(f"There is one {NAME} model: write load_encoder({NAME!r}); {place!r} came.")
    if options.path is None and not is_here():
        raise MissingError(
            f"This installation has no weights of {NAME!r}: {FOLDER} lacks {' or '.join(_FILES)}. Install "
            "embedscope's wheel again; or distil a model with embedscope.distill, and load its folder."
        )
    # Imports torch.
    from embedscope.encoders.trained import open_encoder

    return open_encoder(Path(options.path or FOLDER).expanduser(), NAME, options)
