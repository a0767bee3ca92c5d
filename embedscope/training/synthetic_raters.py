"""Auto-raters: a generator, a prompt, and a strict reading of the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embedscope._errors import InputError
from embedscope.training.generators import PromptsToTexts, generator_name
from embedscope.training.synthetic_answers import Asker
from embedscope.training.synthetic_prompts import (
    QUALITY_EXAMPLES,
    Example,
    likelihood_prompt,
    quality_prompt,
    relevance_prompt,
)


@dataclass(frozen=True)
class Verdict:
    """What a rater said of a pair.

    Parameters
    ----------
    prompt, answer : str
        Word for word.
    score : int or None
        The answer read as a whole number; None where it is none, or out of range.
    """

    prompt: str
    answer: str
    score: int | None


@dataclass(frozen=True, eq=False)
class Rater:
    """Rates pairs of a query and a document with whole numbers.

    Parameters
    ----------
    name : str
        What is rated, such as ``"relevance"``; columns are called by it.
    generator : callable
        Prompts to texts.
    write : callable
        Makes the prompt of a query and a document.
    low, high : int
        The range of the answer.

    Raises
    ------
    InputError
        If ``name`` is no word, ``low`` is negative or not below ``high``, or the generator has no name.

    Examples
    --------
    >>> def strict(prompts):
    ...     return ["3" if "cat" in prompt else "not at all" for prompt in prompts]
    >>> verdicts = relevance_rater(strict).rate([("pets", "a cat"), ("pets", "a bridge")], Asker())
    >>> [verdict.score for verdict in verdicts]
    [3, None]
    """

    name: str
    generator: PromptsToTexts
    write: Callable[[str, str], str]
    low: int
    high: int

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise InputError(f"A rater's name is one word, for columns; got {self.name!r}.")
        if not 0 <= self.low < self.high:
            raise InputError(f"A rater's range is 0 <= low < high; got {self.low} to {self.high}.")
        generator_name(self.generator)

    def rate(self, pairs: Sequence[tuple[str, str]], asker: Asker) -> list[Verdict]:
        """Rate pairs.

        Parameters
        ----------
        pairs : sequence of (query, document)
            Texts.
        asker : Asker
            Asks, and keeps the answers.

        Returns
        -------
        list of Verdict
            One a pair.

        Raises
        ------
        GenerationError
            See `Asker.ask`.
        """
        prompts = [self.write(query, document) for query, document in pairs]
        answers = asker.ask(self.generator, prompts, f"rating {self.name}")
        return [
            Verdict(prompt, answer, read_whole_number(answer, self.low, self.high))
            for prompt, answer in zip(prompts, answers, strict=True)
        ]


def relevance_rater(generator: PromptsToTexts) -> Rater:
    """Rate from 0 to 3 how well a document answers a query.

    Parameters
    ----------
    generator : callable
        Prompts to texts.

    Returns
    -------
    Rater
        Called ``relevance``.

    Examples
    --------
    >>> relevance_rater(print).high
    3
    """
    return Rater("relevance", generator, relevance_prompt, 0, 3)


def likelihood_rater(generator: PromptsToTexts) -> Rater:
    """Rate from 0 to 100 how likely a query is for somebody who looks for a document.

    Parameters
    ----------
    generator : callable
        Prompts to texts.

    Returns
    -------
    Rater
        Called ``likelihood``.

    Notes
    -----
    The generator is asked for a number; the probabilities of its tokens are not read, since an interface of
    prompts to texts has none.

    Examples
    --------
    >>> likelihood_rater(print).high
    100
    """
    return Rater("likelihood", generator, likelihood_prompt, 0, 100)


def quality_rater(generator: PromptsToTexts, examples: Sequence[Example] = QUALITY_EXAMPLES) -> Rater:
    """Rate with 1 or 0 whether a pair belongs into training data.

    Parameters
    ----------
    generator : callable
        Prompts to texts.
    examples : sequence of Example
        Shown in the prompt; best some of the data's own kind.

    Returns
    -------
    Rater
        Called ``quality``.

    Examples
    --------
    >>> quality_rater(print).high
    1
    """
    shown = tuple(examples)

    def write(query: str, document: str) -> str:
        return quality_prompt(query, document, shown)

    return Rater("quality", generator, write, 0, 1)


def read_whole_number(answer: str, low: int, high: int) -> int | None:
    r"""Read an answer that should be a whole number and nothing else.

    Parameters
    ----------
    answer : str
        Any.
    low, high : int
        Its range, both ends included.

    Returns
    -------
    int or None
        The number. None for words, signs, decimals, several numbers, or one out of range.

    Examples
    --------
    >>> read_whole_number(" 2\n", 0, 3), read_whole_number("2 of 3", 0, 3), read_whole_number("4", 0, 3)
    (2, None, None)
    """
    found = re.fullmatch("[0-9]{1,9}", answer.strip())
    return int(answer) if found and low <= int(answer) <= high else None
