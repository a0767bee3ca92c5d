"""embedscope: a microscope for embedding spaces, made for Jupyter.

Examples
--------
>>> import embedscope as es
>>> es.Space.from_arrays([[1.0, 0.0], [0.0, 1.0]], ids=["a", "b"]).dims
2
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from embedscope.clusters.cluster import Clusters, cluster
    from embedscope.comparison.bandwidth import Bandwidth
    from embedscope.comparison.comparison import Comparison, compare
    from embedscope.encoders.catalogue import list_encoders as encoders
    from embedscope.encoders.load import load_encoder
    from embedscope.evaluation.evaluate import evaluate
    from embedscope.items.cards import datasets
    from embedscope.items.items import Items
    from embedscope.items.load import load_items, load_pairs
    from embedscope.items.pairs import Pairs
    from embedscope.layouts.layout import Layout, layout
    from embedscope.spaces.encode import encode
    from embedscope.spaces.space import Space
    from embedscope.training.distill import distill
    from embedscope.training.finetune import finetune
    from embedscope.training.mining import mine_negatives
    from embedscope.training.run import Run
    from embedscope.training.runs_table import runs
    from embedscope.training.soup import soup
    from embedscope.training.train_specialist import train_specialist
    from embedscope.views.explorer import Explorer, explore
    from embedscope.views.map import Map
    from embedscope.views.map import map_space as map  # noqa: A004 - the verb's name in the field
    from embedscope.views.watch import watch
    from embedscope.views.workbench import workbench

__version__ = "0.1.0"

# Where each name of the front door lives. A room is imported when one of its names is first used.
_FRONT_DOOR = {
    "Bandwidth": "embedscope.comparison.bandwidth:Bandwidth",
    "Clusters": "embedscope.clusters.cluster:Clusters",
    "Comparison": "embedscope.comparison.comparison:Comparison",
    "Explorer": "embedscope.views.explorer:Explorer",
    "Items": "embedscope.items.items:Items",
    "Layout": "embedscope.layouts.layout:Layout",
    "Map": "embedscope.views.map:Map",
    "Pairs": "embedscope.items.pairs:Pairs",
    "Run": "embedscope.training.run:Run",
    "Space": "embedscope.spaces.space:Space",
    "cluster": "embedscope.clusters.cluster:cluster",
    "compare": "embedscope.comparison.comparison:compare",
    "datasets": "embedscope.items.cards:datasets",
    "distill": "embedscope.training.distill:distill",
    "encode": "embedscope.spaces.encode:encode",
    "encoders": "embedscope.encoders",
    "evaluate": "embedscope.evaluation.evaluate:evaluate",
    "explore": "embedscope.views.explorer:explore",
    "finetune": "embedscope.training.finetune:finetune",
    "layout": "embedscope.layouts.layout:layout",
    "load_encoder": "embedscope.encoders.load:load_encoder",
    "load_items": "embedscope.items.load:load_items",
    "load_pairs": "embedscope.items.load:load_pairs",
    "map": "embedscope.views.map:map_space",
    "mine_negatives": "embedscope.training.mining:mine_negatives",
    "runs": "embedscope.training.runs_table:runs",
    "soup": "embedscope.training.soup:soup",
    "train_specialist": "embedscope.training.train_specialist:train_specialist",
    "watch": "embedscope.views.watch:watch",
    "workbench": "embedscope.views.workbench:workbench",
}

__all__ = [
    "Bandwidth",
    "Clusters",
    "Comparison",
    "Explorer",
    "Items",
    "Layout",
    "Map",
    "Pairs",
    "Run",
    "Space",
    "__version__",
    "cluster",
    "compare",
    "datasets",
    "distill",
    "encode",
    "encoders",
    "evaluate",
    "explore",
    "finetune",
    "layout",
    "load_encoder",
    "load_items",
    "load_pairs",
    "map",
    "mine_negatives",
    "runs",
    "soup",
    "train_specialist",
    "watch",
    "workbench",
]


def __getattr__(name: str) -> Any:
    """Import the room behind a name of the front door, once."""
    if name not in _FRONT_DOOR:
        raise AttributeError(f"module 'embedscope' has no attribute {name!r}; it has {', '.join(__all__)}")
    module, _, attribute = _FRONT_DOOR[name].partition(":")
    found = importlib.import_module(module)
    value = getattr(found, attribute) if attribute else found
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics: ``%load_ext embedscope``.

    Parameters
    ----------
    shell : InteractiveShell
        The running IPython.
    """
    from embedscope.magics import register

    register(shell)
