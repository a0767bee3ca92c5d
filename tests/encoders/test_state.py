"""A module's hash follows its parameters and its structure, and nothing else."""

from __future__ import annotations

import copy

import torch

from embedscope.encoders.state import hash_state


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.BatchNorm1d(4))


def test_equal_modules_have_equal_hashes():
    assert hash_state(network()) == hash_state(copy.deepcopy(network()))


def test_a_parameter_a_buffer_a_dtype_and_a_layer_count():
    base = hash_state(network())
    changed, buffer, other = network(), network(), network()
    with torch.no_grad():
        changed[0].weight[0, 0] += 1e-6
    buffer[2].running_mean += 1
    other[1] = torch.nn.GELU()
    hashes = {base, *map(hash_state, (changed, buffer, other, network().bfloat16()))}
    assert len(hashes) == 5
