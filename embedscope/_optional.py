"""Import a package when it is first needed, with an error that says how to install it."""

from __future__ import annotations

import importlib
from types import ModuleType

from embedscope._errors import DependencyError


def require(module: str, *, install: str, purpose: str) -> ModuleType:
    """Import a module, or say what to type to get it.

    Parameters
    ----------
    module : str
        Dotted name of the module.
    install : str
        What ``pip install`` takes to bring it.
    purpose : str
        What it is needed for, as the object of "needed".

    Returns
    -------
    module
        The imported module.

    Raises
    ------
    DependencyError
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(error.name + ".")):
            raise
        raise DependencyError(
            f"The package {module.partition('.')[0]!r} is needed {purpose}. Install it: pip install {install}"
        ) from error
