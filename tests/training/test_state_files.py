"""A tree of state comes back as it was, to the last bit and kind."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch

from embedscope._errors import InputError, StoreError
from embedscope.training.state_files import read_state, write_state


def test_every_kind_of_value_comes_back(tmp_path) -> None:
    shared = torch.arange(6.0)
    state = {
        "plain": [None, True, 3, 0.1 + 0.2, "ü", 2**130, -math.inf],
        "keys": {0: "int", "0": "str", None: 1, (1, "a"): 2},
        "tuple": (1, (2.0, [3])),
        "empty": [{}, [], (), torch.zeros(0, 4)],
        "looks like a tag": {"tensor": "0", "dict": []},
        "views": [shared, shared[2:4], shared.view(2, 3).T, torch.tensor(2.5)],
        "kinds": [
            torch.ones(2, dtype=kind) for kind in (torch.bfloat16, torch.float64, torch.bool, torch.int64)
        ],
        "array": np.arange(4, dtype=np.uint32).reshape(2, 2).T,
        "scalar": np.float64(1.5),
    }
    write_state(tmp_path, state)
    back = read_state(tmp_path)
    for name in ("plain", "keys", "tuple", "looks like a tag", "scalar"):
        assert back[name] == state[name]
    assert back["empty"][:3] == state["empty"][:3]
    assert back["empty"][3].shape == (0, 4)
    for ours, theirs in zip(
        [*back["views"], *back["kinds"]], [*state["views"], *state["kinds"]], strict=True
    ):
        assert ours.dtype == theirs.dtype
        assert torch.equal(ours, theirs)
    assert back["array"].dtype == np.uint32
    np.testing.assert_array_equal(back["array"], state["array"])


def test_an_optimizer_comes_back(tmp_path) -> None:
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([weight], lr=0.1)
    weight.grad = torch.tensor([1.0, 2.0, 3.0])
    optimizer.step()
    write_state(tmp_path, {"optimizer": optimizer.state_dict()})
    other = torch.optim.AdamW([torch.nn.Parameter(torch.ones(3))], lr=0.5)
    other.load_state_dict(read_state(tmp_path)["optimizer"])
    assert other.param_groups[0]["lr"] == 0.1
    ours, theirs = other.state_dict()["state"][0], optimizer.state_dict()["state"][0]
    assert all(torch.equal(ours[name], theirs[name]) for name in ("step", "exp_avg", "exp_avg_sq"))


def test_what_cannot_be_kept_is_named_by_its_place(tmp_path) -> None:
    with pytest.raises(InputError, match=r"state\['sampler'\]\['seen'\]\[1\] is a set"):
        write_state(tmp_path, {"sampler": {"seen": [1, {2}]}})
    with pytest.raises(InputError, match=r"state\['a'\] is an array of <U1"):
        write_state(tmp_path, {"a": np.array(["x"])})


@pytest.mark.parametrize("name", ["state.json", "state.safetensors"])
def test_a_cut_file_is_a_store_error(tmp_path, name: str) -> None:
    write_state(tmp_path, {"weight": torch.ones(100)})
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoreError, match="cannot be read"):
        read_state(tmp_path)
    path.unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        read_state(tmp_path)


def test_another_format_is_said(tmp_path) -> None:
    write_state(tmp_path, {})
    tree = tmp_path / "state.json"
    tree.write_text(json.dumps({**json.loads(tree.read_text()), "format": 2}))
    with pytest.raises(StoreError, match="format 2; this version reads 1"):
        read_state(tmp_path)
