"""A causal language model of transformers, on this machine, as a generator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope._hashing import hash_text
from embedscope.training.generators_sampling import Sampling

_MAX_TOKENS = 256


class TransformersGenerator:
    """A local causal language model that answers prompts.

    Plumbing: how well the answers serve depends on the model. One of a few hundred million parameters writes
    sentences, and cannot rate.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        Put into evaluation mode; it stays on its device.
    tokenizer : transformers.PreTrainedTokenizerBase
        Its tokenizer. A chat template, where it has one, is put around each prompt.
    name : str, optional
        For records; by default the model's class and a hash of its weights.
    sampling : Sampling
        How answers are drawn.
    batch_size : int
        Prompts at once; one at a time where answers are drawn at random.

    Raises
    ------
    InputError
        If ``batch_size`` is less than 1.

    Notes
    -----
    What is drawn at random depends on the seed and the prompt alone, not on its batch mates: the same prompt
    has the same answer, also when a call goes on after a failure.

    Examples
    --------
    >>> TransformersGenerator.load("models/some-llm")(["Say one word."])  # doctest: +SKIP
    ['Word.']
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        name: str | None = None,
        sampling: Sampling | None = None,
        batch_size: int = 8,
    ) -> None:
        if batch_size < 1:
            raise InputError(f"batch_size must be 1 or more; got {batch_size}.")
        self._sampling = sampling or Sampling()
        self._model, self._tokenizer = model.eval(), tokenizer
        self._batch_size = 1 if self._sampling.temperature else batch_size
        self.name = f"{name or _name(model)} {self._sampling.label}"

    @classmethod
    def load(
        cls,
        place: str | Path,
        *,
        device: str | None = None,
        revision: str | None = None,
        sampling: Sampling | None = None,
        batch_size: int = 8,
    ) -> TransformersGenerator:
        """Load a model of a folder or of the hub.

        Parameters
        ----------
        place : str or path
            A folder, or ``owner/name`` on the hub; safetensors only.
        device : str, optional
            The best there is where nothing is said.
        revision : str, optional
            Branch, tag or commit on the hub.
        sampling : Sampling, optional
            How answers are drawn.
        batch_size : int
            Prompts at once.

        Returns
        -------
        TransformersGenerator
            Its name holds a hash of the files.

        Raises
        ------
        MissingError
            If there is no such model.
        InputError
            If its weights are pickled only.
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        from embedscope._device import pick_device
        from embedscope.encoders.quiet import quiet_loading
        from embedscope.encoders.sources import find_folder, hash_folder

        folder = find_folder(str(place), revision=revision)
        with quiet_loading():
            model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True)
            tokenizer = AutoTokenizer.from_pretrained(folder)
        return cls(
            model.to(pick_device(device)),
            tokenizer,
            name=f"transformers:{Path(place).name} {hash_folder(folder)[:12]}",
            sampling=sampling,
            batch_size=batch_size,
        )

    def __call__(self, prompts: Sequence[str]) -> list[str]:
        """Answer prompts.

        Parameters
        ----------
        prompts : sequence of str
            Each on its own.

        Returns
        -------
        list of str
            One a prompt: what the model wrote after it, without its special tokens.

        Raises
        ------
        InputError
            If a prompt with its answer is longer than the model takes.
        """
        tokens = [self._tokens(prompt) for prompt in prompts]
        self._check_lengths(tokens)
        answers: list[str] = []
        for start in range(0, len(tokens), self._batch_size):
            answers += self._answer(tokens[start : start + self._batch_size], prompts[start])
        return answers

    def __repr__(self) -> str:
        return f"TransformersGenerator({self.name!r})"

    def _tokens(self, prompt: str) -> list[int]:
        if getattr(self._tokenizer, "chat_template", None):
            told = [{"role": "user", "content": prompt}]
            text = self._tokenizer.apply_chat_template(told, add_generation_prompt=True, tokenize=False)
            return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])
        return list(self._tokenizer(prompt)["input_ids"])

    def _check_lengths(self, tokens: Sequence[Sequence[int]]) -> None:
        most = getattr(self._model.config, "max_position_embeddings", None)
        for place, prompt in enumerate(tokens):
            if not prompt:
                raise InputError(f"Prompt {place} has no tokens; a model needs something to go on from.")
            if most is not None and len(prompt) + self._max_tokens > most:
                raise InputError(
                    f"Prompt {place} has {len(prompt):,} tokens and its answer up to {self._max_tokens:,}; "
                    f"the model takes {most:,} in all. Shorten it, or pass Sampling(max_tokens=...)."
                )

    @property
    def _max_tokens(self) -> int:
        return self._sampling.max_tokens or _MAX_TOKENS

    def _answer(self, tokens: Sequence[Sequence[int]], first: str) -> list[str]:
        import torch

        device = self._model.device
        width = max(len(prompt) for prompt in tokens)
        filler = self._filler()
        ids = torch.tensor([[filler] * (width - len(prompt)) + list(prompt) for prompt in tokens])
        mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in tokens])
        drawn: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if self._sampling.temperature:
            drawn = {"do_sample": True, "temperature": float(self._sampling.temperature)}
        with torch.inference_mode(), torch.random.fork_rng(_forked(device)):
            torch.manual_seed(_seed_of(self._sampling.seed, first))
            found = self._model.generate(
                input_ids=ids.to(device),
                attention_mask=mask.to(device),
                max_new_tokens=self._max_tokens,
                pad_token_id=filler,
                **drawn,
            )
        written = self._tokenizer.batch_decode(found[:, width:], skip_special_tokens=True)
        return [str(text) for text in written]

    def _filler(self) -> int:
        known = (self._tokenizer.pad_token_id, self._tokenizer.eos_token_id)
        return next((int(token) for token in known if token is not None), 0)


def _forked(device: Any) -> list[Any]:
    return [device] if device.type == "cuda" else []


def _seed_of(seed: int, prompt: str) -> int:
    return int.from_bytes(hash_text(f"{seed} {prompt}")[:7])


def _name(model: Any) -> str:
    from embedscope.encoders.state import hash_state

    return f"{type(model).__name__} {hash_state(model)[:12]}"
