"""distill: specialists, each of its own visual domain, into one universal net."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.training.distill_job import DistillJob
from embedscope.training.gathered import gather
from embedscope.training.losses_json import options_to_json
from embedscope.training.new_run import backbone_name, begin
from embedscope.training.recipe import Recipe
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder
from embedscope.training.teachers import as_teacher, keep_teachers
from embedscope.training.training_data import LABEL


def distill(
    specialists: Mapping[str, Any],
    items: Any,
    student: Any = "efficientnet_lite0",
    loss: str = "kl",
    *,
    bandwidth: Bandwidth | None = None,
    validation: Any = 0.2,
    loss_options: Mapping[str, Any] | None = None,
    folder: str | Path | None = None,
    **recipe: Any,
) -> Run:
    """Distil specialists into one net that sees each domain as its specialist does; returns at once.

    Parameters
    ----------
    specialists : mapping of str to encoder
        For each domain a name of `embedscope.load_encoder`, the folder of a net, a `Run` that trained one, an
        encoder, or a `Space` of the items' vectors.
    items : mapping of str to Items, or Items
        Images of each domain; a single one is split by its column ``domain``.
    student : str or Path
        A timm name, packaged or on the hub; "open_clip:" and a name or folder of open_clip; or the folder of
        a net to go on from.
    loss : str
        ``"kl"``, ``"reverse_kl"``, ``"js"``, ``"absolute"``, ``"rkd"``, ``"pkt"``, ``"similarity"``,
        ``"embedding"``, ``"udon"`` or ``"unic"``.
    bandwidth : Bandwidth, optional
        Of the specialists' distributions, for the first three; calibrated for each specialist.
    validation : float, None, or as ``items``
        A share of the classes of each domain, held out; or items of other classes. The best validation's
        weights are kept.
    loss_options : mapping, optional
        Of the loss, for example ``student_bandwidth`` or ``metric``.
    folder : str or Path, optional
        Of the run; by default one below ``runs`` that belongs to just these items and options, so that the
        same call finds the run again.
    **recipe
        Fields of `Recipe`: ``label`` (batches are balanced by classes; without that column every item stands
        for itself, and no classes are held out), ``sampler``, ``mixed``, ``cross_domain``, ``image_size``,
        ``trained_blocks``, ``epochs``, ``rate``, ...

    Returns
    -------
    Run
        It works in a process of its own; ``run.wait()`` waits, ``run.model`` is the encoder.

    Raises
    ------
    InputError
        If a specialist has no items of its domain, ids do not match, or an option is unknown.
    MissingError
        If there is no such loss, encoder or backbone.

    Notes
    -----
    Specialists run once, through the store. Pairs of items of different domains are masked out. The student
    sees augmented images, the specialists the images as they are.

    References
    ----------
    After Feng et al. 2020, arXiv 2003.03701, of which only the abstract was read.

    Examples
    --------
    >>> run = distill({"emoji": a, "logos": b}, {"emoji": x, "logos": y})  # doctest: +SKIP
    """
    # Imports torch, and says early what is wrong.
    from embedscope.training.losses.names import check_options

    options = dict(loss_options or {})
    if bandwidth is not None:
        options["bandwidth"] = bandwidth
    check_options(loss, options)
    if not specialists:
        raise InputError("No specialist came: give {domain: encoder}, one or more.")
    domains = tuple(map(str, specialists))
    chosen = Recipe.of(recipe)
    # A column that was named on purpose must be there.
    is_named = chosen.label != LABEL
    gathered = gather(
        items, validation, chosen.label, domains=domains, seed=chosen.seed, needs_labels=is_named
    )
    if loss == "udon" and not gathered.has_labels:
        raise InputError(f"The loss 'udon' classifies, and the items have no column {chosen.label!r}.")
    teachers = {
        name: as_teacher(specialist, name, gathered)
        for name, specialist in zip(domains, specialists.values(), strict=True)
    }
    data = gathered.joined()
    job = DistillJob(
        data.fingerprint,
        {name: teacher.source for name, teacher in teachers.items()},
        backbone_name(student),
        loss,
        options_to_json(options),
        chosen,
    )

    def prepare(path: Path) -> None:
        data.save(path)
        keep_teachers(teachers, RunFolder(path).teachers)

    return begin(job, folder, prepare)
