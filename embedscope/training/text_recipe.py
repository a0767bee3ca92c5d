"""TextRecipe: how a text embedder is finetuned, as JSON values that travel to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from embedscope._errors import InputError
from embedscope.training.fit_options import FitOptions, Precision, spread_over

_LEAST = {
    "batch_size": 2,
    "negatives": 0,
    "chunk": 1,
    "max_length": 2,
    "steps": 1,
    "validations": 0,
    "lora": 1,
    "layers": 1,
    "projection": 1,
    "hardness": 0,
    "spread_out": 0,
    "weight_decay": 0,
    "clip_norm": 0,
}


@dataclass(frozen=True)
class Stage:
    """One part of a training: its data, its length and its rate.

    Parameters
    ----------
    steps : int
        How many.
    sources : dict of str to float
        Names of pairs and how often each gives a batch, relative to the others; empty: all by their sizes.
    rate : float
        The largest learning rate; warmed up, then a cosine to nothing.
    batch_size : int
        Pairs of a batch, all of one source.
    negatives : int
        Most hard negatives of a query, of those that its pairs name.
    """

    steps: int
    sources: dict[str, float | int] = field(default_factory=dict)
    rate: float = 1e-4
    batch_size: int = 64
    negatives: int = 1

    def __post_init__(self) -> None:
        _check_least(self, "steps", "batch_size", "negatives")
        if not self.rate > 0:
            raise InputError(f"rate={self.rate:g} came; wanted a positive number.")
        if self.sources and not all(rate > 0 for rate in self.sources.values()):
            raise InputError(f"The rates of the sources are {self.sources}; wanted positive numbers.")


@dataclass(frozen=True)
class TextRecipe:
    """What `finetune` takes beside the encoder and its pairs.

    What Gemini Embedding's authors do not publish (temperature, rates, batch sizes, steps) is ours.

    Parameters
    ----------
    dims : tuple of int
        Prefixes of the vector that are trained beside the whole; empty: the whole alone.
    temperature : float
        Divides the cosine similarities.
    masked : bool
        Whether equal queries and equal documents of a batch are kept out of each other's negatives.
    negatives : int
        Most hard negatives of a query, of those that its pairs name.
    hardness : float
        Weight exp(hardness · similarity) of a hard negative, gradient stopped; 0: all weigh one.
    spread_out : float
        Weight of the term that pushes different items apart, on both sides.
    bidirectional : bool
        Of an LLM: whether each token sees those behind it.
    pooling : {"mean", "lasttoken"}
        Of an LLM.
    projection : int, optional
        Of an LLM: width of the linear layer behind the pooling; none if not given.
    layers : int, optional
        Of an LLM: so many of its first blocks are used; all of them if not given.
    lora : int, optional
        Of an LLM: rank of low-rank updates in place of all parameters; all are trained if not given.
    max_length : int
        Most tokens of a text.
    batch_size : int
        Pairs of a batch, all of one source.
    steps : int
        In all; stages have their own.
    rate : float
        The largest learning rate; warmed up, then a cosine to nothing, in each stage.
    weight_decay : float
        AdamW's.
    warmup : float
        Share of a stage's steps that are the warm-up.
    clip_norm : float
        Largest norm of a step's gradient.
    validations : int
        How often to validate.
    patience : int, optional
        Validations in a row without a better measure after which to end.
    chunk : int
        Texts in memory at once: a larger batch goes through the gradient cache.
    mixed_precision : {"no", "bf16", "fp16"}, optional
        By default what the GPU has; "no" on a CPU.
    device : {"cpu"}, optional
        "cpu" leaves a GPU alone.
    seed : int
        Of the projection, the updates and the batches.
    """

    dims: tuple[int, ...] = ()
    temperature: float = 0.05
    masked: bool = True
    negatives: int = 1
    hardness: float | int = 0.0
    spread_out: float | int = 0.0
    bidirectional: bool = True
    pooling: Literal["mean", "lasttoken"] = "mean"
    projection: int | None = None
    layers: int | None = None
    lora: int | None = None
    max_length: int = 128
    batch_size: int = 64
    steps: int = 500
    rate: float = 1e-4
    weight_decay: float | int = 0.01
    warmup: float | int = 0.1
    clip_norm: float | int = 1.0
    validations: int = 10
    patience: int | None = None
    chunk: int = 64
    mixed_precision: Precision | None = None
    device: Literal["cpu"] | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        _check_least(self, *_LEAST)
        if not (self.temperature > 0 and self.rate > 0 and 0 <= self.warmup < 1):
            raise InputError(
                f"temperature={self.temperature:g}, rate={self.rate:g}, warmup={self.warmup:g} came; wanted "
                "positive numbers, and a warm-up below 1."
            )
        if any(dims < 1 for dims in self.dims):
            raise InputError(f"dims={self.dims} came; wanted lengths of prefixes, 1 or more each.")
        # What it makes checks the others.
        _ = self.fit_options(1)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> TextRecipe:
        """Make a recipe of options by name.

        Parameters
        ----------
        options : mapping
            Fields of a recipe; ``dims`` may be any sequence.

        Returns
        -------
        TextRecipe
            The rest as it is by default.

        Raises
        ------
        InputError
            If an option is no field.

        Examples
        --------
        >>> TextRecipe.of({"dims": [32, 64]}).dims
        (32, 64)
        """
        names = [each.name for each in fields(cls)]
        unknown = [name for name in options if name not in names]
        if unknown:
            raise InputError(f"Finetuning has no option {unknown[0]!r}. It has: {', '.join(names)}.")
        return cls(**{**options, "dims": tuple(options.get("dims", ()))})

    def stage(self, **differences: Any) -> Stage:
        """Give a stage that is as the recipe says, but for what differs.

        Parameters
        ----------
        **differences
            Fields of `Stage`.

        Returns
        -------
        Stage
            With the recipe's steps, rate, batch size and negatives where nothing else is said.

        Raises
        ------
        InputError
            If a stage has no such field.

        Examples
        --------
        >>> TextRecipe(steps=30).stage(rate=1e-3)
        Stage(steps=30, sources={}, rate=0.001, batch_size=64, negatives=1)
        """
        names = [each.name for each in fields(Stage)]
        unknown = [name for name in differences if name not in names]
        if unknown:
            raise InputError(f"A stage has no option {unknown[0]!r}. It has: {', '.join(names)}.")
        plain = Stage(self.steps, {}, self.rate, self.batch_size, self.negatives)
        return replace(plain, **differences)

    def fit_options(self, steps: int, *, validates: bool = True) -> FitOptions:
        """Give the loop its options.

        Parameters
        ----------
        steps : int
            In all.
        validates : bool
            Whether there is something to validate on.

        Returns
        -------
        FitOptions
            A validation ends in a checkpoint where it is the best; there are as many others.
        """
        return spread_over(
            steps,
            self.validations if validates else 0,
            mixed_precision=self.mixed_precision,
            clip_norm=self.clip_norm,
            patience=self.patience,
            device=self.device,
        )


def _check_least(given: object, *names: str) -> None:
    values = {name: getattr(given, name) for name in names}
    wrong = [name for name, value in values.items() if value is not None and value < _LEAST[name]]
    if wrong:
        raise InputError(f"{wrong[0]}={values[wrong[0]]} came; wanted {_LEAST[wrong[0]]} or more.")
