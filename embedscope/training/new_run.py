"""Where a new run lies, and under which name a backbone travels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope._hashing import hash_record
from embedscope.training.jobs import Job, to_config
from embedscope.training.run import Run
from embedscope.training.start import start

RUNS = "runs"
_SHORT = 8


def begin(job: Job, folder: str | Path | None, prepare: Callable[[Path], None]) -> Run:
    """Begin a job in its folder, or find it there.

    Parameters
    ----------
    job : Job
        Of a registered class.
    folder : str or Path, optional
        By default one below ``runs`` that belongs to the job and its options alone.
    prepare : callable
        Writes what the job needs into the new folder.

    Returns
    -------
    Run
        The run.

    Raises
    ------
    InputError
        If the folder has a run of something else, or holds files that are no run.
    """
    config = to_config(job)
    chosen = folder or Path(RUNS) / f"{config['job']}-{hash_record(config)[:_SHORT]}"
    return start(job, chosen, prepare)


def backbone_name(backbone: Any) -> str:
    """Give a backbone the name that its worker loads.

    Parameters
    ----------
    backbone : str or Path
        A name of timm or of open_clip, or the folder of a net.

    Returns
    -------
    str
        The name, or "trained:" and the folder.

    Raises
    ------
    InputError
        If it is something else.
    MissingError
        If there is no such architecture.
    """
    if isinstance(backbone, Run):
        return f"trained:{backbone.folder.model.absolute()}"
    if isinstance(backbone, Path) or (isinstance(backbone, str) and Path(backbone).is_dir()):
        return f"trained:{Path(backbone).expanduser().absolute()}"
    if not isinstance(backbone, str):
        raise InputError(
            f"A backbone of type {type(backbone).__name__} came; wanted a name of timm or "
            "open_clip, or the folder of a net."
        )
    if not backbone.startswith("trained:"):
        from embedscope.encoders.backbones import check_backbone

        check_backbone(backbone)
    scheme, _, place = backbone.partition(":")
    is_folder = scheme == "open_clip" and Path(place).is_dir()
    # The worker may look from elsewhere.
    return f"{scheme}:{Path(place).absolute()}" if is_folder else backbone
