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


def add_encode_options(parser: argparse.ArgumentParser) -> None:
    """Add what `embedscope.encode` takes beside items and encoder.

    Parameters
    ----------
    parser : ArgumentParser
        Gets the options.
    """
    group = parser.add_argument_group("encoding")
    group.add_argument("--device", help="cuda, cuda:1, mps or cpu; by default the best there is")
    group.add_argument("--dims", type=positive, help="keep the first DIMS numbers of each vector")
    group.add_argument(
        "--role", choices=["query", "document"], help="which side of a retrieval the items are"
    )
    group.add_argument("--task", help="a task for which the encoder has a prompt")
    group.add_argument("--batch-size", type=positive, help="items a batch, at most")
    group.add_argument("--sample", type=positive, metavar="N", help="only N of the items, drawn with --seed")
    group.add_argument("--seed", type=int, default=0, help="seed of the sample and of the layout (default 0)")


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
