"""What stands behind each word after ``%embedscope``: its arguments and what it does with them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.arguments import add_cluster_options, add_encode_options, add_layout_options, positive
from embedscope.layouts.layout import method_for

CELL = "the cell's lines"
_ITEMS = "a variable (Items, Space, frame, list), a packaged data set, a folder or a file"


class Names:
    """The notebook's variables, looked up by name.

    Parameters
    ----------
    variables : dict
        The notebook's namespace; `store` writes into it.
    cell : list of str, optional
        The texts of the cell, where there is one; `CELL` names them.
    """

    def __init__(self, variables: dict[str, Any], cell: list[str] | None = None) -> None:
        self.variables = variables
        self._cell = cell

    def resolve(self, word: str) -> Any:
        """Give the variable of that name, or else the word itself.

        Parameters
        ----------
        word : str
            What was typed.

        Returns
        -------
        object
            The variable's value, or the word.
        """
        if word == CELL:
            return self._cell
        return self.variables.get(word, word) if not word.startswith("_") else word

    def space(self, word: str) -> es.Space:
        """Give the space of that name.

        Parameters
        ----------
        word : str
            What was typed.

        Returns
        -------
        Space
            The variable's value.

        Raises
        ------
        MissingError
            If it is not a space; the message names those that there are.
        """
        value = self.resolve(word)
        if isinstance(value, es.Space):
            return value
        spaces = sorted(name for name, value in self.variables.items() if isinstance(value, es.Space))
        there = f"Spaces here: {', '.join(spaces)}." if spaces else "There is no space here yet."
        came = "no variable" if isinstance(value, str) else f"a {type(value).__name__}"
        raise MissingError(
            f"{word!r} is {came}, not a space. {there} Make one: %embedscope encode ITEMS --as NAME"
        )

    def store(self, name: str | None, value: Any) -> None:
        """Keep a result in a variable, if one was asked for.

        Parameters
        ----------
        name : str or None
            The variable.
        value : object
            What it shall hold.

        Raises
        ------
        InputError
            If the name cannot be a variable's.
        """
        if name is None:
            return
        if not name.isidentifier():
            raise InputError(f"--as takes a variable's name; {name!r} came.")
        self.variables[name] = value


def _space(options: argparse.Namespace, names: Names) -> es.Space:
    what = names.resolve(options.items)
    items = what.items if isinstance(what, es.Space) else what
    if items is not what and options.encoder is None:
        return what  # type: ignore[no-any-return]
    chosen = {} if options.encoder is None else {"encoder": names.resolve(options.encoder)}
    return es.encode(
        es.load_items(items, sample=options.sample, seed=options.seed),
        **chosen,
        role=options.role,
        task=options.task,
        dims=options.dims,
        device=options.device,
        batch_size=options.batch_size,
    )


def _layout(space: es.Space, options: argparse.Namespace) -> es.Layout:
    method = options.method or method_for(len(space))
    return es.layout(space, method=method, n_neighbors=options.n_neighbors, random_state=options.seed)


def _clusters(space: es.Space, layout: es.Layout, options: argparse.Namespace) -> es.Clusters:
    return es.cluster(space, layout, on=options.on, min_cluster_size=options.min_cluster_size)


def _map(options: argparse.Namespace, names: Names) -> es.Map:
    return _show(es.map, options, names)


def _explore(options: argparse.Namespace, names: Names) -> es.Explorer:
    return _show(es.explore, options, names)


_View = TypeVar("_View")


def _show(view: Callable[..., _View], options: argparse.Namespace, names: Names) -> _View:
    space = _space(options, names)
    layout = _layout(space, options)
    clusters = _clusters(space, layout, options)
    return view(space, layout=layout, clusters=clusters, color=options.color, title=options.title)


def _workbench(_options: argparse.Namespace, names: Names) -> Any:
    return es.workbench(names.variables)


def _neighbors(options: argparse.Namespace, names: Names) -> Any:
    space = names.space(options.space)
    query = names.resolve(" ".join(options.query))
    known = next((i for i in space.ids if query == i or (isinstance(i, int) and query == str(i))), None)
    return space.search(query, options.k) if known is None else space.neighbors_of(known, options.k)


def _cluster(options: argparse.Namespace, names: Names) -> es.Clusters:
    space = names.space(options.space)
    return _clusters(space, _layout(space, options), options)


def _add_as(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="target", metavar="NAME", help="keep the result in this variable")


def _encode_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("items", help=_ITEMS)
    parser.add_argument("encoder", nargs="?", help="an encoder's name (%%embedscope encoders) or a variable")
    _add_as(parser)
    add_encode_options(parser)


def _map_arguments(parser: argparse.ArgumentParser) -> None:
    _encode_arguments(parser)
    parser.add_argument("--color", help="a column, or: cluster, trust, density")
    parser.add_argument("--title", help="stands above the map")
    add_layout_options(parser)
    add_cluster_options(parser)


def _workbench_arguments(parser: argparse.ArgumentParser) -> None:
    _add_as(parser)


def _neighbors_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("space", help="a variable that holds a space")
    parser.add_argument(
        "query", nargs="+", help="an item's id, a text, or a variable with a text or an image"
    )
    parser.add_argument("-k", type=positive, default=10, help="how many (default 10)")
    _add_as(parser)


def _cluster_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("space", help="a variable that holds a space")
    parser.add_argument("--seed", type=int, default=0, help="seed of the layout (default 0)")
    _add_as(parser)
    add_layout_options(parser)
    add_cluster_options(parser)


@dataclass(frozen=True)
class Verb:
    """One word after ``%embedscope``.

    Parameters
    ----------
    summary : str
        What it does, on one line.
    run : callable
        Takes the parsed options and the notebook's names, gives the result.
    add_arguments : callable, optional
        Adds what it takes to a parser.
    """

    summary: str
    run: Callable[[argparse.Namespace, Names], Any]
    add_arguments: Callable[[argparse.ArgumentParser], None] | None = None


VERBS = {
    "encode": Verb("items -> a space: cached, resumable", _space, _encode_arguments),
    "map": Verb("items or a space -> the map; with %% each line of the cell is a text", _map, _map_arguments),
    "explore": Verb(
        "items or a space -> map, neighbours, search and selection; with %% each line is a text",
        _explore,
        _map_arguments,
    ),
    "workbench": Verb("pick data and an encoder by hand, run, and explore", _workbench, _workbench_arguments),
    "neighbors": Verb("the nearest items to an item, a text or an image", _neighbors, _neighbors_arguments),
    "cluster": Verb("a space -> named clusters", _cluster, _cluster_arguments),
    "datasets": Verb("the packaged data sets", lambda _options, _names: es.datasets()),
    "encoders": Verb("the encoders that are known by name", lambda _options, _names: es.encoders()),
}
