"""The magics: ``%embedscope VERB ...`` in a notebook, with the words of the Python front door.

Load them with ``%load_ext embedscope``. An argument that is the name of a variable stands for the variable.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class

import embedscope as es
from embedscope._errors import EmbedscopeError, InputError, MissingError
from embedscope.arguments import (
    Parser,
    add_cluster_options,
    add_encode_options,
    add_layout_options,
    positive,
)

CELL = "the cell's lines"
ITEMS_HELP = "a variable (Items, Space, frame, list), a packaged data set, a folder or a file"


@dataclass(frozen=True)
class Verb:
    """One word after ``%embedscope``: what it does and what it takes."""

    run: Callable[[argparse.Namespace, Names], Any]
    add_arguments: Callable[[argparse.ArgumentParser], object]
    summary: str


class Names:
    """The notebook's variables, looked up by name."""

    def __init__(self, variables: dict[str, Any], cell: list[str] | None = None) -> None:
        self._variables = variables
        self._cell = cell

    def resolve(self, word: str) -> Any:
        """Give the variable of that name, or else the word itself."""
        if word == CELL:
            return self._cell
        if word in self._variables and not word.startswith("_"):
            return self._variables[word]
        return word

    def space(self, word: str) -> es.Space:
        """Give the space of that name, or say which there are."""
        value = self.resolve(word)
        if isinstance(value, es.Space):
            return value
        spaces = [name for name, value in self._variables.items() if isinstance(value, es.Space)]
        there = f"Spaces here: {', '.join(sorted(spaces))}." if spaces else "There is no space here yet."
        came = "no variable" if isinstance(value, str) else f"a {type(value).__name__}"
        raise MissingError(f"{word!r} is {came}, not a space. {there} Make one: %embedscope encode ITEMS --as NAME")

    def store(self, name: str | None, value: Any) -> Any:
        """Keep a result under a name, if one was asked for."""
        if name is None:
            return value
        if not name.isidentifier():
            raise InputError(f"--as takes a variable's name; {name!r} came.")
        self._variables[name] = value
        return value


def _add_as(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="target", metavar="NAME", help="keep the result in this variable")


def _items(options: argparse.Namespace, names: Names) -> Any:
    what = names.resolve(options.items)
    if isinstance(what, es.Space):
        return what
    return es.load_items(what, sample=options.sample, seed=options.seed)


def _encode(options: argparse.Namespace, names: Names) -> es.Space:
    items = _items(options, names)
    if isinstance(items, es.Space):
        items = items.items
    chosen = {} if options.encoder is None else {"encoder": names.resolve(options.encoder)}
    space = es.encode(
        items,
        **chosen,
        role=options.role,
        task=options.task,
        dims=options.dims,
        device=options.device,
        batch_size=options.batch_size,
    )
    return names.store(options.target, space)  # type: ignore[no-any-return]


def _map(options: argparse.Namespace, names: Names) -> es.Map:
    what = _items(options, names)
    space = what if isinstance(what, es.Space) else _encode(SimpleNamespace(**{**vars(options), "target": None}), names)  # type: ignore[arg-type]
    layout = es.layout(
        space, method=options.method, n_neighbors=options.n_neighbors, random_state=options.seed
    )
    clusters = es.cluster(space, layout, on=options.on, min_cluster_size=options.min_cluster_size)
    shown = es.map(space, layout=layout, clusters=clusters, color=options.color, title=options.title)
    return names.store(options.target, shown)  # type: ignore[no-any-return]


def _neighbors(options: argparse.Namespace, names: Names) -> Any:
    space = names.space(options.space)
    query = names.resolve(" ".join(options.query))
    known = next((i for i in space.ids if query == i or (isinstance(i, int) and query == str(i))), None)
    found = space.search(query, options.k) if known is None else space.neighbors_of(known, options.k)
    return names.store(options.target, found)


def _cluster(options: argparse.Namespace, names: Names) -> Any:
    space = names.space(options.space)
    layout = es.layout(
        space, method=options.method, n_neighbors=options.n_neighbors, random_state=options.seed
    )
    found = es.cluster(space, layout, on=options.on, min_cluster_size=options.min_cluster_size)
    return names.store(options.target, found)


def _encode_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("items", help=ITEMS_HELP)
    parser.add_argument("encoder", nargs="?", help="an encoder's name or a variable; see %%embedscope encoders")
    _add_as(parser)
    add_encode_options(parser)


def _map_arguments(parser: argparse.ArgumentParser) -> None:
    _encode_arguments(parser)
    parser.add_argument("--color", help="a column, or: cluster, trust, density")
    parser.add_argument("--title", help="stands above the map")
    add_layout_options(parser)
    add_cluster_options(parser)


def _neighbors_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("space", help="a variable that holds a space")
    parser.add_argument("query", nargs="+", help="an item's id, a text, or a variable that holds a text or an image")
    parser.add_argument("-k", type=positive, default=10, help="how many (default 10)")
    _add_as(parser)


