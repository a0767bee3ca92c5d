"""``scope-text``: the text embedder of embedscope, a small decoder and an adapter inside the package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedscope._errors import MissingError, StoreError
from embedscope.encoders.options import LoadOptions

if TYPE_CHECKING:
    from embedscope.encoders.llm import LLMEncoder

NAME = "scope-text"
ABOUT = "SmolLM2's first blocks, made an embedder by the recipe of Gemini Embedding"
FOLDER = Path(__file__).parent / "weights" / NAME
CONFIG = "config.json"
_FILES = (CONFIG, "adapter_config.json", "adapter_model.safetensors", "projection.safetensors")


def is_here() -> bool:
    """Tell whether this installation has the adapter; the decoder is fetched when it is loaded.

    Returns
    -------
    bool
        Whether all files lie where the package keeps them.
    """
    return all((FOLDER / name).is_file() for name in _FILES)


def facts() -> dict[str, Any]:
    """Tell what is known of the model without loading it.

    Returns
    -------
    dict
        ``dims``, ``licence`` and ``MB`` (of the adapter); empty where it is not here.

    Raises
    ------
    StoreError
        If its config.json is damaged.
    """
    if not is_here():
        return {}
    config = read_config(FOLDER)
    size = sum((FOLDER / name).stat().st_size for name in _FILES)
    return {"dims": config["projection"], "licence": config["licence"], "MB": round(size / 1e6)}


def read_config(folder: Path) -> dict[str, Any]:
    """Read what the adapter belongs to.

    Parameters
    ----------
    folder : Path
        With a config.json.

    Returns
    -------
    dict
        ``decoder``, ``layers``, ``projection``, ``max_length``, ``prompts``, ``licence``, ``notes``.

    Raises
    ------
    StoreError
        If it is damaged.
    """
    path = folder / CONFIG
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        wanted = ("decoder", "layers", "projection", "max_length", "prompts", "licence")
        return config | {name: config[name] for name in wanted}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is damaged: {error!r}. Install embedscope again.") from error


def load(place: str, options: LoadOptions) -> LLMEncoder:
    """Load the decoder and add the adapter.

    Parameters
    ----------
    place : str
        ``"scope-text"``.
    options : LoadOptions
        ``path``: the folder of another adapter to use under this name; ``max_length``: another longest text.

    Returns
    -------
    LLMEncoder
        Ready to encode.

    Raises
    ------
    MissingError
        If nothing else is called so, or this installation has no adapter.
    StoreError
        If the files are damaged.
    FetchError
        If the decoder cannot be fetched.
    DependencyError
        If gguf or peft is not installed.
    """
    if place != NAME:
        raise MissingError(f"There is one {NAME} model: write load_encoder({NAME!r}); {place!r} came.")
    folder = Path(options.path or FOLDER).expanduser()
    lacking = [name for name in _FILES if not (folder / name).is_file()]
    if lacking:
        raise MissingError(
            f"This installation has no {NAME!r}: {folder} lacks {' and '.join(lacking)}. Install "
            "embedscope's wheel again; or finetune a decoder with embedscope.finetune, and load its folder."
        )
    asked = options.extras(NAME, max_length=None)["max_length"]
    # Imports torch.
    from embedscope.encoders.found import FoundWeights
    from embedscope.encoders.llm import LLMEncoder, build_llm
    from embedscope.encoders.llm_adapter import apply_adapter
    from embedscope.encoders.sources import hash_folder

    config = read_config(folder)
    model = build_llm(
        config["decoder"],
        layers=config["layers"],
        projection=config["projection"],
        max_length=asked or config["max_length"],
        prompts=config["prompts"],
    )
    found = FoundWeights(folder, NAME, hash_folder(folder), config["licence"])
    return LLMEncoder(apply_adapter(model, folder), found, **options.run)
