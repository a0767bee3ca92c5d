"""A hash of a module's parameters, where there is no file to hash.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import torch

from embedscope._hashing import hash_bytes, hash_record


def hash_state(module: torch.nn.Module) -> str:
    """Hash a module's parameters and buffers, and what it prints as.

    Parameters
    ----------
    module : torch.nn.Module
        The module, on any device.

    Returns
    -------
    str
        32 hexadecimal digits: another after a training step, the same after a move to another device.

    Notes
    -----
    Reads every parameter once (about 1 GB a second). What ``forward`` does is not seen; only its
    structure, as ``repr(module)`` writes it.

    Examples
    --------
    >>> layer = torch.nn.Linear(2, 2)
    >>> before = hash_state(layer)
    >>> _ = torch.nn.init.zeros_(layer.weight)
    >>> before == hash_state(layer)
    False
    """
    tensors = {name: _hash_tensor(tensor) for name, tensor in module.state_dict().items()}
    return hash_record({"structure": repr(module), "tensors": tensors})


def _hash_tensor(tensor: torch.Tensor) -> str:
    flat = tensor.detach().cpu().contiguous().flatten().view(torch.uint8)
    return f"{tensor.dtype}{tuple(tensor.shape)}{hash_bytes(flat.numpy().data).hex()}"
