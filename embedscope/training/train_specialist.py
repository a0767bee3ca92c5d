"""train_specialist: a net for one visual domain, from its images and their classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embedscope._errors import InputError, unknown_name
from embedscope.training.gathered import gather
from embedscope.training.new_run import backbone_name, begin
from embedscope.training.recipe import Recipe
from embedscope.training.run import Run
from embedscope.training.specialist_job import SpecialistJob
from embedscope.training.training_data import LABEL


def train_specialist(
    items: Any,
    backbone: Any = "efficientnet_lite0",
    loss: str = "proxy_anchor",
    *,
    validation: Any = 0.2,
    loss_options: dict[str, Any] | None = None,
    folder: str | Path | None = None,
    **recipe: Any,
) -> Run:
    """Train a net that tells the classes of images apart; returns at once.

    With the images of several domains it is one net for all of them, fused.

    Parameters
    ----------
    items : Items, what `embedscope.load_items` takes, or mapping of domain to either
        Labelled images. A single one is split by its column ``domain`` where it has one.
    backbone : str or Path
        A timm name, packaged or on the hub; "open_clip:" and a name or folder of open_clip; or the folder of
        a net to go on from.
    loss : str
        ``"proxy_anchor"``, ``"normalised_softmax"``, ``"arcface"``, ``"cosface"``, ``"proxy_nca"`` or
        ``"soft_triple"``, of pytorch-metric-learning.
    validation : float, None, or as ``items``
        A share of the classes, held out; or items of other classes. The best validation's weights are kept.
    loss_options : dict, optional
        Of the loss, for example ``margin``.
    folder : str or Path, optional
        Of the run; by default one below ``runs`` that belongs to just these items and options, so that the
        same call finds the run again.
    **recipe
        Fields of `Recipe`: ``label``, ``image_size``, ``trained_blocks``, ``epochs``, ``rate``, ``seed``, ...

    Returns
    -------
    Run
        It works in a process of its own; ``run.wait()`` waits, ``run.model`` is the encoder.

    Raises
    ------
    InputError
        If items have no classes, an option is unknown, or the folder has a run of something else.
    MissingError
        If there is no such loss or backbone.

    Notes
    -----
    Batches are balanced by class. Batch norms stay as they are. The net of the best mean Recall@1 over the
    domains is left in ``run.folder.model``, as safetensors and config.json.

    Examples
    --------
    >>> run = train_specialist("logos", epochs=5)  # doctest: +SKIP
    >>> run.wait(), run.model  # doctest: +SKIP
    """
    # Imports torch, and says early what is wrong.
    from embedscope.training.specialist_losses import SPECIALIST_LOSSES, SpecialistLoss

    if loss not in SPECIALIST_LOSSES:
        raise unknown_name("specialist loss", loss, SPECIALIST_LOSSES)
    SpecialistLoss(loss, 2, 2, **(loss_options or {}))
    asked = Recipe.of(recipe)
    gathered = gather(items, validation, asked.label, seed=asked.seed)
    # One net for all domains learns them side by side.
    chosen = Recipe.of(recipe, mixed=len(gathered.train) > 1)
    if chosen.mixed and chosen.sampler == "loss":
        raise InputError(
            "One loss over the classes of all domains is no domain's own: sampler='loss' needs mixed=False."
        )
    for name, part in gathered.train.items():
        if len(set(part.column(LABEL))) < 2:
            raise InputError(f"The items of {name!r} are all of one class: there is nothing to tell apart.")
    data = gathered.joined()
    job = SpecialistJob(data.fingerprint, backbone_name(backbone), loss, dict(loss_options or {}), chosen)
    return begin(job, folder, data.save)
