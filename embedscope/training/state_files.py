"""A tree of state (dicts, lists, tensors, numbers) as JSON and safetensors: reading it runs nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from embedscope._errors import InputError, StoreError

TREE, TENSORS = "state.json", "state.safetensors"
_FORMAT = 1
_PLAIN = (str, bool, int, float, type(None))


def write_state(folder: Path, state: Mapping[str, Any]) -> None:
    """Write a tree of state into a folder, through to the disk.

    Parameters
    ----------
    folder : Path
        An existing folder.
    state : mapping
        Dicts (any plain keys), lists, tuples, strings, numbers, None, numpy arrays and tensors, at any depth.

    Raises
    ------
    InputError
        If a value is of another kind; the message says where.
    OSError
        If the disk is full or fails.
    """
    tensors: dict[str, Tensor] = {}
    tree = _Flattening(tensors).encode(dict(state), "state")
    content = json.dumps({"format": _FORMAT, "tree": tree}).encode()
    for name, data in ((TREE, content), (TENSORS, save(tensors))):
        with (folder / name).open("wb") as file:
            write_through(file, data)


def write_through(file: BinaryIO, data: bytes) -> None:
    """Write bytes and return when the disk has them.

    Parameters
    ----------
    file : binary file
        Opened for writing.
    data : bytes
        What to write.
    """
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def read_state(folder: Path) -> dict[str, Any]:
    """Read a tree of state as it was written; tensors come to the CPU.

    Parameters
    ----------
    folder : Path
        What `write_state` filled.

    Returns
    -------
    dict
        Equal to what was written, to the last bit.

    Raises
    ------
    StoreError
        If something is missing or damaged.
    """
    try:
        content = json.loads((folder / TREE).read_bytes())
        if content["format"] != _FORMAT:
            raise StoreError(f"{folder} has the format {content['format']}; this version reads {_FORMAT}.")
        state = _decode(content["tree"], load_file(folder / TENSORS))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(f"{folder} cannot be read: {error}.") from error
    if not isinstance(state, dict):
        raise StoreError(f"{folder} holds no state.")
    return state


class _Flattening:
    """Puts the tensors of a tree aside; plain values stay, all others become an object with one tag."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self._tensors = tensors
        self._storages: set[int] = set()

    def encode(self, value: Any, place: str) -> Any:
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, Tensor):
            return {"tensor": self._keep(value)}
        if isinstance(value, np.ndarray):
            return {"array": self._keep(_to_tensor(value, place))}
        if isinstance(value, Mapping):
            return {"dict": [self._entry(key, entry, place) for key, entry in value.items()]}
        if isinstance(value, list):
            return [self.encode(entry, f"{place}[{i}]") for i, entry in enumerate(value)]
        if isinstance(value, tuple):
            return {"tuple": [self.encode(entry, f"{place}[{i}]") for i, entry in enumerate(value)]}
        raise InputError(
            f"{place} is a {type(value).__name__}; a checkpoint keeps dicts, lists, tuples, strings, "
            "numbers, None, arrays and tensors."
        )

    def _entry(self, key: Any, value: Any, place: str) -> list[Any]:
        return [self.encode(key, f"a key of {place}"), self.encode(value, f"{place}[{key!r}]")]

    def _keep(self, tensor: Tensor) -> str:
        own = tensor.detach().cpu().contiguous()
        storage = own.untyped_storage()
        # safetensors takes no two tensors of one memory, as tied weights are, and no part of a larger one.
        if storage.data_ptr() in self._storages or storage.nbytes() != own.nbytes:
            own = own.clone()
        self._storages.add(own.untyped_storage().data_ptr())
        name = str(len(self._tensors))
        self._tensors[name] = own
        return name


def _to_tensor(array: npt.NDArray[Any], place: str) -> Tensor:
    try:
        return torch.from_numpy(np.array(array, order="C"))
    except TypeError as error:
        raise InputError(f"{place} is an array of {array.dtype}, which a checkpoint cannot keep.") from error


def _decode(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_decode(entry, tensors) for entry in value]
    if not isinstance(value, dict):
        return value
    (tag, content), *_ = value.items()
    if tag == "tensor":
        return tensors[content]
    if tag == "array":
        return tensors[content].numpy()
    if tag == "tuple":
        return tuple(_decode(entry, tensors) for entry in content)
    if tag == "dict":
        return {_decode(key, tensors): _decode(entry, tensors) for key, entry in content}
    raise StoreError(f"The state has a value of the unknown kind {tag!r}.")
