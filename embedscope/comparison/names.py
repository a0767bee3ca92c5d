"""What spaces are called where several stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from embedscope._errors import InputError
from embedscope.spaces.space import Space


def space_names(spaces: Sequence[Space], names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Give each space a name of its own.

    Parameters
    ----------
    spaces : sequence of Space
        The spaces.
    names : sequence of str, optional
        Their names; from their encoders if not given, with the dims where they were cut.

    Returns
    -------
    tuple of str
        No two equal.

    Raises
    ------
    InputError
        If there are more or fewer names than spaces, or one comes twice.

    Examples
    --------
    >>> space = Space.from_arrays([[1.0, 0.0], [0.0, 1.0]])
    >>> space_names([space, space.truncate(1)]), space_names([space, space])
    (('2 dims', '1 dims'), ('2 dims (1)', '2 dims (2)'))
    """
    if names is not None:
        given = tuple(names)
        if len(given) != len(spaces) or len(set(given)) < len(given) or isinstance(names, str):
            raise InputError(
                f"names={names!r} for {len(spaces)} spaces: wanted one name a space, no two equal, for "
                "example names=('teacher', 'student')."
            )
        return given
    found = [_name(space) for space in spaces]
    often, seen = Counter(found), Counter[str]()
    distinct = []
    for name in found:
        seen[name] += 1
        distinct.append(f"{name} ({seen[name]})" if often[name] > 1 else name)
    return tuple(distinct)


def _name(space: Space) -> str:
    if space.encoder is None:
        return f"{space.dims:,} dims"
    return space.encoder.name if space.dims == space.encoder.dims else f"{space.encoder.name} @{space.dims:,}"
