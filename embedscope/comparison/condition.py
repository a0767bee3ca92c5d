"""Condition: a measure, a sign and a number, read from text."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embedscope._errors import InputError, unknown_name
from embedscope.comparison.comparison import K

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM = re.compile(
    r"(?P<measure>[A-Za-z_]+)\s*(?:@\s*(?P<k>\d+))?\s*(?:\bby\s+(?P<by>.+?))?\s*"
    r"(?P<sign><=|>=|<|>)\s*(?P<number>[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(?P<percent>%?)"
)
OF_NEIGHBORS = ("recall", "overlap", "jaccard", "rbo")
OF_ALIGNMENT = ("cka", "rsa", "procrustes", "mutual_knn")
OF_DISTANCES = ("js", "wasserstein", "auc")
MEASURES = (*OF_NEIGHBORS, "kl", *OF_DISTANCES, *OF_ALIGNMENT)


@dataclass(frozen=True)
class Condition:
    """A measure, a threshold and a sign: the gate fails where it holds.

    Parameters
    ----------
    text : str
        As it was written.
    measure : str
        One of `MEASURES`.
    k : int or None
        Neighbours, for measures that have them.
    by : str or None
        Column whose every group must pass; None: the whole must.
    sign : {"<", "<=", ">", ">="}
        The comparison.
    threshold : float
        What is compared with.
    """

    text: str
    measure: str
    k: int | None
    by: str | None
    sign: str
    threshold: float

    @classmethod
    def parse(cls, text: str, k: int = K) -> Condition:
        """Read a condition.

        Parameters
        ----------
        text : str
            For example ``"recall@10 < 0.95"``, ``"recall@10 by category < 90%"`` or ``"cka < 0.8"``.
        k : int
            Neighbours, where the condition does not say how many.

        Returns
        -------
        Condition
            Ready to be checked.

        Raises
        ------
        InputError
            If it is not of this form.
        MissingError
            If the measure is not known; the measures are listed.

        Examples
        --------
        >>> found = Condition.parse("recall@10 by label < 95%")
        >>> found.measure, found.k, found.by, found.sign, found.threshold
        ('recall', 10, 'label', '<', 0.95)
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise InputError(
                f"{text!r} is no condition. Wanted a measure, a sign and a number, for example "
                "'recall@10 < 0.95', 'recall@10 by category < 0.9' or 'kl > 0.5'."
            )
        measure = found["measure"].lower()
        if measure not in MEASURES:
            raise unknown_name("measure", measure, MEASURES)
        has_k, has_groups = measure in (*OF_NEIGHBORS, "mutual_knn"), measure in (*OF_NEIGHBORS, "kl")
        if (found["k"] and not has_k) or (found["by"] and not has_groups):
            raise InputError(f"{text!r}: {measure} has no {'groups' if found['by'] else 'neighbours'}.")
        threshold = float(found["number"]) / (100 if found["percent"] else 1)
        nearest = int(found["k"] or k) if has_k else None
        return cls(text.strip(), measure, nearest, found["by"], found["sign"], threshold)

    def holds(self, value: float) -> bool:
        """Tell whether a value fails the gate.

        Parameters
        ----------
        value : float
            Of the measure.

        Returns
        -------
        bool
            True where the condition holds.
        """
        return _HOLDS[self.sign](value, self.threshold)


def read_conditions(conditions: str | Sequence[str], k: int = K) -> list[Condition]:
    """Read conditions, several in a text joined by ``or``.

    Parameters
    ----------
    conditions : str or sequence of str
        Each as `Condition.parse` takes it, or several.
    k : int
        Neighbours, where a condition does not say how many.

    Returns
    -------
    list of Condition
        In order.

    Raises
    ------
    InputError
        If one cannot be read.
    MissingError
        If a measure is not known.

    Examples
    --------
    >>> [condition.measure for condition in read_conditions("recall@5 < 0.9 or cka < 0.8")]
    ['recall', 'cka']
    """
    texts = [conditions] if isinstance(conditions, str) else list(conditions)
    return [Condition.parse(part, k) for text in texts for part in re.split(r"\s+or\s+", text)]
