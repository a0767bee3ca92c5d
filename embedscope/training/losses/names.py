"""The distillation losses by their names.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from embedscope._errors import InputError, unknown_name
from embedscope.training.losses.absolute import AbsoluteLoss, AbsoluteOptions
from embedscope.training.losses.divergences import DivergenceLoss, DivergenceOptions, JsLoss, ReverseKlLoss
from embedscope.training.losses.embedding import EmbeddingLoss, EmbeddingOptions
from embedscope.training.losses.loss import DistillationLoss
from embedscope.training.losses.pkt import PktLoss, PktOptions
from embedscope.training.losses.rkd import RkdLoss, RkdOptions
from embedscope.training.losses.setting import Setting
from embedscope.training.losses.similarity import SimilarityLoss, SimilarityOptions
from embedscope.training.losses.udon import UdonLoss, UdonOptions
from embedscope.training.losses.unic import UnicLoss, UnicOptions


@dataclass(frozen=True)
class _Named:
    loss: Callable[[Setting, Any], DistillationLoss]
    options: type[Any]


LOSSES = {
    "absolute": _Named(AbsoluteLoss, AbsoluteOptions),
    "embedding": _Named(EmbeddingLoss, EmbeddingOptions),
    "js": _Named(JsLoss, DivergenceOptions),
    "kl": _Named(DivergenceLoss, DivergenceOptions),
    "pkt": _Named(PktLoss, PktOptions),
    "reverse_kl": _Named(ReverseKlLoss, DivergenceOptions),
    "rkd": _Named(RkdLoss, RkdOptions),
    "similarity": _Named(SimilarityLoss, SimilarityOptions),
    "udon": _Named(UdonLoss, UdonOptions),
    "unic": _Named(UnicLoss, UnicOptions),
}


def make_loss(name: str, setting: Setting, **options: Any) -> DistillationLoss:
    """Make a distillation loss by its name.

    Parameters
    ----------
    name : str
        ``"kl"``, ``"reverse_kl"``, ``"js"``, ``"absolute"``, ``"rkd"``, ``"pkt"``, ``"similarity"``,
        ``"embedding"``, ``"udon"`` or ``"unic"``.
    setting : Setting
        The student and the specialists.
    **options
        The fields of the loss's options.

    Returns
    -------
    DistillationLoss
        Its parameters, where it has some, have to be optimised with the student's.

    Raises
    ------
    MissingError
        If no loss is called so.
    InputError
        If the loss has no such option.

    Examples
    --------
    >>> import numpy as np
    >>> make_loss("rkd", Setting(2, (np.eye(2, dtype=np.float32),)), angles=0).options
    RkdOptions(distances=25.0, angles=0)
    """
    check_options(name, options)
    named = LOSSES[name]
    return named.loss(setting, named.options(**options))


def check_options(name: str, options: Mapping[str, Any]) -> None:
    """Refuse a loss or an option that is not there; nothing is made.

    Parameters
    ----------
    name : str
        See `make_loss`.
    options : mapping
        Its options.

    Raises
    ------
    MissingError
        If no loss is called so.
    InputError
        If the loss has no such option.

    Examples
    --------
    >>> check_options("kl", {"over": "pairs"})
    """
    if name not in LOSSES:
        raise unknown_name("distillation loss", name, LOSSES)
    known = [each.name for each in fields(LOSSES[name].options)]
    unknown = [option for option in options if option not in known]
    if unknown:
        raise InputError(
            f"The loss {name!r} has no option {unknown[0]!r}. It has: {', '.join(known) or 'none'}."
        )
