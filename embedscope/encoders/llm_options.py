"""What makes an embedder of a decoder, in one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from embedscope._errors import InputError, unknown_name

LLMPooling = Literal["mean", "lasttoken"]
# Ours: most passages end before, and time grows with it.
DEFAULT_MAX_LENGTH = 512


@dataclass(frozen=True)
class LLMOptions:
    """How a decoder becomes a text embedder.

    Parameters
    ----------
    bidirectional : bool
        Whether a token sees those after it.
    pooling : {"mean", "lasttoken"}
        How a text's hidden states become one vector.
    projection : int, optional
        Length of the vectors after a linear layer without bias that is drawn at random; without one a vector
        is as long as a hidden state.
    layers : int, optional
        Keep only so many blocks, the first ones.
    max_length : int, optional
        Tokens a text at most; 512, or fewer where the decoder or its tokenizer takes fewer.
    prompts : mapping of str to str, optional
        Task to what goes before a query; ``"query"`` is for queries without a task. Never before a document.
    seed : int
        Of all that is drawn: the projection, LoRA's matrices.
    lora : int, optional
        Rank of a LoRA adapter on every linear layer; all else but the projection is frozen.
    dtype : {"float32", "auto"}
        Of the weights; ``"auto"`` as they were saved.
    """

    bidirectional: bool = True
    pooling: str = "mean"
    projection: int | None = None
    layers: int | None = None
    max_length: int | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    lora: int | None = None
    dtype: str = "float32"

    def __post_init__(self) -> None:
        if self.pooling not in get_args(LLMPooling):
            raise unknown_name("pooling of a decoder", self.pooling, get_args(LLMPooling))
        if self.dtype not in ("float32", "auto"):
            raise unknown_name("dtype of a decoder's weights", self.dtype, ("float32", "auto"))
        for name in ("projection", "layers", "max_length", "lora"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"{name}={value} came; it must be at least 1.")
        if self.prompts.get("document"):
            raise InputError(
                "A prompt for documents came; of a decoder only queries have one. "
                "Leave 'document' out of prompts."
            )

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any], name: str) -> LLMOptions:
        """Make the record of options by name; None means the default.

        Parameters
        ----------
        given : mapping
            Option to value.
        name : str
            The decoder's name, for the error.

        Returns
        -------
        LLMOptions
            Checked.

        Raises
        ------
        InputError
            If there is no such option.

        Examples
        --------
        >>> LLMOptions.from_mapping({"layers": 8, "pooling": None}, "llm:smollm2").pooling
        'mean'
        """
        known = [option.name for option in fields(cls)]
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise InputError(f"{name} has no option {unknown[0]!r}. It has: {', '.join(known)}.")
        return cls(**{key: value for key, value in given.items() if value is not None})
