"""An EmbeddingNet on disk: ``config.json`` and ``model.safetensors``, replaced without a moment of neither.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from embedscope._errors import InputError, MissingError, StoreError, unknown_name
from embedscope._hashing import sha256_file
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig

_PRECISIONS = ("float16", "float32")
CONFIG, WEIGHTS = "config.json", "model.safetensors"
# The weights before a save, until its config.json is there: a save that is killed leaves the old net.
_PREVIOUS = "previous.safetensors"
_FORMAT = "embedscope.EmbeddingNet"
_VERSION = 1


def save_net(
    net: EmbeddingNet,
    folder: str | Path,
    dtype: str = "float16",
    *,
    notes: Mapping[str, Any] | None = None,
) -> Path:
    """Write a net into a folder, which `embedscope.load_encoder` takes then.

    Parameters
    ----------
    net : EmbeddingNet
        On any device.
    folder : str or Path
        Made if it is not there. Other files in it stay.
    dtype : {"float16", "float32"}
        Of the weight matrices; biases and the norms' parameters and moments are always kept whole.
    notes : mapping, optional
        JSON values for people: what it was trained on, its scores. They change no vector.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If a weight is not finite, or too large for half precision.
    StoreError
        If the files cannot be written; the net that was there before is intact.

    Notes
    -----
    Vectors from float16 weights differ from the float32 net's by up to 5e-3 a number (cosine above
    1 - 1e-4, measured for EfficientNet-Lite0). A process that is killed while it saves leaves the net from
    before, whole.
    """
    if dtype not in _PRECISIONS:
        raise unknown_name("precision of saved weights", dtype, _PRECISIONS)
    state = {name: _stored(name, tensor, dtype) for name, tensor in net.state_dict().items()}
    place = Path(folder).expanduser()
    try:
        place.mkdir(parents=True, exist_ok=True)
        _write(place, state, {"dtype": dtype, "net": net.config.to_json(), "notes": dict(notes or {})})
    except OSError as error:
        raise StoreError(f"The net cannot be written into {place}: {error}.") from error
    return place


def _stored(name: str, tensor: torch.Tensor, dtype: str) -> torch.Tensor:
    whole = tensor.detach().cpu().contiguous()
    if not whole.is_floating_point():
        return whole
    small = whole.half() if dtype == "float16" and whole.ndim > 1 else whole.float()
    if not bool(torch.isfinite(small).all()):
        wrong = (
            "does not fit half precision; write dtype='float32'"
            if whole.isfinite().all()
            else "is not finite"
        )
        raise InputError(f"A number of the weight {name!r} {wrong}: the net was not saved.")
    # Tensors that share memory cannot be written, and every name needs its own.
    return small.clone()


def _write(place: Path, state: dict[str, torch.Tensor], about: dict[str, Any]) -> None:
    weights, config = place / f".{WEIGHTS}.partial", place / f".{CONFIG}.partial"
    try:
        save_file(state, weights)
        facts = {"format": _FORMAT, "version": _VERSION, "sha256": sha256_file(weights), **about}
        config.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        for file in (weights, config):
            _flush(file)
        if _is_whole(place):
            (place / WEIGHTS).replace(place / _PREVIOUS)
        weights.replace(place / WEIGHTS)
        config.replace(place / CONFIG)
        (place / _PREVIOUS).unlink(missing_ok=True)
    except SafetensorError as error:
        # safetensors has its own error for a disk that is full.
        raise OSError(str(error)) from error
    finally:
        weights.unlink(missing_ok=True)
        config.unlink(missing_ok=True)


def _is_whole(place: Path) -> bool:
    """Tell whether the weights there are those of the config there, and not of a save that was killed."""
    if not (place / CONFIG).is_file() or not (place / WEIGHTS).is_file():
        return False
    return f'"{sha256_file(place / WEIGHTS)}"' in (place / CONFIG).read_text(
        encoding="utf-8", errors="replace"
    )


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def load_net(folder: str | Path) -> EmbeddingNet:
    """Read a net that `save_net` wrote.

    Parameters
    ----------
    folder : str or Path
        Where it lies.

    Returns
    -------
    EmbeddingNet
        On the CPU, in float32 and evaluation mode.

    Raises
    ------
    MissingError
        If the folder or one of its files is not there.
    InputError
        If it is a folder of something else, or of a newer version.
    StoreError
        If the files are damaged.
    """
    return open_net(folder)[0]


def open_net(folder: str | Path) -> tuple[EmbeddingNet, str]:
    """Read a net together with the hash of its weights.

    Parameters
    ----------
    folder : str or Path
        Where it lies.

    Returns
    -------
    net : EmbeddingNet
        As `load_net` gives it.
    sha256 : str
        Of the weights' file.
    """
    place = Path(folder).expanduser()
    facts = read_facts(place)
    config = NetConfig.from_json(facts["net"])
    state = {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in _read_weights(place, facts["sha256"]).items()
    }
    # Numbers that are overwritten at once must not be taken from the caller's generator.
    with torch.random.fork_rng(devices=[]):
        net = EmbeddingNet(config)
    try:
        net.load_state_dict(state)
    except RuntimeError as error:
        raise StoreError(f"The weights in {place} are not those of its {CONFIG}: {error}") from error
    return net.eval(), str(facts["sha256"])


def read_facts(place: Path) -> dict[str, Any]:
    """Read what is written of a net, without its weights.

    Parameters
    ----------
    place : Path
        Its folder.

    Returns
    -------
    dict
        ``format``, ``version``, ``sha256``, ``dtype``, ``net`` and ``notes``.

    Raises
    ------
    MissingError
        If the folder or its config.json is not there.
    InputError
        If it is a folder of something else, or of a newer version.
    StoreError
        If the file is damaged.
    """
    if not place.is_dir():
        raise MissingError(f"There is no folder {place}; wanted one that save_net wrote.")
    if not (place / CONFIG).is_file():
        raise MissingError(f"{place} has no {CONFIG}; wanted a folder that save_net wrote.")
    try:
        facts = json.loads((place / CONFIG).read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreError(f"{place / CONFIG} is damaged: {error}.") from error
    if not isinstance(facts, dict) or facts.get("format") != _FORMAT:
        raise InputError(
            f"{place} is no net of embedscope. If it is another model's folder, write its scheme before it: "
            f"'timm:{place}', 'sentence-transformers:{place}', 'transformers:{place}' or 'open_clip:{place}'."
        )
    if facts.get("version") != _VERSION:
        raise InputError(
            f"{place} has version {facts.get('version')!r} of the format; this embedscope reads {_VERSION}. "
            "Upgrade embedscope."
        )
    missing = [key for key in ("sha256", "net") if key not in facts]
    if missing:
        raise StoreError(f"{place / CONFIG} is damaged: it has no {missing[0]!r}.")
    return facts


def _read_weights(place: Path, sha256: str) -> dict[str, torch.Tensor]:
    there = [place / name for name in (WEIGHTS, _PREVIOUS) if (place / name).is_file()]
    if not there:
        raise MissingError(f"{place} has a {CONFIG} and no {WEIGHTS}: copy the whole folder.")
    for file in there:
        if sha256_file(file) == sha256:
            return load_file(file)
    raise StoreError(
        f"{there[0]} is damaged: its SHA-256 is not the one that {CONFIG} names. Copy the folder again."
    )
