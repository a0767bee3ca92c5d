"""The prompts that make and judge training data. Their wording is ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

QUERY_STYLES = (
    "a question in plain words",
    "a few keywords, as one types them into a search box",
    "a statement that somebody wants to check",
    "a request of one or two clauses that tells what it is for",
)


@dataclass(frozen=True)
class Example:
    """A pair that a quality prompt shows, with its verdict.

    Parameters
    ----------
    query, document : str
        The pair.
    is_good : bool
        Whether it belongs into training data.
    """

    query: str
    document: str
    is_good: bool


QUALITY_EXAMPLES = (
    Example(
        "how long to boil an egg", "For a soft yolk, leave the egg in boiling water for six minutes.", True
    ),
    Example("how long to boil an egg", "Eggs are laid by hens and sold by the dozen.", False),
    Example(
        "Who was the first woman in space?", "Valentina Tereshkova orbited the Earth in June 1963.", True
    ),
    Example("click here", "Home | About us | Contact | Terms of use", False),
)


def query_prompt(passage: str, style: str) -> str:
    """Ask for one search query that a passage answers.

    Parameters
    ----------
    passage : str
        What the query should find.
    style : str
        What the query should look like, such as one of ``QUERY_STYLES``.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> query_prompt("Water boils at 100 °C.", "a question").splitlines()[-1]
    'Water boils at 100 °C.'
    """
    return (
        "Somebody searches a large collection of texts, and the passage below is just what they need.\n"
        f"Write the search query that they would type: {style}.\n"
        "Stay in the passage's language. Do not copy its wording, and do not mention a passage.\n"
        "Answer with the query alone, on one line.\n\n"
        f"Passage:\n{passage}"
    )


def relevance_prompt(query: str, passage: str) -> str:
    r"""Ask for a grade from 0 to 3 of how well a passage answers a query.

    Parameters
    ----------
    query, passage : str
        What is judged.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> "Query:\nwho" in relevance_prompt("who", "nobody")
    True
    """
    return (
        "Grade how well a passage serves somebody who typed a search query.\n"
        "3: it answers the query fully\n"
        "2: it answers a part of it\n"
        "1: it is on the subject and answers nothing\n"
        "0: it has nothing to do with the query\n\n"
        f"Query:\n{query}\n\nPassage:\n{passage}\n\n"
        "Answer with the grade alone: 0, 1, 2 or 3."
    )


def likelihood_prompt(query: str, passage: str) -> str:
    """Ask how likely a query is, given that a passage is what its writer looks for.

    Parameters
    ----------
    query, passage : str
        What is judged.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> likelihood_prompt("who", "nobody").endswith("0 to 100.")
    True
    """
    return (
        "Imagine one hundred people, each of whom looks for exactly this passage:\n\n"
        f"{passage}\n\n"
        "How many of them might type the following search query, or one that means the same?\n\n"
        f"{query}\n\n"
        "Answer with a whole number alone, from 0 to 100."
    )


def quality_prompt(query: str, document: str, examples: Sequence[Example] = QUALITY_EXAMPLES) -> str:
    """Ask whether a pair belongs into training data, after some examples.

    Parameters
    ----------
    query, document : str
        The pair.
    examples : sequence of Example
        Pairs with their verdicts, shown first.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> quality_prompt("who", "nobody", [Example("a", "b", False)]).count("Verdict:")
    2
    """
    shown = [(one.query, one.document, "1" if one.is_good else "0") for one in examples]
    blocks = [
        f"Query: {left}\nDocument: {right}\nVerdict: {verdict}".rstrip()
        for left, right, verdict in [*shown, (query, document, "")]
    ]
    return (
        "Pairs of a query and a document teach a model which texts belong together. A pair is good (1) if "
        "the document gives what the query asks for and both can be understood on their own; it is bad (0) "
        "if the document misses the point, or if either is a scrap, broken or made of boilerplate.\n\n"
        + "\n\n".join(blocks)
        + "\n\nAnswer with the last verdict alone: 1 or 0."
    )


def list_prompt(subject: str, count: int, number: int, given: Mapping[str, str]) -> str:
    """Ask for a numbered list, from the common to the rare.

    Parameters
    ----------
    subject : str
        What is listed, in the plural.
    count : int
        How many entries.
    number : int
        Which list this is, from 1: other lists should differ.
    given : mapping of str to str
        What is known already: ``{"user": "a retired sailor"}``.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> list_prompt("products", 9, 1, {"user": "a sailor"}).splitlines()[0]
    'List 9 different products.'
    """
    known = "".join(f"Given {name}: {value}\n" for name, value in given.items())
    return (
        f"List {count} different {subject}.\n{known}"
        "Begin with what comes to mind first, and go on to what is rarer and rarer; let no two be alike.\n"
        f"This is list number {number}; let it differ from the lists before it.\n"
        f"Answer with one a line, as '1. ...' to '{count}. ...', and nothing else."
    )


def labelled_text_prompt(kind: str, label: str, meaning: str, given: Mapping[str, str]) -> str:
    """Ask for a text that has a label.

    Parameters
    ----------
    kind : str
        What is written, such as ``"product review"``.
    label, meaning : str
        The label, and what it says of a text.
    given : mapping of str to str
        Who writes, about what.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> labelled_text_prompt("review", "angry", "full of anger", {"user": "a cook"}).splitlines()[1]
    'user: a cook'
    """
    known = "".join(f"{name}: {value}\n" for name, value in given.items())
    return (
        f"Write a {kind}.\n{known}"
        f"Whoever reads it should find that it is: {meaning}.\n"
        f"Do not use the word {label!r}. Write as such a person would, with details, not as an advert.\n"
        "Answer with the text alone."
    )


def label_prompt(kind: str, text: str, labels: Mapping[str, str]) -> str:
    """Ask which label a text has.

    Parameters
    ----------
    kind : str
        What the text is.
    text : str
        The text.
    labels : mapping of str to str
        Each label with what it means.

    Returns
    -------
    str
        The prompt.

    Examples
    --------
    >>> label_prompt("review", "Fine.", {"good": "praise", "bad": "blame"}).splitlines()[1]
    'good: praise'
    """
    known = "\n".join(f"{label}: {meaning}" for label, meaning in labels.items())
    return (
        f"Which of these labels has the {kind} below?\n{known}\n\n{kind.capitalize()}:\n{text}\n\n"
        "Answer with one label alone, as it is written above; if none fits or several do, with the word none."
    )
