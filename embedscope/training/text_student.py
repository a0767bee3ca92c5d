"""TextStudent: a text embedder in training, and the tokens of what it learns from.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch
from jaxtyping import Float, Int64
from sentence_transformers import SentenceTransformer
from torch import nn

from embedscope._errors import InputError
from embedscope.encoders.sentence_transformers import tokenise
from embedscope.encoders.text_batches import pad_batch
from embedscope.training.pair_data import text_keys


class Vectors(nn.Module):
    """From padded tokens to vectors: a SentenceTransformer as a module of one output.

    Parameters
    ----------
    inner : SentenceTransformer
        What is trained.
    """

    def __init__(self, inner: SentenceTransformer) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, features: Mapping[str, torch.Tensor]) -> Float[torch.Tensor, "texts dims"]:
        """Embed a chunk.

        Parameters
        ----------
        features : mapping of str to Tensor
            ``input_ids`` and ``attention_mask``, each (texts, tokens).

        Returns
        -------
        Tensor, shape (texts, dims)
            Not normalised where the model does not.
        """
        vectors: Any = self.inner({**features, "modality": "text"})["sentence_embedding"]
        return cast("torch.Tensor", vectors.float())

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Give what is trained; where nothing is frozen that is all.

        Parameters
        ----------
        *args, **kwargs
            As torch hands them on.

        Returns
        -------
        dict of str to Tensor
            A frozen model of many parameters is in no checkpoint.
        """
        trained = {name for name, parameter in self.named_parameters() if parameter.requires_grad}
        whole = super().state_dict(*args, **kwargs)
        is_whole = len(trained) == sum(1 for _ in self.named_parameters())
        return whole if is_whole else {name: value for name, value in whole.items() if name in trained}

    def load_state_dict(self, state_dict: Any, strict: bool = True, assign: bool = False) -> Any:
        """Go on from what `state_dict` gave.

        Parameters
        ----------
        state_dict : dict of str to Tensor
            Of the same parts.
        strict : bool
            Whether a name may lack or be too many; what is frozen may always lack.
        assign : bool
            As torch has it.

        Returns
        -------
        object
            As torch gives it.

        Raises
        ------
        InputError
            If a trained part is not in it.
        """
        lacking = [name for name in self.state_dict() if name not in state_dict]
        if strict and lacking:
            raise InputError(f"The checkpoint has no {lacking[0]}: it is of another recipe.")
        return super().load_state_dict(state_dict, strict=False, assign=assign)


class Texts:
    """Texts as tokens, each text once.

    Parameters
    ----------
    model : SentenceTransformer
        Whose tokenizer cuts them to the model's longest.
    texts : sequence of str
        What rows name; equal texts are tokenised once.

    Raises
    ------
    InputError
        If the model has no tokenizer of its own.
    """

    def __init__(self, model: SentenceTransformer, texts: Sequence[str]) -> None:
        tokenizer: Any = model.tokenizer
        if tokenizer is None or not hasattr(tokenizer, "pad_token_id"):
            raise InputError("This model takes more than tokens of a text; finetuning needs a tokenizer.")
        unique = list(dict.fromkeys(texts))
        place = {text: row for row, text in enumerate(unique)}
        self.rows: Int64[np.ndarray, " texts"] = np.array([place[text] for text in texts], dtype=np.int64)
        self.keys = text_keys(unique)[self.rows] if unique else np.zeros(0, np.int64)
        self._tokens = tokenise(tokenizer, unique)
        self._lengths = np.array([len(ids) for ids in self._tokens.get("input_ids", [])], dtype=np.int64)
        self._fill = {"input_ids": int(tokenizer.pad_token_id or 0)}
        self._side = tokenizer.padding_side

    def __len__(self) -> int:
        return len(self.rows)

    def lengths(self, rows: Int64[np.ndarray, " texts"]) -> Int64[np.ndarray, " texts"]:
        """Count the tokens of texts.

        Parameters
        ----------
        rows : ndarray of int64, shape (texts,)
            Of the texts that came.

        Returns
        -------
        ndarray of int64, shape (texts,)
            After they were cut.
        """
        lengths: Int64[np.ndarray, " texts"] = self._lengths[self.rows[rows]]
        return lengths

    def chunks(
        self, rows: Int64[np.ndarray, " texts"], size: int, device: torch.device
    ) -> list[dict[str, torch.Tensor]]:
        """Give texts as padded chunks.

        Parameters
        ----------
        rows : ndarray of int64, shape (texts,)
            Of the texts that came.
        size : int
            Most texts of a chunk.
        device : torch.device
            Where the tensors lie.

        Returns
        -------
        list of dict
            Each with ``input_ids`` and ``attention_mask``, padded to its longest.
        """
        return [self._padded(rows[start : start + size], device) for start in range(0, len(rows), size)]

    def _padded(self, rows: Int64[np.ndarray, " texts"], device: torch.device) -> dict[str, torch.Tensor]:
        places = self.rows[rows].tolist()
        lists = {name: [tokens[place] for place in places] for name, tokens in self._tokens.items()}
        return dict(pad_batch(lists, self._fill, self._side, device))