def _cluster_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("space", help="a variable that holds a space")
    parser.add_argument("--seed", type=int, default=0, help="seed of the layout (default 0)")
    _add_as(parser)
    add_layout_options(parser)
    add_cluster_options(parser)


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


VERBS = {
    "encode": Verb(_encode, _encode_arguments, "items -> a space: cached, resumable"),
    "map": Verb(_map, _map_arguments, "items or a space -> the map; as %%embedscope, each line of the cell is a text"),
    "neighbors": Verb(_neighbors, _neighbors_arguments, "the nearest items to an item, a text or an image"),
    "cluster": Verb(_cluster, _cluster_arguments, "a space -> named clusters"),
    "datasets": Verb(lambda _options, _names: es.datasets(), _no_arguments, "the packaged data sets"),
    "encoders": Verb(lambda _options, _names: es.encoders(), _no_arguments, "the encoders that are known by name"),
}


def _parser(verb: str) -> Parser:
    parser = Parser(prog=f"%embedscope {verb}", description=VERBS[verb].summary, add_help=False)
    VERBS[verb].add_arguments(parser)
    return parser


def _usage() -> str:
    lines = [f"  %embedscope {name:<10} {verb.summary}" for name, verb in VERBS.items()]
    return "\n".join([*lines, "  %embedscope VERB --help   what a verb takes"])


def run_line(line: str, cell: str | None, variables: dict[str, Any]) -> Any:
    """Run what stands behind ``%embedscope``.

    Parameters
    ----------
    line : str
        The verb and its arguments, in a shell's quoting.
    cell : str or None
        The cell's text under ``%%embedscope``: a text a line.
    variables : dict
        The notebook's variables; ``--as`` writes into it.

    Returns
    -------
    object
        What the verb made, or the help text.

    Raises
    ------
    InputError
        If a word cannot be read or is unknown.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise InputError(f"A quote is not closed in: {line!r} ({error}).") from error
    if not words or words[0] in ("-h", "--help"):
        return Help(_usage())
    verb, *rest = words
    if verb not in VERBS:
        raise InputError(f"%embedscope has no {verb!r}; it has {', '.join(VERBS)}.")
    parser = _parser(verb)
    if {"-h", "--help"} & set(rest):
        return Help(parser.format_help())
    if cell is None:
        return VERBS[verb].run(parser.parse_args(rest), Names(variables))
    texts = _texts_of(verb, cell)
    return VERBS[verb].run(parser.parse_args([CELL, *rest]), Names(variables, texts))


def _texts_of(verb: str, cell: str) -> list[str]:
    if verb not in ("map", "encode"):
        raise InputError(f"%%embedscope takes map or encode, with a text a line; type %embedscope {verb}.")
    texts = [line.strip() for line in cell.splitlines() if line.strip()]
    if not texts:
        raise InputError("The cell is empty: write one text a line below %%embedscope map.")
    return texts


class Help:
    """A help text, shown as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


@magics_class
class EmbedscopeMagics(Magics):  # type: ignore[misc]
    """``%embedscope`` and ``%%embedscope``."""

    @line_cell_magic  # type: ignore[untyped-decorator]
    def embedscope(self, line: str, cell: str | None = None) -> Any:
        """Encode, map, find neighbours and cluster: `%embedscope --help`."""
        try:
            return run_line(line, cell, self.shell.user_ns)
        except EmbedscopeError as error:
            raise UsageError(str(error)) from error


def complete(shell: InteractiveShell, event: Any) -> list[str]:
    """Offer verbs, options, variables, data sets and encoders.

    Parameters
    ----------
    shell : InteractiveShell
        The running IPython.
    event : object
        IPython's completion event: ``line`` and ``symbol``.

    Returns
    -------
    list of str
        What may stand at the cursor.
    """
    done = event.line[: len(event.line) - len(event.symbol)].split()[1:]
    if not done:
        return sorted(VERBS)
    if done[0] not in VERBS:
        return []
    if event.symbol.startswith("-"):
        return sorted(_options(done[0]))
    return sorted({*_variables(shell), *_names(done)})


def _options(verb: str) -> Iterable[str]:
    actions = _parser(verb)._actions  # noqa: SLF001 - argparse has no public list of options
    return ["--help", *(option for action in actions for option in action.option_strings)]


def _variables(shell: InteractiveShell) -> list[str]:
    hidden = shell.user_ns_hidden
    return [name for name in shell.user_ns if not name.startswith("_") and name not in hidden]


def _names(done: list[str]) -> list[str]:
    if done[0] not in ("encode", "map"):
        return []
    table = es.datasets() if len(done) == 1 else es.encoders()
    return [str(name) for name in table.column("name")]


def register(shell: InteractiveShell) -> None:
    """Add the magics and their completion to a running IPython.

    Parameters
    ----------
    shell : InteractiveShell
        The running IPython.
    """
    shell.register_magics(EmbedscopeMagics)
    for key in ("%embedscope", "%%embedscope"):
        shell.set_hook("complete_command", complete, str_key=key)
