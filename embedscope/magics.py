"""The magics: ``%embedscope VERB ...`` in a notebook, with the words of the Python front door.

Load them with ``%load_ext embedscope``. An argument that is the name of a variable stands for the variable.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class

import embedscope as es
from embedscope._errors import EmbedscopeError, InputError
from embedscope.arguments import Parser
from embedscope.notebook_names import CELL, Names
from embedscope.verbs import VERBS

_HELP = {"-h", "--help"}
_CELL_VERBS = ("explore", "map", "encode")


class Help:
    """A help text that a notebook shows as it is.

    Parameters
    ----------
    text : str
        The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


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
    verb, words = _split(line)
    if verb is None:
        return Help(_usage())
    parser = _parser(verb)
    if _HELP & set(words):
        return Help(parser.format_help())
    texts = None if cell is None else _texts_of(verb, cell)
    options = parser.parse_args(words if texts is None else [CELL, *words])
    names = Names(variables, texts)
    result = VERBS[verb].run(options, names)
    names.store(getattr(options, "target", None), result)
    return result


def _split(line: str) -> tuple[str | None, list[str]]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise InputError(f"A quote is not closed in {line!r} ({error}).") from error
    if not words or words[0] in _HELP:
        return None, []
    if words[0] not in VERBS:
        raise InputError(f"%embedscope has no {words[0]!r}; it has {', '.join(VERBS)}.")
    return words[0], words[1:]


def _usage() -> str:
    lines = [f"  %embedscope {name:<16} {verb.summary}" for name, verb in VERBS.items()]
    return "\n".join([*lines, "  %embedscope VERB --help   what a verb takes"])


def _parser(verb: str) -> Parser:
    parser = Parser(prog=f"%embedscope {verb}", description=VERBS[verb].summary, add_help=False)
    add_arguments = VERBS[verb].add_arguments
    if add_arguments is not None:
        add_arguments(parser)
    return parser


def _texts_of(verb: str, cell: str) -> list[str]:
    if verb not in _CELL_VERBS:
        raise InputError(
            f"%%embedscope takes {', '.join(_CELL_VERBS)}, with a text a line; "
            f"for this type %embedscope {verb}."
        )
    texts = [line.strip() for line in cell.splitlines() if line.strip()]
    if not texts:
        raise InputError(f"The cell is empty: write one text a line below %%embedscope {verb}.")
    return texts


@magics_class
class EmbedscopeMagics(Magics):  # type: ignore[misc]
    """``%embedscope`` and ``%%embedscope``."""

    @line_cell_magic  # type: ignore[untyped-decorator]
    def embedscope(self, line: str, cell: str | None = None) -> Any:
        """Encode, explore, compare, map, cluster, distil and evaluate: type `%embedscope --help`."""
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
    return [name for name in shell.user_ns if not name.startswith("_") and name not in shell.user_ns_hidden]


def _names(done: list[str]) -> list[str]:
    if done[0] not in (*_CELL_VERBS, "compare", "distill", "evaluate", "train-specialist"):
        return []
    table = es.datasets() if _wants_data(done) else es.encoders()
    return [str(name) for name in table.column("name")]


def _wants_data(done: list[str]) -> bool:
    option = next((word for word in reversed(done) if word.startswith("--")), "")
    if done[0] in ("compare", "distill"):
        return option in ("--items", "--validation")
    if done[0] == "evaluate":
        return len(done) > 1
    return done[0] == "train-specialist" or len(done) == 1


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
