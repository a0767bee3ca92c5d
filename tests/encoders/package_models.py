"""Models whose packages bring their own code: the package called directly, and verses in two languages."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import numpy as np
import pytest

from embedscope import load_pairs
from embedscope.encoders.packaged import PACKAGED


@contextmanager
def imported(name: str) -> Iterator[ModuleType]:
    """The package of a model, imported as its readme says, and forgotten afterwards."""
    folder = PACKAGED[name].folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder.parent)
        yield importlib.import_module(folder.name)
        for module in [known for known in sys.modules if known.split(".")[0] == folder.name]:
            del sys.modules[module]


def share_found(encoder, n_verses: int = 50) -> float:
    """Of English verses, how many have their French translation as the nearest of all."""
    pairs = load_pairs("quran", source="en", target="fr", sample=n_verses)
    english = [pairs.queries.payloads[row] for row in pairs.matches[:, 0]]
    french = [pairs.documents.payloads[row] for row in pairs.matches[:, 1]]
    nearest = (encoder.encode(english) @ encoder.encode(french).T).argmax(axis=1)
    return float(np.mean([french[found] == french[place] for place, found in enumerate(nearest)]))
