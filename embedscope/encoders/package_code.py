"""Import a model's own package from the folder it lies in: installed, brought or fetched."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import cast

from embedscope._errors import FetchError
from embedscope._hashing import hash_record


def import_folder(folder: Path) -> ModuleType:
    """Import a package from its folder, beside any other of its name.

    Parameters
    ----------
    folder : Path
        One whose Python files were compared with their known hashes: this runs them.

    Returns
    -------
    ModuleType
        The package; the same object when it is asked for again.

    Raises
    ------
    FetchError
        If there is no package.

    Notes
    -----
    Neither ``sys.path`` nor the package's own name in ``sys.modules`` is touched, so that what the person
    imports under that name stays theirs. It must import its own parts relatively.
    """
    folder = folder.resolve()
    name = f"_embedscope_{folder.name}_{hash_record({'folder': str(folder)})[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    start = folder / "__init__.py"
    if not start.is_file():
        raise FetchError(f"{folder} holds no package: there is no {start.name}.")
    spec = importlib.util.spec_from_file_location(name, start, submodule_search_locations=[str(folder)])
    package = importlib.util.module_from_spec(cast("importlib.machinery.ModuleSpec", spec))
    sys.modules[name] = package
    try:
        package.__spec__.loader.exec_module(package)  # type: ignore[union-attr]
    except BaseException:
        del sys.modules[name]
        raise
    return package
