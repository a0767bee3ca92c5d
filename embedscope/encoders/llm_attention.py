"""Attention in both directions for a decoder, and the proof that it is so.

This file imports torch and transformers: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
import transformers
from transformers import PreTrainedModel

from embedscope._errors import InputError

# Rounding moves a hidden state by about 1e-7 of its size; a token that is seen moves it by far more.
_STILL = 1e-6
# How many last tokens are tried: two tokens may share one embedding, where a vocabulary has unused places.
_TRIES = 4


def set_attention(model: PreTrainedModel, bidirectional: bool, name: str) -> None:
    """Let every token of a decoder see every other, or only those before it; then prove it.

    Parameters
    ----------
    model : PreTrainedModel
        A decoder without its head. Its configuration is changed, which survives saving.
    bidirectional : bool
        Whether a token sees those after it.
    name : str
        The decoder's name, for the error.

    Raises
    ------
    InputError
        If the model does not follow.
    """
    model.config.is_causal = not bidirectional
    check_attention(model, bidirectional, name)


def check_attention(model: PreTrainedModel, bidirectional: bool, name: str) -> None:
    """Raise unless a model's attention is what it should be.

    Parameters
    ----------
    model : PreTrainedModel
        A text model without its head.
    bidirectional : bool
        What it should be.
    name : str
        The model's name, for the error.

    Raises
    ------
    InputError
        If the first token sees the last one and should not, or does not and should.

    Notes
    -----
    The last of three tokens is changed, with and without padding behind it (models build other masks then).
    Three tokens fit into any sliding window.
    """
    seen = [first_token_moves(model, padded=padded) for padded in (False, True)]
    kind = type(model).__name__
    if bidirectional and not all(seen):
        raise InputError(
            f"{name} stays causal: its first token does not see the last one, although its configuration "
            f"says is_causal=False. {kind} of transformers {transformers.__version__} does not heed that "
            "(Llama, Qwen3, Mistral, Gemma3, GPT-2 and others do, from 5.2 on). Take another decoder, or "
            "write bidirectional=False, pooling='lasttoken'."
        )
    if not bidirectional and any(seen):
        raise InputError(
            f"{name} is not causal: its first token sees the last one, although its configuration says "
            f"is_causal=True. {kind} is an encoder, or was made one (use_bidirectional_attention). Leave "
            "bidirectional=False out."
        )


def first_token_moves(model: PreTrainedModel, *, padded: bool = False) -> bool:
    """Tell whether the first token's last hidden state depends on the last token.

    Parameters
    ----------
    model : PreTrainedModel
        A text model without its head; on any device, in any precision.
    padded : bool
        Whether one token of padding follows.

    Returns
    -------
    bool
        True if it moves when the last token changes.
    """
    was_training = model.training
    model.eval()
    try:
        before = _first_state(model, 0, padded)
        return any(_differ(before, _first_state(model, place, padded)) for place in range(1, _TRIES + 1))
    finally:
        model.train(was_training)


def _first_state(model: PreTrainedModel, last: int, padded: bool) -> torch.Tensor:
    """Give the first token's state; one text a call, so that equal work gives equal bits."""
    size = int(model.get_input_embeddings().weight.shape[0])
    row = [size // 3, size // 2, (last * size) // (_TRIES + 1)]
    tokens = torch.tensor([row + [0] * padded], device=model.device)
    mask = torch.tensor([[1] * len(row) + [0] * padded], device=model.device)
    with torch.no_grad():
        state = model(input_ids=tokens, attention_mask=mask).last_hidden_state[0, 0]
    return torch.as_tensor(state).float()


def _differ(before: torch.Tensor, after: torch.Tensor) -> bool:
    return bool((before - after).abs().max() > _STILL * before.abs().max())
