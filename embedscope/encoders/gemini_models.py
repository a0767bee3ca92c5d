"""The hosted Gemini models: what they take, and how a task is said to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from embedscope.encoders.checks import refuse_task
from embedscope.encoders.protocol import Role
from embedscope.items.payloads import Modality

SMALLEST_DIMS, LARGEST_DIMS = 128, 3072
LICENCE = "Gemini API terms of service"

_SIDES: Mapping[str, Role] = {"retrieval_query": "query", "retrieval_document": "document"}
# Whose documents are those of any retrieval.
_QUESTIONS = frozenset({"code_retrieval_query", "question_answering", "fact_verification"})
_PREFIXES: Mapping[str, str] = {
    "retrieval_query": "task: search result | query: ",
    "retrieval_document": "title: none | text: ",
    "semantic_similarity": "task: sentence similarity | query: ",
    "classification": "task: classification | query: ",
    "clustering": "task: clustering | query: ",
    "code_retrieval_query": "task: code retrieval | query: ",
    "question_answering": "task: question answering | query: ",
    "fact_verification": "task: fact checking | query: ",
}
TASKS = tuple(_PREFIXES)


@dataclass(frozen=True)
class Wording:
    """How the same texts are sent for different ends.

    Parameters
    ----------
    task_type : str, optional
        The field of that name.
    prefix : str
        What goes before each text.
    """

    task_type: str | None = None
    prefix: str = ""


@dataclass(frozen=True)
class GeminiModel:
    """A hosted model, as far as it is known unseen.

    Parameters
    ----------
    name : str
        Its name in the API.
    modalities : frozenset of {"text", "image"}
        What it takes.
    max_tokens : int
        Most tokens of an item.
    prefixes : bool
        Whether a task is said in front of the text; else in a field.
    about : str
        One line.
    """

    name: str
    modalities: frozenset[Modality]
    max_tokens: int
    prefixes: bool
    about: str

    @property
    def prompts(self) -> Mapping[str, str]:
        """The prefixes by task; empty where tasks have a field."""
        return _PREFIXES if self.prefixes else {}

    def wording(self, role: Role | None, task: str | None) -> Wording:
        """Say a task as the model wants it said.

        Parameters
        ----------
        role : {"query", "document"}, optional
            Chooses the side of a retrieval.
        task : str, optional
            One of `TASKS`, or the API's own name of it in capitals.

        Returns
        -------
        Wording
            Field and prefix; nothing of both where there is neither role nor task.

        Raises
        ------
        MissingError
            If there is no such task; the choices are listed.

        Examples
        --------
        >>> MODELS["gemini-embedding-001"].wording("document", "QUESTION_ANSWERING").task_type
        'RETRIEVAL_DOCUMENT'
        >>> MODELS["gemini-embedding-2"].wording(None, "clustering").prefix
        'task: clustering | query: '
        """
        chosen = task.lower() if task is not None and task.isupper() else task
        refuse_task(chosen, f"gemini:{self.name}", TASKS)
        known = _with_side(chosen, role)
        if known is None:
            return Wording()
        return Wording(prefix=_PREFIXES[known]) if self.prefixes else Wording(task_type=known.upper())


def _with_side(task: str | None, role: Role | None) -> str | None:
    """Let a role choose the side of a retrieval; other tasks have one side only."""
    if task is None or task in _SIDES:
        return task if role is None else f"retrieval_{role}"
    return "retrieval_document" if task in _QUESTIONS and role == "document" else task


MODELS: Mapping[str, GeminiModel] = {
    model.name: model
    for model in (
        GeminiModel(
            "gemini-embedding-001",
            frozenset({"text"}),
            2048,
            prefixes=False,
            about="Google's hosted model, 2,048 tokens, dims= 128 to 3072; needs a key",
        ),
        GeminiModel(
            "gemini-embedding-2",
            frozenset({"text", "image"}),
            8192,
            prefixes=True,
            about="Google's hosted model, 8,192 tokens, dims= 128 to 3072; needs a key",
        ),
    )
}
