"""Which device computes, how much memory it has left, and what running out of it looks like.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch

from embedscope._errors import InputError, unknown_name

_MEMORY_WORDS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


@dataclass(frozen=True)
class DeviceMemory:
    """Memory of a device.

    Parameters
    ----------
    free : int
        Bytes that can still be had.
    total : int
        Bytes there are.
    """

    free: int
    total: int


def pick_device(device: str | None = None) -> torch.device:
    """Choose the device that computes: CUDA, else MPS, else the CPU.

    Parameters
    ----------
    device : str, optional
        A device by name, for example ``"cpu"`` or ``"cuda:1"``.

    Returns
    -------
    torch.device
        A device that this machine has.

    Raises
    ------
    MissingError
        If there is no such device here.

    Examples
    --------
    >>> pick_device("cpu")
    device(type='cpu')
    """
    there = available_devices()
    if device is None:
        return torch.device(there[0])
    kind, _, index = device.partition(":")
    if kind not in there or (index and not _has_index(kind, index)):
        raise unknown_name(
            "device", device, there, f"This machine has {torch.cuda.device_count()} CUDA devices."
        )
    return torch.device(device)


def available_devices() -> list[str]:
    """List the kinds of device that this machine has, best first.

    Returns
    -------
    list of str
        Some of ``"cuda"``, ``"mps"`` and ``"cpu"``; the last is always there.

    Examples
    --------
    >>> available_devices()[-1]
    'cpu'
    """
    cuda = ["cuda"] if torch.cuda.is_available() else []
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [*cuda, *mps, "cpu"]


def _has_index(kind: str, index: str) -> bool:
    count = torch.cuda.device_count() if kind == "cuda" else 1
    return index.isdigit() and int(index) < count


def is_out_of_memory(error: BaseException) -> bool:
    """Tell running out of memory from every other failure.

    Parameters
    ----------
    error : BaseException
        What a computation raised.

    Returns
    -------
    bool
        True for torch's own error, for Python's, and for the drivers' and allocators' RuntimeErrors.

    Examples
    --------
    >>> is_out_of_memory(RuntimeError("MPS backend out of memory")), is_out_of_memory(RuntimeError("shape"))
    (True, False)
    """
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _MEMORY_WORDS)


def release_memory(device: torch.device) -> None:
    """Give the allocator's unused blocks back to the device.

    Parameters
    ----------
    device : torch.device
        The device; the CPU keeps none.
    """
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def device_memory(device: torch.device) -> DeviceMemory:
    """Measure a device's memory.

    Parameters
    ----------
    device : torch.device
        The device.

    Returns
    -------
    DeviceMemory
        In bytes; on the CPU what the system can hand out, on MPS what Metal recommends.

    Examples
    --------
    >>> memory = device_memory(pick_device("cpu"))
    >>> 0 < memory.free <= memory.total
    True
    """
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return DeviceMemory(int(free), int(total))
    if device.type == "mps":
        total = int(torch.mps.recommended_max_memory())
        return DeviceMemory(max(0, total - int(torch.mps.current_allocated_memory())), total)
    return _system_memory()


def _system_memory() -> DeviceMemory:
    names = os.sysconf_names if hasattr(os, "sysconf_names") else {}
    if "SC_PHYS_PAGES" not in names:
        raise InputError("This system does not tell how much memory it has; ask for a fixed size instead.")
    page = os.sysconf("SC_PAGE_SIZE")
    total = page * os.sysconf("SC_PHYS_PAGES")
    free = page * os.sysconf("SC_AVPHYS_PAGES") if "SC_AVPHYS_PAGES" in names else total
    return DeviceMemory(int(free), int(total))
