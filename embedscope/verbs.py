"""What stands behind each word after ``%embedscope``: its arguments and what it does with them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

import embedscope as es
from embedscope._errors import EmbedscopeError, InputError
from embedscope.arguments import (
    add_cluster_options,
    add_compare_options,
    add_encode_options,
    add_layout_options,
    positive,
)
from embedscope.layouts.layout import method_for
from embedscope.notebook_names import Names
from embedscope.training_verbs import TRAINING_VERBS
from embedscope.verb import Verb

__all__ = ["VERBS", "Verb"]

_ITEMS = "a variable (Items, Space, frame, list), a packaged data set, a folder or a file"


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
    compared = names.resolve(options.items)
    if not isinstance(compared, es.Comparison):
        return _show(es.explore, options, names)
    if options.encoder is not None:
        raise InputError(f"{options.items} is a comparison already: leave the encoder out.")
    return _opened(es.explore, compared, compared.teacher, options)


_View = TypeVar("_View")


def _show(view: Callable[..., _View], options: argparse.Namespace, names: Names) -> _View:
    space = _space(options, names)
    return _opened(view, space, space, options)


def _opened(view: Callable[..., _View], shown: Any, space: es.Space, options: argparse.Namespace) -> _View:
    layout = _layout(space, options)
    clusters = _clusters(space, layout, options)
    return view(shown, layout=layout, clusters=clusters, color=options.color, title=options.title)


def _compare(options: argparse.Namespace, names: Names) -> Any:
    # A verb that does not compare shall not load what comparing needs.
    from embedscope.comparing import compare_words, judge, report_of

    items = None if options.items is None else names.resolve(options.items)
    teacher, student = (_side(word, items, names) for word in (options.teacher, options.student))
    comparison = compare_words(teacher, student, items, options)
    names.store(options.keep, comparison)
    gate = judge(comparison, options)
    grouped = options.by is not None or options.k is not None
    if options.report or (grouped and gate is None and not options.explore):
        _display(report_of(comparison, options))
    if gate is not None:
        _display(gate)
        if gate.failed:
            raise EmbedscopeError(f"The comparison fails: {gate.words}.")
    return _linked(comparison, options) if options.explore else comparison


def _linked(comparison: es.Comparison, options: argparse.Namespace) -> es.Explorer:
    from embedscope.views.comparison_view import ComparisonView

    shown = es.explore(ComparisonView(comparison, by=options.by))
    if options.k is not None:
        shown.n_neighbors = options.k
    return shown


def _side(word: str, items: Any, names: Names) -> Any:
    from embedscope.comparing import is_saved_space

    value = names.resolve(word)
    return value if items is not None or is_saved_space(value) else names.space(word)


def _display(result: Any) -> None:
    from IPython.display import display

    display(result)


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


def _compare_arguments(parser: argparse.ArgumentParser) -> None:
    for side in ("teacher", "student"):
        parser.add_argument(
            side, help="a variable that holds a space, or a saved one; with --items also an encoder"
        )
    parser.add_argument("--as", dest="keep", metavar="NAME", help="keep the comparison in this variable")
    parser.add_argument("--explore", action="store_true", help="open the linked view of the two")
    parser.add_argument(
        "--report", action="store_true", help="show the report; --by and -k alone ask for it too"
    )
    add_compare_options(parser)


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


VERBS = {
    "encode": Verb("items -> a space: cached, resumable", _space, _encode_arguments),
    "map": Verb("items or a space -> the map; with %% each line of the cell is a text", _map, _map_arguments),
    "explore": Verb(
        "items, a space or a comparison -> the linked view; with %% each line is a text",
        _explore,
        _map_arguments,
    ),
    "compare": Verb(
        "two spaces -> their comparison, report, gate or linked view", _compare, _compare_arguments
    ),
    "workbench": Verb("pick data and an encoder by hand, run, and explore", _workbench, _workbench_arguments),
    "neighbors": Verb("the nearest items to an item, a text or an image", _neighbors, _neighbors_arguments),
    "cluster": Verb("a space -> named clusters", _cluster, _cluster_arguments),
    **TRAINING_VERBS,
    "datasets": Verb("the packaged data sets", lambda _options, _names: es.datasets()),
    "encoders": Verb("the encoders that are known by name", lambda _options, _names: es.encoders()),
}
