"""finetune: a text embedder from pairs of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedscope._errors import InputError, unknown_name
from embedscope.encoders.load import check_name
from embedscope.items.pairs import Pairs
from embedscope.training.finetune_job import FinetuneJob
from embedscope.training.new_run import begin
from embedscope.training.pair_data import PairData
from embedscope.training.pair_sources import named_pairs
from embedscope.training.run import Run
from embedscope.training.text_recipe import TextRecipe

_HELD_OUT = 0.05


def finetune(
    encoder: Any,
    pairs: Any,
    *,
    stages: Sequence[Mapping[str, Any]] = (),
    validation: Any = _HELD_OUT,
    prompts: Mapping[str, str] | None = None,
    folder: str | Path | None = None,
    **recipe: Any,
) -> Run:
    """Train a text embedder on pairs of texts that belong together; returns at once.

    A decoder LLM becomes an embedder as Gemini Embedding does: attention in both directions, mean pooling,
    the masked contrastive loss over a batch of one source, with hard negatives and Matryoshka prefixes.

    Parameters
    ----------
    encoder : str, Path or Run
        ``"llm:"`` and a decoder (a folder, a GGUF file, a name on the hub, or ``"llm:smollm2"``); a
        sentence-transformers model by its name or folder; or an earlier run, to go on from.
    pairs : Pairs, what `embedscope.load_pairs` takes, or mapping of source to either
        What is learned from. A column ``label`` of the matches says which documents count as one.
    stages : sequence of mapping, optional
        Fields of `Stage` that differ from the recipe: pre-finetuning on everything with large batches, then
        a mixture with hard negatives. One stage if not given.
    validation : float, None, or as ``pairs``
        A share of each source's pairs, held out so that no text is on both sides; or other pairs. The model
        of the best mean Recall@1 is kept.
    prompts : mapping of str to str, optional
        What goes before the queries of each source; the model keeps them by these names.
    folder : str or Path, optional
        Of the run; by default one below ``runs`` that belongs to just these pairs and options.
    **recipe
        Fields of `TextRecipe`: ``dims``, ``layers``, ``lora``, ``steps``, ``rate``, ``batch_size``, ...

    Returns
    -------
    Run
        It works in a process of its own; ``run.wait()`` waits, ``run.model`` is the encoder.

    Raises
    ------
    InputError
        If there is nothing to learn from, an option is unknown, or the folder has a run of something else.
    MissingError
        If there is no such encoder, or a stage or a prompt names a source that is not there.

    References
    ----------
    Lee et al. 2025, arXiv 2503.07891.

    Examples
    --------
    >>> run = finetune("llm:smollm2", "docstrings", layers=8, steps=200)  # doctest: +SKIP
    >>> run.wait(), run.model  # doctest: +SKIP
    """
    chosen = TextRecipe.of(recipe)
    train, held = _parts(pairs, validation, chosen.seed)
    data = PairData.of(train, held)
    named = tuple(chosen.stage(**stage) for stage in (stages or ({},)))
    for stage in named:
        _check_sources(stage.sources, data.sources)
    _check_sources(prompts or {}, data.sources)
    job = FinetuneJob(data.fingerprint, _name(encoder), named, dict(prompts or {}), chosen)
    return begin(job, folder, data.save)


def _parts(pairs: Any, validation: Any, seed: int) -> tuple[dict[str, Pairs], dict[str, Pairs]]:
    named = named_pairs(pairs)
    if validation is None:
        return named, {}
    if not isinstance(validation, int | float):
        return named, named_pairs(validation)
    if not 0 < validation < 1:
        raise InputError(f"validation={validation} came; wanted a share between 0 and 1, None, or pairs.")
    split = {name: each.split(1 - validation, seed) for name, each in named.items()}
    return {name: part for name, (part, _) in split.items()}, {
        name: part for name, (_, part) in split.items()
    }


def _check_sources(named: Mapping[str, Any], sources: Sequence[str]) -> None:
    for name in named:
        if name not in sources:
            raise unknown_name("source of pairs", name, sources)


def _name(encoder: Any) -> str:
    """Give an encoder the name that its worker loads."""
    if isinstance(encoder, Run):
        encoder = encoder.folder.model
    if isinstance(encoder, Path) or (isinstance(encoder, str) and Path(encoder).is_dir()):
        return f"sentence-transformers:{Path(encoder).expanduser().absolute()}"
    if not isinstance(encoder, str):
        raise InputError(
            f"An encoder of type {type(encoder).__name__} came; wanted a name, the folder of a "
            "sentence-transformers model, or a run."
        )
    check_name(encoder)
    scheme, _, place = encoder.partition(":")
    # The worker may look from elsewhere.
    is_here = bool(place) and Path(place).exists()
    return f"{scheme}:{Path(place).absolute()}" if is_here else encoder
