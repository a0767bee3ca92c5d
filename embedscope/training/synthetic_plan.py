"""What synthetic classification data should be: labels, and the stages that lead to a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from embedscope._errors import InputError

_OWN_COLUMNS = frozenset(
    {"label", "prompt", "writer", "rater_prompt", "verdict", "rater", "seed", "reason", "text"}
)
_ENTRY = re.compile(r"\s*\d{1,4}[.)]\s+(\S.*?)\s*")


@dataclass(frozen=True)
class Stage:
    """One thing that is invented before the text, such as who writes it.

    Parameters
    ----------
    name : str
        One word, such as ``"user"``: later prompts and a column are called by it.
    subject : str
        What is listed, in the plural: "people who buy things in an online shop, each in one line".
    """

    name: str
    subject: str


REVIEW_STAGES = (
    Stage(
        "user",
        "people who buy in an online shop, each told in a line: age, work, home and what they care for",
    ),
    Stage("product", "products, each told in a few words, that this person could have bought"),
)


@dataclass(frozen=True, eq=False)
class ClassificationPlan:
    """Labels, and the stages that lead to a text: user, then product, then review.

    Parameters
    ----------
    labels : mapping of str to str
        At least two labels, each with what it says of a text.
    kind : str
        What is written.
    stages : sequence of Stage
        In order; each is invented given those before it.
    list_length : int
        Entries that are asked for at a time.
    tail : float
        Share of a list, from its end, that is used: what comes first is what every list begins with.
    per_list : int
        Entries that are drawn from the tail of one list of a later stage.

    Raises
    ------
    InputError
        If there are too few labels, stages of one name, or a number is out of range.

    Examples
    --------
    >>> ClassificationPlan({"good": "praise", "bad": "blame"}).stage_names
    ('user', 'product')
    """

    labels: Mapping[str, str]
    kind: str = "product review"
    stages: Sequence[Stage] = REVIEW_STAGES
    list_length: int = 20
    tail: float | int = 0.5
    per_list: int = 2

    def __post_init__(self) -> None:
        folded = {label.strip().casefold() for label in self.labels}
        if len(folded) < 2 or len(folded) < len(self.labels) or "" in folded or "none" in folded:
            raise InputError(
                f"Wanted at least two labels that differ by more than case, none of them empty or 'none'; "
                f"got {', '.join(map(repr, self.labels))}."
            )
        names = self.stage_names
        if not names or len(set(names)) < len(names) or _OWN_COLUMNS & set(names):
            raise InputError(
                f"Wanted stages of different names, none of them {', '.join(sorted(_OWN_COLUMNS))}; "
                f"got {names}."
            )
        if not 0 < self.tail <= 1:
            raise InputError(f"tail must be above 0 and at most 1; got {self.tail}.")
        if self.list_length < 1 or not 1 <= self.per_list <= self.drawn_from:
            raise InputError(
                f"per_list={self.per_list} entries from the last {self.drawn_from} of {self.list_length}: "
                "wanted from 1 to that many."
            )
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))
        object.__setattr__(self, "stages", tuple(self.stages))

    @property
    def stage_names(self) -> tuple[str, ...]:
        """What the stages are called, in order."""
        return tuple(stage.name for stage in self.stages)

    @property
    def drawn_from(self) -> int:
        """Entries of a whole list that are its tail."""
        return tail_length(self.list_length, self.tail)


def tail_length(count: int, tail: float | int) -> int:
    """How many entries of a list are its tail: at least one.

    Parameters
    ----------
    count : int
        Entries of the list.
    tail : float
        Share from the end.

    Returns
    -------
    int
        Rounded to the nearest; 0 for an empty list.

    Examples
    --------
    >>> tail_length(20, 0.5), tail_length(1, 0.1)
    (10, 1)
    """
    return min(count, max(1, round(tail * count)))


def read_list(answer: str) -> list[str]:
    r"""Read the entries of a numbered list.

    Parameters
    ----------
    answer : str
        Any.

    Returns
    -------
    list of str
        What stands behind numbers at the beginning of a line, each once; other lines are left out.

    Examples
    --------
    >>> read_list("Here they are:\n1. a cup\n2) a lid\n3. A cup")
    ['a cup', 'a lid']
    """
    found: dict[str, str] = {}
    for line in answer.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry:
            found.setdefault(entry[1].casefold(), entry[1])
    return list(found.values())


def read_label(answer: str, labels: Mapping[str, str]) -> str | None:
    r"""Read an answer that should be one label and nothing else.

    Parameters
    ----------
    answer : str
        Any.
    labels : mapping of str to str
        The labels; case does not count.

    Returns
    -------
    str or None
        The label, ``"none"`` if that was the answer, or None if it was anything else.

    Examples
    --------
    >>> read_label(" Good\n", {"good": "praise"}), read_label("good, I think", {"good": "praise"})
    ('good', None)
    """
    folded = answer.strip().casefold()
    known = {label.strip().casefold(): label for label in labels}
    return known.get(folded, "none" if folded == "none" else None)
