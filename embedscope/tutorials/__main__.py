"""For checkouts: ``python -m embedscope.tutorials make`` and ``check``, which the Makefile types."""

from __future__ import annotations

import argparse
from pathlib import Path

from embedscope.tutorials.executed import execute_into, stale_notebooks


def main(words: list[str] | None = None) -> None:
    """Execute the tutorials into ``notebooks/``, or say which of the notebooks there are stale.

    Parameters
    ----------
    words : list of str, optional
        The command line's when there are none.

    Raises
    ------
    SystemExit
        If a notebook is stale; the message says which.
    """
    parser = argparse.ArgumentParser(prog="python -m embedscope.tutorials", description=main.__doc__)
    parser.add_argument("verb", choices=["make", "check"])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("notebooks"))
    parser.add_argument("--only", metavar="NN", help="the tutorial of that number")
    options = parser.parse_args(words)
    if options.verb == "make":
        chosen = sorted(options.folder.glob(f"{options.only or '[0-9][0-9]'}_*.py"))
        execute_into(options.folder, chosen)
    stale = stale_notebooks(options.folder)
    if stale and (options.verb == "check" or options.only is None):
        raise SystemExit("\n".join(stale))


if __name__ == "__main__":
    main()
