"""The state of chance: Python's, numpy's and torch's generators, seeded, kept and put back together."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch


def seed_all(seed: int) -> None:
    """Seed every generator that training may draw from.

    Parameters
    ----------
    seed : int
        At least 0 and below 2³²; the same one gives the same run on a CPU.
    """
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  # other packages draw from the global one
    torch.manual_seed(seed)


def random_state() -> dict[str, Any]:
    """Take down where every generator is.

    Returns
    -------
    dict
        For `restore_random_state`; made of what a checkpoint keeps.
    """
    state = {
        "python": random.getstate(),
        "numpy": np.random.get_state(),  # noqa: NPY002
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def restore_random_state(state: dict[str, Any]) -> None:
    """Put every generator where it was.

    Parameters
    ----------
    state : dict
        What `random_state` gave; a GPU's part is left out where there is no GPU.

    Examples
    --------
    >>> before = random_state()
    >>> first = torch.rand(3)
    >>> restore_random_state(before)
    >>> bool((torch.rand(3) == first).all())
    True
    """
    random.setstate(state["python"])
    np.random.set_state(state["numpy"])  # noqa: NPY002
    torch.set_rng_state(state["torch"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
