"""From an encoder's name and pairs to a saved text embedder.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from sentence_transformers import SentenceTransformer

from embedscope._errors import InputError, StoreError
from embedscope.encoders.load import load_encoder
from embedscope.encoders.names import split_name
from embedscope.encoders.sentence_transformers import SentenceTransformerEncoder
from embedscope.training.desk import Desk
from embedscope.training.jobs import Outcome
from embedscope.training.loop import fit
from embedscope.training.pair_data import PairData
from embedscope.training.pair_rows import PairRows
from embedscope.training.text_recipe import Stage, TextRecipe
from embedscope.training.text_student import Vectors
from embedscope.training.text_task import TextTask
from embedscope.training.vector_snapshots import VectorSnapshots

_WRITTEN_OUT = 128


def train_text(
    desk: Desk, encoder: str, stages: Sequence[Stage], prompts: Mapping[str, str], recipe: TextRecipe
) -> Outcome:
    """Train a text embedder on the pairs in the run's folder, and leave it there.

    Parameters
    ----------
    desk : Desk
        The run's.
    encoder : str
        What is trained.
    stages : sequence of Stage
        One behind the other.
    prompts : mapping of str to str
        What goes before the queries of each source.
    recipe : TextRecipe
        How.

    Returns
    -------
    {"done", "stopped"}
        How it ended; a model is left either way, the best one where it is done.
    """
    data = PairData.load(desk.folder.data)
    vectors = Vectors(open_text_model(encoder, recipe, prompts))
    plain = choose_attention(vectors.inner, recipe)
    said = [prompts.get(name, "") for name in data.sources]
    train, held = (PairRows(part, said, vectors.inner) for part in (data.train, data.validation))
    ids = data.validation["id"].to_pylist()
    snapshots = VectorSnapshots(
        desk.folder.snapshots, ids, held.sources, lambda: desk.step, is_writer=desk.is_first
    )
    task = TextTask(vectors, (train, held), data.sources, recipe, stages, snapshots, lambda: desk.step)
    steps = sum(stage.steps for stage in stages)
    desk.tell("data", _describe(data, vectors, stages))
    fitted = fit(task, desk, recipe.fit_options(steps, validates=len(held) > 0))
    plain()
    if desk.is_first:
        save_text_model(vectors.inner, desk.folder.model)
    return fitted.outcome


def choose_attention(model: SentenceTransformer, recipe: TextRecipe) -> Callable[[], None]:
    """Take the written-out attention where it is the faster one: short texts in bfloat16 on a CPU.

    Parameters
    ----------
    model : SentenceTransformer
        Changed, if it is one of transformers and torch's fused attention is what it has.
    recipe : TextRecipe
        Its precision and device.

    Returns
    -------
    callable
        Sets the attention back to what it was.

    Notes
    -----
    The backward pass of torch's fused attention is slow there: a step of SmolLM2's first eight blocks over 64
    texts of 44 tokens took 3.3 s of one core with it, and 2.2 s without (measured with AMX instructions). Its
    memory grows with the square of the length, so that longer texts than 128 tokens keep the fused one.
    """
    inner: Any = getattr(model[0], "model", None)
    base: Any = inner.get_base_model() if hasattr(inner, "get_base_model") else inner
    kind = getattr(getattr(base, "config", None), "_attn_implementation", None)
    is_cpu = recipe.device == "cpu" or not torch.cuda.is_available()
    is_short = recipe.max_length <= _WRITTEN_OUT
    if not (is_cpu and is_short and recipe.mixed_precision == "bf16" and kind == "sdpa"):
        return lambda: None
    base.set_attn_implementation("eager")
    return lambda: base.set_attn_implementation(kind)


def open_text_model(encoder: str, recipe: TextRecipe, prompts: Mapping[str, str]) -> SentenceTransformer:
    """Load what is to be trained.

    Parameters
    ----------
    encoder : str
        "llm:" and a decoder; or any name whose encoder is a sentence-transformers model.
    recipe : TextRecipe
        What is made of a decoder, and the longest text.
    prompts : mapping of str to str
        Kept with the model, by the names of the sources.

    Returns
    -------
    SentenceTransformer
        On the CPU, in float32.

    Raises
    ------
    InputError
        If the encoder is something else.
    """
    scheme, place, _ = split_name(encoder)
    if scheme == "llm":
        from embedscope.encoders.llm import build_llm

        return build_llm(
            place,
            bidirectional=recipe.bidirectional,
            pooling=recipe.pooling,
            projection=recipe.projection,
            layers=recipe.layers,
            lora=recipe.lora,
            max_length=recipe.max_length,
            prompts=dict(prompts),
            seed=recipe.seed,
        )
    loaded = load_encoder(encoder, device="cpu", dtype="float32")
    if not isinstance(loaded, SentenceTransformerEncoder):
        raise InputError(
            f"{encoder!r} cannot be finetuned: wanted a sentence-transformers model, or llm:<decoder>."
        )
    model = loaded.model
    model.max_seq_length = min(recipe.max_length, model.max_seq_length or recipe.max_length)
    model.prompts = {**model.prompts, **prompts}
    return model


def save_text_model(model: SentenceTransformer, folder: Path) -> None:
    """Leave a model as a folder that plain sentence-transformers loads.

    Parameters
    ----------
    model : SentenceTransformer
        Low-rank updates are merged into the weights.
    folder : Path
        Replaced as a whole.

    Raises
    ------
    StoreError
        If the disk does not take it.
    """
    from embedscope.encoders.llm import save_llm

    try:
        save_llm(model.cpu(), folder)
    except OSError as error:
        raise StoreError(f"The model cannot be kept in {folder}: {error}.") from error


def _describe(data: PairData, vectors: Vectors, stages: Sequence[Stage]) -> dict[str, Any]:
    parameters = list(vectors.parameters())
    return {
        "domains": list(data.sources),
        "train": _sizes(data.train, len(data.sources)),
        "validation": _sizes(data.validation, len(data.sources)) if len(data.validation) else None,
        "trained_parameters": sum(each.numel() for each in parameters if each.requires_grad),
        "parameters": sum(each.numel() for each in parameters),
        "dims": vectors.inner.get_embedding_dimension(),
        "steps": sum(stage.steps for stage in stages),
        "stages": [stage.steps for stage in stages],
    }


def _sizes(table: pa.Table, count: int) -> list[dict[str, int]]:
    numbers = np.bincount(np.array(table["source"].to_pylist(), dtype=np.int64), minlength=count)
    return [{"pairs": int(number)} for number in numbers]
