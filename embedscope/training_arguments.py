"""The words of training and evaluating: what follows ``train-specialist``, ``distill`` and ``evaluate``."""

from __future__ import annotations

import argparse
import math
from typing import Any

from embedscope.arguments import add_encode_options, positive

_ITEMS = (
    "labelled images as DOMAIN=ITEMS: a packaged data set, a folder, a file, or a known layout such as "
    "cub:/path; without a domain, items are split by their column of that name"
)


def add_specialist_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.train_specialist` takes.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the arguments.
    """
    parser.add_argument("items", nargs="+", metavar="ITEMS", help=_ITEMS)
    parser.add_argument(
        "--backbone",
        default="efficientnet_lite0",
        help="a timm name, or the folder of a net or a run to go on from (default efficientnet_lite0)",
    )
    parser.add_argument(
        "--loss",
        default="proxy_anchor",
        help="proxy_anchor (default), normalised_softmax, arcface, cosface, proxy_nca or soft_triple",
    )
    _add_run_options(parser)


def add_distill_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.distill` takes.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the arguments.
    """
    parser.add_argument(
        "--specialist",
        action="append",
        required=True,
        metavar="DOMAIN=ENCODER",
        help="an encoder's name, the folder of a net, of a run or of a saved space; one for each domain",
    )
    parser.add_argument("--items", action="append", required=True, metavar="DOMAIN=ITEMS", help=_ITEMS)
    parser.add_argument(
        "--student",
        default="efficientnet_lite0",
        help="a timm name, or the folder of a net or a run to go on from (default efficientnet_lite0)",
    )
    parser.add_argument(
        "--loss",
        default="kl",
        help="kl (default), reverse_kl, js, absolute, rkd, pkt, similarity, embedding, udon or unic",
    )
    parser.add_argument(
        "--bandwidth", metavar="KEY", help="of the specialists: mean:0.125, perplexity:30 or fixed:0.3"
    )
    parser.add_argument("--student-bandwidth", metavar="KEY", help="of the student: fixed:0.16, for example")
    _add_run_options(parser)


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.evaluate` takes.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the arguments.
    """
    parser.add_argument(
        "encoder", help="an encoder's name, the folder of a net or of a run; or a saved space, without items"
    )
    parser.add_argument("items", nargs="*", metavar="ITEMS", help=_ITEMS)
    parser.add_argument(
        "--tasks",
        nargs="+",
        metavar="TASK",
        help="in place of items: names of tasks, as docstrings simlex, a type, as classification, or all",
    )
    parser.add_argument(
        "--size", type=positive, metavar="N", help="most items, pairs or queries of a task (default 1000)"
    )
    parser.add_argument(
        "--index",
        action="append",
        metavar="DOMAIN=ITEMS",
        help="what is searched; by default the items themselves",
    )
    parser.add_argument(
        "--against",
        choices=["both", "own", "merged"],
        default="both",
        help="each domain's own index, or that of all domains together (default both)",
    )
    parser.add_argument("--label", default="label", metavar="COLUMN", help="of the classes (default label)")
    parser.add_argument("--ks", nargs="+", type=positive, metavar="K", help="of Recall@k (default 1 2 4 8)")
    splits = parser.add_mutually_exclusive_group()
    _add_split(splits)
    splits.add_argument(
        "--own-splits",
        action="store_true",
        help="queries and index as the items' column split says: query and gallery, or test and index",
    )
    parser.add_argument(
        "--failures",
        metavar="FILE",
        help="write the queries whose nearest item is of another class: .csv, .json or .parquet",
    )
    add_encode_options(parser)


def _add_split(parser: Any) -> None:
    parser.add_argument("--split", metavar="NAME", help="only items whose column split says so, as train")


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--loss-option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of the loss, for example margin=0.1; may come again",
    )
    parser.add_argument(
        "--validation",
        action="append",
        metavar="SHARE",
        help="share of the classes that is held out (default 0.2), none, or DOMAIN=ITEMS of other classes",
    )
    _add_split(parser)
    parser.add_argument(
        "--folder", help="of the run; by default one below runs/ that belongs to just these items and options"
    )
    group = parser.add_argument_group("how it is trained")
    for name, (kind, words) in RECIPE.items():
        group.add_argument(f"--{name.replace('_', '-')}", default=argparse.SUPPRESS, help=words, **kind)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return value


def _blocks(text: str) -> int | None:
    return None if text == "all" else _whole(text)


COUNT: dict[str, Any] = {"type": positive, "metavar": "N"}
FROM_0: dict[str, Any] = {"type": _whole, "metavar": "N"}
REAL: dict[str, Any] = {"type": _number, "metavar": "X"}

# The fields of `Recipe`, which is imported only when something is trained.
RECIPE: dict[str, tuple[dict[str, Any], str]] = {
    "label": ({"metavar": "COLUMN"}, "of the classes (default label)"),
    "dims": (COUNT, "of the vectors (default 64)"),
    "hidden": (FROM_0, "width of the head's hidden layer; 0 (default): the head is linear"),
    "image_size": (COUNT, "pixels of the square that the backbone sees; its own if not given"),
    "trained_blocks": (
        {"type": _blocks, "metavar": "N"},
        "the backbone's last blocks that are trained with the head (default 1); all: the whole of it",
    ),
    "variants": (FROM_0, "augmented versions of each image beside the image itself (default 3)"),
    "crop": (REAL, "least share of an image's area that a crop keeps (default 0.6)"),
    "flip": (REAL, "how often an image is mirrored (default 0)"),
    "colour": (REAL, "how far colours may change (default 0.2)"),
    "n_classes": (COUNT, "classes of a batch (default 32)"),
    "per_class": (COUNT, "items of each of them (default 4)"),
    "mixed": ({"action": "store_true"}, "batches of several domains"),
    "cross_domain": (REAL, "weight of a term that keeps domains apart; needs --mixed (default 0)"),
    "sampler": (
        {"choices": ["uniform", "size", "loss"]},
        "how the domains of batches are drawn (default uniform)",
    ),
    "epochs": (REAL, "how often the items are seen (default 10)"),
    "steps": (COUNT, "in place of epochs"),
    "rate": (REAL, "largest learning rate (default 0.0003)"),
    "head_rate": (REAL, "the head's, in multiples of the rate (default 3)"),
    "weight_decay": (REAL, "AdamW's (default 0.01)"),
    "warmup": (REAL, "share of the steps that are the warm-up (default 0.1)"),
    "clip_norm": (REAL, "largest norm of a step's gradient (default 5)"),
    "validations": (FROM_0, "how often to validate (default 10)"),
    "patience": (COUNT, "validations in a row without a better one after which to end"),
    "best_by": (
        {"choices": ["recall_at_1", "map_at_r"]},
        "the measure that tells the best step (default recall_at_1)",
    ),
    "chunk": (COUNT, "images in memory at once (default 256)"),
    "mixed_precision": ({"choices": ["no", "bf16", "fp16"]}, "by default what the GPU has"),
    "device": ({"choices": ["cpu"]}, "leaves a GPU alone"),
    "seed": (FROM_0, "of the head, the batches and the augmentation (default 0)"),
}
