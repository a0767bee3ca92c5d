"""LoRA adapters on a decoder, and saving without them: merged, so that plain loading works.

This file imports torch and sentence_transformers: import it inside the function that needs it.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from sentence_transformers import SentenceTransformer

from embedscope._errors import InputError
from embedscope._optional import require
from embedscope.encoders.quiet import quiet_adapters

# Ours, as is common: an update of rank r counts twice.
_ALPHA = 2


def add_lora(model: SentenceTransformer, rank: int) -> None:
    """Put a LoRA adapter on every linear layer of the decoder and freeze the rest of it.

    Parameters
    ----------
    model : SentenceTransformer
        Its first module is changed. A projection stays trained as a whole.
    rank : int
        Of the update of each weight.

    Raises
    ------
    InputError
        If it has an adapter already.
    DependencyError
        If peft is not installed.

    Notes
    -----
    The update begins at zero, so that the vectors are as before until a step was taken.
    """
    if has_lora(model):
        raise InputError("This model has a LoRA adapter already: merge_lora(model) first.")
    peft: Any = require("peft", install="'embedscope[finetune]'", purpose="for LoRA adapters")
    config = peft.LoraConfig(r=rank, lora_alpha=_ALPHA * rank, target_modules="all-linear")
    with quiet_adapters():
        model[0].model = peft.get_peft_model(model[0].model, config)


def has_lora(model: SentenceTransformer) -> bool:
    """Tell whether the decoder carries an adapter.

    Parameters
    ----------
    model : SentenceTransformer
        Any.

    Returns
    -------
    bool
        True after `add_lora`, False after `merge_lora`.
    """
    return hasattr(getattr(model[0], "model", None), "merge_and_unload")


def merge_lora(model: SentenceTransformer) -> SentenceTransformer:
    """Add the adapter's update to the weights and drop the adapter.

    Parameters
    ----------
    model : SentenceTransformer
        It is changed; one without an adapter is not.

    Returns
    -------
    SentenceTransformer
        The same model, with every parameter free again.
    """
    if has_lora(model):
        model[0].model = model[0].model.merge_and_unload()
        model[0].model.requires_grad_(True)
    return model


def save_llm(model: SentenceTransformer, folder: str | Path) -> Path:
    """Save a model as a folder that plain ``SentenceTransformer(folder)`` loads, adapters merged.

    Parameters
    ----------
    model : SentenceTransformer
        From `build_llm`. It stays as it is, so that training can go on.
    folder : str or Path
        Made if it is not there.

    Returns
    -------
    Path
        The folder.

    Notes
    -----
    With an adapter the model is copied first: so much more memory is needed for a moment.
    """
    whole = merge_lora(copy.deepcopy(model)) if has_lora(model) else model
    target = Path(folder)
    whole.save(str(target), create_model_card=False)
    return target
