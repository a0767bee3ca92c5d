"""Devices: the one asked for, the best one, and what running out of memory looks like."""

from __future__ import annotations

import pytest
import torch

from embedscope._device import available_devices, device_memory, is_out_of_memory, pick_device, release_memory
from embedscope._errors import MissingError


def test_the_best_device_is_the_first_one():
    assert pick_device().type == available_devices()[0]


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_a_device_that_is_not_here_is_an_error_that_lists_what_is():
    with pytest.raises(MissingError, match=r"No device is called 'cuda:0'.*There are: cpu.*0 CUDA devices"):
        pick_device("cuda:0")


@pytest.mark.parametrize("name", ["cpu:1", "gpu", "", "cpu:x"])
def test_an_unknown_device_is_an_error(name):
    with pytest.raises(MissingError, match="No device is called"):
        pick_device(name)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_out_of_memory_is_told_from_other_failures(error, expected):
    assert is_out_of_memory(error) is expected


def test_a_real_allocation_that_fails_is_recognised():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


def test_the_cpus_memory_is_measured():
    memory = device_memory(torch.device("cpu"))
    assert memory.total > 1 << 28
    assert 0 < memory.free <= memory.total
    release_memory(torch.device("cpu"))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpus_memory_is_measured():
    memory = device_memory(pick_device("cuda"))
    assert 0 < memory.free <= memory.total
