"""The end of a log: what a person reads first when something went wrong."""

from __future__ import annotations

from pathlib import Path

_LINES = 20
_BYTES = 8_000


def log_tail(path: Path, since: int = 0) -> str:
    r"""Read the last lines of a log.

    Parameters
    ----------
    path : Path
        The log; it may be missing.
    since : int
        Byte before which everything is older than what is asked for.

    Returns
    -------
    str
        At most 20 lines of at most 8,000 bytes.

    Examples
    --------
    >>> _ = Path("log.txt").write_text("one\ntwo\n")
    >>> log_tail(Path("log.txt"), since=4)
    'two'
    """
    try:
        with path.open("rb") as file:
            end = file.seek(0, 2)
            file.seek(max(since, end - _BYTES, 0))
            content = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(content.rstrip().splitlines()[-_LINES:])
