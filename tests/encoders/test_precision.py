"""Precision: float32 on a CPU where nothing else is asked for, half by itself only where there is a GPU."""

from __future__ import annotations

import pytest
import torch

from embedscope._errors import InputError, MissingError
from embedscope.encoders.precision import dtype_name, mixed_precision, pick_dtype

CPU = torch.device("cpu")


def test_the_cpu_computes_in_float32():
    assert pick_dtype(None, CPU) == torch.float32
    with mixed_precision(CPU, torch.float32):
        assert not torch.is_autocast_enabled("cpu")


def test_float16_on_a_cpu_is_refused():
    with pytest.raises(InputError, match="dtype='float16' needs a GPU; on the CPU write dtype='bfloat16'"):
        pick_dtype("float16", CPU)


def test_bfloat16_on_a_cpu_is_taken_where_it_is_asked_for():
    with mixed_precision(CPU, pick_dtype("bfloat16", CPU)):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16


def test_an_unknown_precision_lists_the_known():
    with pytest.raises(MissingError, match=r"No dtype is called 'int4'.*bfloat16, float16, float32"):
        pick_dtype("int4", CPU)


def test_names_go_both_ways():
    assert dtype_name(pick_dtype("float32", CPU)) == "float32"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_multiplies_in_half_precision():
    device = torch.device("cuda")
    with mixed_precision(device, pick_dtype(None, device)):
        product = torch.ones(2, 2, device=device) @ torch.ones(2, 2, device=device)
    assert product.dtype in (torch.bfloat16, torch.float16)
