"""What training changed of a decoder, as a small LoRA adapter that peft loads, and a projection.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense
from torch import nn

from embedscope._errors import InputError, StoreError
from embedscope._optional import require
from embedscope.encoders.quiet import quiet_adapters

ADAPTER, ADAPTER_CONFIG, PROJECTION = (
    "adapter_model.safetensors",
    "adapter_config.json",
    "projection.safetensors",
)
# How peft calls the parts of a model without a head.
_PREFIX = "base_model.model."


def save_adapter(
    trained: SentenceTransformer, untrained: SentenceTransformer, folder: Path, rank: int
) -> float:
    """Save the difference of two models of one shape as an adapter of a rank, in half precision.

    Parameters
    ----------
    trained, untrained : SentenceTransformer
        From `build_llm`; adapters merged.
    folder : Path
        Where peft's two files go, and the projection if there is one.
    rank : int
        Of each linear layer's update: the best approximation of that rank (a truncated SVD).

    Returns
    -------
    float
        Largest share of a layer's update (its Frobenius norm) that the rank leaves out.

    Raises
    ------
    InputError
        If something else than linear layers differs.
    """
    before = untrained[0].model.state_dict()
    linear = {name for name, part in trained[0].model.named_modules() if isinstance(part, nn.Linear)}
    tensors: dict[str, torch.Tensor] = {}
    worst = 0.0
    for name, value in trained[0].model.state_dict().items():
        update = value.double() - before[name].double()
        if not update.any():
            continue
        module = name.removesuffix(".weight")
        if module not in linear:
            raise InputError(f"{name} was trained, and is no weight of a linear layer: no adapter holds it.")
        down, up, lost = _halves(update, rank)
        tensors[f"{_PREFIX}{module}.lora_A.weight"] = down.half().contiguous()
        tensors[f"{_PREFIX}{module}.lora_B.weight"] = up.half().contiguous()
        worst = max(worst, lost)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / ADAPTER)
    names = sorted({name.split(".")[-3] for name in tensors})
    config = {
        "peft_type": "LORA",
        "task_type": "FEATURE_EXTRACTION",
        "r": rank,
        "lora_alpha": rank,
        "target_modules": names,
        "bias": "none",
    }
    (folder / ADAPTER_CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    dense = _projection(trained)
    if dense is not None:
        save_file({"weight": dense.linear.weight.detach().half().contiguous()}, folder / PROJECTION)
    return worst


def apply_adapter(model: SentenceTransformer, folder: Path) -> SentenceTransformer:
    """Add what `save_adapter` saved to the untrained model.

    Parameters
    ----------
    model : SentenceTransformer
        From `build_llm`, of the same shape; it is changed.
    folder : Path
        Of the adapter.

    Returns
    -------
    SentenceTransformer
        The same, its weights with the update in them.

    Raises
    ------
    StoreError
        If the files are damaged, or of a model of another shape.
    DependencyError
        If peft is not installed.
    """
    peft: Any = require("peft", install="'embedscope[finetune]'", purpose="to read an adapter")
    try:
        with quiet_adapters():
            adapted = peft.PeftModel.from_pretrained(model[0].model, str(folder))
        model[0].model = adapted.merge_and_unload()
        dense = _projection(model)
        if dense is not None:
            weights: Mapping[str, torch.Tensor] = load_file(folder / PROJECTION)
            with torch.no_grad():
                dense.linear.weight.copy_(weights["weight"])
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise StoreError(f"The adapter in {folder} does not fit: {str(error).splitlines()[0]}") from error
    return model


def _projection(model: SentenceTransformer) -> Dense | None:
    return next((part for part in model if isinstance(part, Dense)), None)


def _halves(
    update: Float[torch.Tensor, "outputs inputs"], rank: int
) -> tuple[Float[torch.Tensor, "rank inputs"], Float[torch.Tensor, "outputs rank"], float]:
    """Factor an update, both factors of about the same size; and the share that is lost."""
    left, values, right = torch.linalg.svd(update, full_matrices=False)
    roots = values[:rank].sqrt()
    lost = float(values[rank:].norm() / values.norm())
    return roots[:, None] * right[:rank], left[:, :rank] * roots, lost
