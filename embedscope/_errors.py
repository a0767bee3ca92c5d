"""The errors and warnings of embedscope: what came, what was wanted, what to type."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class EmbedscopeError(Exception):
    """Base of every error that embedscope raises on purpose."""


class InputError(EmbedscopeError, ValueError):
    """An argument or an item cannot be used as it came."""


class MissingError(EmbedscopeError, LookupError):
    """A name, an id or a file is not there."""


class FetchError(EmbedscopeError, OSError):
    """A packaged model or data set could not be fetched, or is not what it should be."""


class StoreError(EmbedscopeError, OSError):
    """Kept vectors cannot be read, or new ones cannot be written: a full disk, a damaged or locked folder."""


class DependencyError(EmbedscopeError, ImportError):
    """An optional package or an outside program is missing."""


class EmbedscopeWarning(UserWarning):
    """Something went on with less than was asked for: the message says what and why."""


def unknown_name(kind: str, name: str, choices: Iterable[str], hint: str = "") -> MissingError:
    """Make the error for a name that is not among the choices, nearest choices first.

    Parameters
    ----------
    kind : str
        What the name names, for example ``"encoder"``.
    name : str
        The name that came.
    choices : iterable of str
        The names that exist.
    hint : str
        One more sentence that says what else may be typed.

    Returns
    -------
    MissingError
        Ready to be raised.
    """
    known = sorted(choices)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    guess = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
    tail = f" {hint}" if hint else ""
    return MissingError(f"No {kind} is called {name!r}.{guess} There are: {', '.join(known)}.{tail}")
