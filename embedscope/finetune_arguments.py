"""The words of finetuning: what follows ``finetune``."""

from __future__ import annotations

import argparse
from typing import Any

from embedscope.arguments import positive
from embedscope.training_arguments import COUNT, FROM_0, REAL

_PAIRS = "pairs of texts as SOURCE=PAIRS: a packaged data set, a file with the columns query and document"


def add_finetune_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.finetune` takes.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the arguments.
    """
    parser.add_argument(
        "encoder",
        metavar="ENCODER",
        help="llm: and a decoder, as llm:smollm2; a sentence-transformers model, or the folder of one",
    )
    parser.add_argument("pairs", nargs="+", metavar="PAIRS", help=_PAIRS)
    parser.add_argument(
        "--stage",
        action="append",
        default=[],
        metavar="NAME=VALUE,...",
        help="a stage of its own, as steps=200,rate=1e-4,negatives=1,docstrings=2: what is no field of a "
        "stage is a source and its rate; may come again",
    )
    parser.add_argument(
        "--prompt",
        action="append",
        metavar="SOURCE=TEXT",
        help="what goes before the queries of a source; may come again",
    )
    parser.add_argument(
        "--validation",
        action="append",
        metavar="SHARE",
        help="share of the pairs that is held out (default 0.05), none, or SOURCE=PAIRS",
    )
    parser.add_argument(
        "--folder", help="of the run; by default one below runs/ that belongs to just these pairs and options"
    )
    group = parser.add_argument_group("how it is trained")
    for name, (kind, words) in TEXT_RECIPE.items():
        flags = [f"--{name.replace('_', '-')}"]
        group.add_argument(*flags, default=argparse.SUPPRESS, help=words, **kind)


_SWITCH: dict[str, Any] = {"action": argparse.BooleanOptionalAction}

# The fields of `TextRecipe`, which is imported only when something is trained.
TEXT_RECIPE: dict[str, tuple[dict[str, Any], str]] = {
    "dims": (
        {"nargs": "+", "type": positive, "metavar": "N"},
        "prefixes of the vector that are trained beside the whole (Matryoshka)",
    ),
    "temperature": (REAL, "divides the similarities (default 0.05)"),
    "masked": (_SWITCH, "keep equal texts out of each other's negatives (on unless --no-masked)"),
    "negatives": (FROM_0, "most hard negatives of a query (default 1)"),
    "hardness": (REAL, "weight exp(hardness * similarity) of a hard negative (default 0)"),
    "spread_out": (REAL, "weight of the term that pushes different items apart (default 0)"),
    "bidirectional": (_SWITCH, "of a decoder: see in both directions (on unless --no-bidirectional)"),
    "pooling": ({"choices": ["mean", "lasttoken"]}, "of a decoder (default mean)"),
    "projection": (COUNT, "of a decoder: width of a linear layer behind the pooling"),
    "layers": (COUNT, "of a decoder: so many of its first blocks"),
    "lora": (COUNT, "of a decoder: rank of low-rank updates in place of all parameters"),
    "max_length": (COUNT, "most tokens of a text (default 128)"),
    "batch_size": (COUNT, "pairs of a batch (default 64)"),
    "steps": (COUNT, "in all, where there is no --stage (default 500)"),
    "rate": (REAL, "largest learning rate (default 0.0001)"),
    "weight_decay": (REAL, "AdamW's (default 0.01)"),
    "warmup": (REAL, "share of a stage's steps that are the warm-up (default 0.1)"),
    "clip_norm": (REAL, "largest norm of a step's gradient (default 1)"),
    "validations": (FROM_0, "how often to validate (default 10)"),
    "patience": (COUNT, "validations in a row without a better one after which to end"),
    "chunk": (COUNT, "texts in memory at once (default 64)"),
    "mixed_precision": ({"choices": ["no", "bf16", "fp16"]}, "by default what the GPU has"),
    "device": ({"choices": ["cpu"]}, "leaves a GPU alone"),
    "seed": (FROM_0, "of all that is drawn (default 0)"),
}
