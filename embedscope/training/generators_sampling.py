"""How a generator draws its answers."""

from __future__ import annotations

from dataclasses import dataclass

from embedscope._errors import InputError


@dataclass(frozen=True)
class Sampling:
    """How a model's answers are drawn.

    Parameters
    ----------
    temperature : float
        0 takes the likeliest token each time.
    max_tokens : int, optional
        Most tokens of an answer. None: the hosted model's own limit; 256 for a local one.
    seed : int
        For what is drawn; a hosted model takes it as a wish.

    Raises
    ------
    InputError
        If ``temperature`` is negative or ``max_tokens`` less than 1.

    Examples
    --------
    >>> Sampling(temperature=0.7).label
    'temperature=0.7 seed=0'
    """

    temperature: float | int = 0.0
    max_tokens: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature < float("inf"):
            raise InputError(f"temperature must be 0 or more; got {self.temperature}.")
        if self.max_tokens is not None and self.max_tokens < 1:
            raise InputError(f"max_tokens must be 1 or more; got {self.max_tokens}.")

    @property
    def label(self) -> str:
        """What belongs into a generator's name: all of it that changes an answer."""
        parts = [f"temperature={float(self.temperature):g}"]
        if self.temperature:
            parts.append(f"seed={self.seed}")
        if self.max_tokens is not None:
            parts.append(f"max_tokens={self.max_tokens}")
        return " ".join(parts)
