"""The words that the magics and the command line share: one parser a verb, one spelling an option."""

from __future__ import annotations

import argparse
from typing import NoReturn

from embedscope._errors import InputError


class Parser(argparse.ArgumentParser):
    """An argument parser that raises one clear line instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong, with what to type to see the choices.

        Parameters
        ----------
        message : str
            What argparse found.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"{self.prog}: {message}. Type `{self.prog} --help` for what it takes.")


def positive(text: str) -> int:
    """Read a whole number of at least 1.

    Parameters
    ----------
    text : str
        What was typed.

    Returns
    -------
    int
        The number.
    """
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def add_encode_options(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.encode` takes beside items and encoder.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the options.
    """
    group = parser.add_argument_group("encoding")
    _add_encoding(group)
    group.add_argument("--dims", type=positive, help="keep the first DIMS numbers of each vector")
    group.add_argument(
        "--seed", type=_seed, default=0, help="seed of the sample and of the layout (default 0)"
    )


def _add_encoding(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--device", help="cuda, cuda:1, mps or cpu; by default the best there is")
    group.add_argument(
        "--role", choices=["query", "document"], help="which side of a retrieval the items are"
    )
    group.add_argument("--task", help="a task for which the encoder has a prompt")
    group.add_argument("--batch-size", type=positive, help="items a batch, at most")
    group.add_argument("--sample", type=positive, metavar="N", help="only N of the items, drawn with --seed")


def add_compare_options(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.compare`, its report and its gate take beside the two sides.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the options.
    """
    parser.add_argument("--label", metavar="COLUMN", help="holds the items' classes")
    parser.add_argument("--domain", metavar="COLUMN", help="says which domain an item is from")
    parser.add_argument("--names", nargs=2, metavar=("A", "B"), help="what to call the two")
    parser.add_argument(
        "--by", metavar="COLUMN", help="the groups that are told apart; the label if not given"
    )
    parser.add_argument("-k", type=positive, help="neighbours an item (default 10)")
    parser.add_argument("--seed", type=_seed, default=0, help="seed of every sample (default 0)")
    gate = parser.add_argument_group("gate")
    gate.add_argument(
        "--fail-if",
        action="append",
        metavar="CONDITION",
        help='for example "recall@10 < 0.95", "recall@10 by label < 90%%" or "kl > 0.5"; may come again',
    )
    gate.add_argument(
        "--min-items", type=positive, default=1, metavar="N", help="groups of fewer items are not judged"
    )
    encoding = parser.add_argument_group("encoding, where a side is an encoder's name")
    encoding.add_argument("--items", metavar="DATA", help="what is encoded: as for encode")
    _add_encoding(encoding)


def add_layout_options(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.layout` takes.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the options.
    """
    group = parser.add_argument_group("layout")
    group.add_argument(
        "--method",
        choices=["umap", "umap-learn", "pca"],
        help="default: umap; pca for a handful",
    )
    group.add_argument("--n-neighbors", type=positive, default=15, help="neighbours an item (default 15)")


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.cluster` takes.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the options.
    """
    group = parser.add_argument_group("clusters")
    group.add_argument(
        "--on", choices=["map", "vectors"], default="map", help="cluster what one sees, or the vectors"
    )
    group.add_argument(
        "--min-cluster-size", type=positive, help="smallest cluster; by default grows with the items"
    )
