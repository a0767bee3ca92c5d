"""Generators: prompts in, texts out. A hosted model, a local one, or any callable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from embedscope._errors import EmbedscopeError, InputError

PromptsToTexts: TypeAlias = Callable[[Sequence[str]], Sequence[str]]


class GenerationError(EmbedscopeError, RuntimeError):
    """A generator failed, or answered other than it was asked.

    Parameters
    ----------
    message : str
        What happened.
    answers : mapping of int to str, optional
        The answers that were there before it failed, by the place of their prompt: they are kept.
    """

    def __init__(self, message: str, answers: Mapping[int, str] | None = None) -> None:
        super().__init__(message)
        self.answers = dict(answers or {})


@runtime_checkable
class Generator(Protocol):
    """Anything that answers prompts; a plain function of prompts will do as well."""

    @property
    def name(self) -> str:
        """What answers: kept answers are found again by it, so all that changes an answer belongs in it."""
        ...

    def __call__(self, prompts: Sequence[str]) -> Sequence[str]:
        """Answer prompts, one text each, in their order.

        Parameters
        ----------
        prompts : sequence of str
            Each on its own.

        Returns
        -------
        sequence of str
            As many as prompts; an empty text where there is no answer.
        """
        ...


@dataclass(frozen=True)
class NamedGenerator:
    """A function of prompts under a name of one's own.

    Parameters
    ----------
    name : str
        For records and kept answers: another function needs another name.
    function : callable
        Takes a list of prompts and gives as many texts.

    Examples
    --------
    >>> shout = NamedGenerator("upper case", lambda prompts: [prompt.upper() for prompt in prompts])
    >>> shout(["a"]), isinstance(shout, Generator)
    (['A'], True)
    """

    name: str
    function: PromptsToTexts

    def __call__(self, prompts: Sequence[str]) -> Sequence[str]:
        """Call the function.

        Parameters
        ----------
        prompts : sequence of str
            What is asked.

        Returns
        -------
        sequence of str
            What it gives.
        """
        return self.function(prompts)


def generator_name(generator: PromptsToTexts) -> str:
    """Name a generator for records: by its own name, or by that of the function.

    Parameters
    ----------
    generator : callable
        A `Generator` or a function.

    Returns
    -------
    str
        Such as ``"gemini:gemini-2.5-flash"`` or ``"notebook.write"``.

    Raises
    ------
    InputError
        If it has no name that tells it from others.

    Examples
    --------
    >>> generator_name(NamedGenerator("mine", list))
    'mine'
    """
    name = getattr(generator, "name", None)
    if isinstance(name, str) and name:
        return name
    function = getattr(generator, "__qualname__", "")
    if function and "<lambda>" not in function:
        return f"{generator.__module__}.{function}"
    raise InputError(
        f"The generator {type(generator).__name__} has no name, and what it makes is kept with one. "
        "Give it an attribute name, or write NamedGenerator('a name', function)."
    )


def generate(generator: PromptsToTexts, prompts: Sequence[str]) -> list[str]:
    """Ask a generator, and check that each prompt has its answer.

    Parameters
    ----------
    generator : callable
        A `Generator` or a function.
    prompts : sequence of str
        What is asked.

    Returns
    -------
    list of str
        One a prompt. What UTF-8 cannot write (lone surrogates) stands as a question mark.

    Raises
    ------
    GenerationError
        If there are more or fewer answers than prompts, or one is no text.

    Examples
    --------
    >>> generate(NamedGenerator("lengths", lambda prompts: [str(len(p)) for p in prompts]), ["abc"])
    ['3']
    """
    if isinstance(prompts, str):
        raise InputError("A list of prompts was wanted; a single text came. Put it in a list: [prompt].")
    answers = generator(list(prompts))
    if isinstance(answers, str) or not isinstance(answers, Sequence):
        raise GenerationError(
            f"{generator_name(generator)} gave a {type(answers).__name__}; wanted a list of texts."
        )
    if len(answers) != len(prompts):
        raise GenerationError(
            f"{generator_name(generator)} gave {len(answers):,} answers for {len(prompts):,} prompts; wanted "
            "one a prompt, in their order. None of these is used."
        )
    for place, answer in enumerate(answers):
        if not isinstance(answer, str):
            raise GenerationError(
                f"{generator_name(generator)} gave a {type(answer).__name__} for prompt {place}; wanted a "
                "text, which may be empty."
            )
    return [as_utf8(answer) for answer in answers]


def as_utf8(text: str) -> str:
    r"""Write a text so that every file and table takes it.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        The same, with a question mark for each lone surrogate.

    Examples
    --------
    >>> as_utf8("a\ud800")
    'a?'
    """
    return text.encode("utf-8", "replace").decode()
