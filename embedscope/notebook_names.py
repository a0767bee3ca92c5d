"""The notebook's variables, looked up by the words of a line."""

from __future__ import annotations

from typing import Any

import embedscope as es
from embedscope._errors import InputError, MissingError

CELL = "the cell's lines"


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
