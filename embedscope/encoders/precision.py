"""In which precision a model computes: mixed on a GPU, float32 elsewhere where nothing else is asked for.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from embedscope._errors import InputError, unknown_name

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def pick_dtype(dtype: str | None, device: torch.device) -> torch.dtype:
    """Choose the precision of a model's matrix products.

    Parameters
    ----------
    dtype : {"float32", "bfloat16", "float16"}, optional
        By default bfloat16 (float16 where there is none) on CUDA, float32 elsewhere.
    device : torch.device
        Where the model computes.

    Returns
    -------
    torch.dtype
        Pooling and normalising stay in float32.

    Raises
    ------
    MissingError
        If there is no such precision.
    InputError
        If float16 is asked for on a CPU.

    Notes
    -----
    On a CPU bfloat16 is faster only where the processor multiplies it itself (AMX, AVX512-BF16, Arm's BF16).

    Examples
    --------
    >>> pick_dtype(None, torch.device("cpu"))
    torch.float32
    """
    if dtype is None:
        if device.type != "cuda":
            return torch.float32
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if dtype not in _DTYPES:
        raise unknown_name("dtype", dtype, _DTYPES)
    if device.type == "cpu" and dtype == "float16":
        raise InputError(
            f"dtype={dtype!r} needs a GPU; on the CPU write dtype='bfloat16' (fast where the processor has "
            "AMX or AVX512-BF16) or 'float32', or leave it out."
        )
    return _DTYPES[dtype]


def mixed_precision(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[object]:
    """Compute matrix products in ``dtype`` inside a ``with``.

    Parameters
    ----------
    device : torch.device
        Where the model computes.
    dtype : torch.dtype
        From `pick_dtype`.

    Returns
    -------
    context manager
        Does nothing for float32.
    """
    if dtype == torch.float32:
        return nullcontext()
    return torch.autocast(device.type, dtype=dtype)


def dtype_name(dtype: torch.dtype) -> str:
    """Name a precision as `pick_dtype` takes it.

    Parameters
    ----------
    dtype : torch.dtype
        From `pick_dtype`.

    Returns
    -------
    str
        For example ``"float32"``.

    Examples
    --------
    >>> dtype_name(torch.float32)
    'float32'
    """
    return str(dtype).removeprefix("torch.")
