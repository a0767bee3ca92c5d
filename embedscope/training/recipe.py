"""Recipe: how a net is built and trained, as JSON values that travel to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from embedscope._errors import InputError
from embedscope.training.augment import Augmentation
from embedscope.training.domain_sampler import DomainRule, Rule
from embedscope.training.fit_options import FitOptions, Precision, spread_over
from embedscope.training.samplers import BatchPlan

BestBy: TypeAlias = Literal["recall_at_1", "map_at_r"]

_LEAST = {
    "dims": 1,
    "hidden": 0,
    "image_size": 8,
    "trained_blocks": 0,
    "variants": 0,
    "cross_domain": 0,
    "steps": 1,
    "weight_decay": 0,
    "clip_norm": 0,
    "validations": 0,
    "chunk": 1,
}


@dataclass(frozen=True)
class Recipe:
    """What `train_specialist` and `distill` take beside data, backbone and loss.

    Parameters
    ----------
    label : str
        Column of the classes.
    dims : int
        Of the vectors.
    hidden : int
        Width of the head's hidden layer; 0: the head is linear, and starts from principal components.
    image_size : int, optional
        Pixels of the square that the backbone sees; its own if not given.
    trained_blocks : int, optional
        So many of the backbone's last blocks are trained with the head, and what the frozen ones give is kept
        on disk, so that an epoch costs the rest alone; 0: the last convolution and the head, of a transformer
        the head. None: all of it is trained, and images are decoded as they come.
    variants : int
        Augmented versions of each image beside the image itself. Kept on disk like the images' own features;
        where all is trained, each step draws one anew.
    crop, flip, colour : float
        See `Augmentation`.
    n_classes, per_class : int
        Classes of a batch, and items of each.
    mixed : bool
        Whether a batch is of several domains.
    cross_domain : float
        Weight of a term that keeps items of different domains apart, in batches of several.
    sampler : {"uniform", "size", "loss"}
        How the domains of batches are drawn.
    epochs : float
        How often the items are seen, by each process where there are several; early stopping can end before.
    steps : int, optional
        In place of epochs.
    rate : float
        The largest learning rate; warmed up, then a cosine to nothing.
    head_rate : float
        The head's, in multiples of ``rate``.
    weight_decay : float
        AdamW's.
    warmup : float
        Share of the steps that are the warm-up.
    clip_norm : float
        Largest norm of a step's gradient.
    validations : int
        How often to validate.
    patience : int, optional
        Validations in a row without a better measure after which to end.
    best_by : {"recall_at_1", "map_at_r"}
        The measure of the validation that tells the best step. MAP@R still tells where each item's nearest is
        right from the first step, as with few classes of many items.
    chunk : int
        Images in memory at once: a larger batch goes through the gradient cache.
    mixed_precision : {"no", "bf16", "fp16"}, optional
        By default what the GPU has; "no" on a CPU.
    device : {"cpu"}, optional
        "cpu" leaves a GPU alone.
    seed : int
        Of the head, the batches and the augmentation.
    """

    label: str = "label"
    dims: int = 64
    hidden: int = 0
    image_size: int | None = None
    trained_blocks: int | None = 1
    variants: int = 3
    crop: float | int = 0.6
    flip: float | int = 0.0
    colour: float | int = 0.2
    n_classes: int = 32
    per_class: int = 4
    mixed: bool = False
    cross_domain: float | int = 0.0
    sampler: Rule = "uniform"
    epochs: float | int = 10
    steps: int | None = None
    rate: float = 3e-4
    head_rate: float | int = 3.0
    weight_decay: float | int = 0.01
    warmup: float | int = 0.1
    clip_norm: float | int = 5.0
    validations: int = 10
    patience: int | None = None
    best_by: BestBy = "recall_at_1"
    chunk: int = 256
    mixed_precision: Precision | None = None
    device: Literal["cpu"] | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        given = {name: getattr(self, name) for name in _LEAST}
        wrong = [name for name, value in given.items() if value is not None and value < _LEAST[name]]
        if wrong:
            raise InputError(f"{wrong[0]}={given[wrong[0]]} came; wanted {_LEAST[wrong[0]]} or more.")
        if not (self.rate > 0 and self.head_rate > 0 and self.epochs > 0 and 0 <= self.warmup < 1):
            raise InputError(
                f"rate={self.rate:g}, head_rate={self.head_rate:g}, epochs={self.epochs:g}, "
                f"warmup={self.warmup:g} came; wanted positive numbers, and a warm-up below 1."
            )
        if self.cross_domain and not self.mixed:
            raise InputError("cross_domain needs batches of several domains: mixed=True.")
        # What they make checks the others.
        _ = self.plan, self.augmentation, self.fit_options(1)

    @classmethod
    def of(cls, options: Mapping[str, Any], **defaults: Any) -> Recipe:
        """Make a recipe of options by name.

        Parameters
        ----------
        options : mapping
            Fields of a recipe.
        **defaults
            Fields that are not in the options.

        Returns
        -------
        Recipe
            The rest as it is by default.

        Raises
        ------
        InputError
            If an option is no field.

        Examples
        --------
        >>> Recipe.of({"dims": 32}, mixed=True).dims
        32
        """
        names = [each.name for each in fields(cls)]
        unknown = [name for name in options if name not in names]
        if unknown:
            raise InputError(f"Training has no option {unknown[0]!r}. It has: {', '.join(names)}.")
        return cls(**{**defaults, **options})

    @property
    def plan(self) -> BatchPlan:
        """The shape of its batches."""
        return BatchPlan(self.n_classes, self.per_class, self.mixed, DomainRule(self.sampler, every=100))

    @property
    def augmentation(self) -> Augmentation:
        """How images are changed."""
        return Augmentation(self.crop, self.flip, self.colour, self.seed)

    def n_steps(self, n_items: int) -> int:
        """Count the steps.

        Parameters
        ----------
        n_items : int
            To train on.

        Returns
        -------
        int
            At least 1.

        Examples
        --------
        >>> Recipe(epochs=2, n_classes=16, per_class=2).n_steps(320)
        20
        """
        size = min(self.plan.size, n_items)
        return self.steps or max(1, round(self.epochs * n_items / size))

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
            watch=self.best_by,
            device=self.device,
        )
