"""An encoder of this project as mteb wants one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float32

from embedscope._errors import InputError
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder, Role
from embedscope.evaluation.mteb_package import mteb_module
from embedscope.items.items import Items
from embedscope.spaces.encode import encode

# What encoders call the prompt that fits a type of task, the best first; written as `_plain` writes it.
_PROMPTS: Mapping[str, tuple[str, ...]] = {
    "STS": ("sts", "semanticsimilarity", "similarity"),
    "PairClassification": ("pairclassification", "semanticsimilarity", "sts", "similarity"),
    "BitextMining": ("bitextmining", "bitext", "semanticsimilarity", "similarity"),
    "Reranking": ("reranking", "questionanswering", "retrieval", "searchresult"),
    "Retrieval": ("retrieval", "searchresult"),
}
_CODE = ("coderetrieval", "code")


def as_mteb(encoder: Any, *, dims: int | None = None, **options: Any) -> MtebModel:
    """Make an encoder one that mteb's tasks take.

    Parameters
    ----------
    encoder : str or Encoder
        Whatever `embedscope.load_encoder` takes.
    dims : int, optional
        Keep the first numbers of each vector and normalise again.
    **options
        Of `embedscope.encode`: ``device``, ``batch_size``, ``store``, ``chunk``, ``progress``.

    Returns
    -------
    MtebModel
        For ``mteb.evaluate(model, tasks)``.

    Raises
    ------
    InputError
        If it is no encoder of texts.
    """
    run = {name: options.pop(name) for name in ("device", "batch_size") if name in options}
    loaded = load_encoder(encoder, **run)
    if "text" not in loaded.record.modalities:
        raise InputError(f"The encoder {loaded.record.name!r} takes no texts, and tasks are made of texts.")
    return MtebModel(loaded, {"dims": dims, **options})


@dataclass(frozen=True, eq=False)
class MtebModel:
    """What mteb calls an encoder: its `EncoderProtocol` over an encoder of this project.

    Vectors go through `embedscope.encode`, so they are kept in the store: a second task over the same
    texts, or a second run, computes nothing.

    Parameters
    ----------
    encoder : Encoder
        Encodes texts.
    options : mapping
        Of `embedscope.encode`: ``dims``, ``store``, ``chunk``, ``progress``.
    """

    encoder: Encoder
    options: Mapping[str, Any] = field(default_factory=dict)

    def encode(
        self,
        inputs: Iterable[Mapping[str, Any]],
        *,
        task_metadata: Any,
        hf_split: str,  # noqa: ARG002 - mteb says it; vectors do not depend on it
        hf_subset: str,  # noqa: ARG002
        prompt_type: Any = None,
        **kwargs: Any,  # noqa: ARG002 - mteb's batch size, which is ours to choose
    ) -> Float32[np.ndarray, "texts dims"]:
        """Encode what mteb hands over.

        Parameters
        ----------
        inputs : DataLoader
            Batches with a field ``text``.
        task_metadata : mteb.TaskMetadata
            Of the task: its name and type choose the encoder's prompt, see `prompt_for`.
        hf_split, hf_subset : str
            Make no difference.
        prompt_type : mteb.types.PromptType, optional
            Becomes the role, query or document.
        **kwargs
            Make no difference.

        Returns
        -------
        ndarray of float32, shape (texts, dims)
            In the order given.

        Raises
        ------
        InputError
            If a text is empty or cannot be encoded.
        """
        texts = [str(text) for batch in inputs for text in batch["text"]]
        role: Role | None = None if prompt_type is None else prompt_type.value
        task = prompt_for(task_metadata, role, getattr(self.encoder, "tasks", ()))
        items = Items.from_texts(texts, name=task_metadata.name, on_error="raise")
        space = encode(items, self.encoder, role=role, task=task, **self.options)
        return np.array(space.vectors, np.float32)

    def similarity(self, embeddings1: Any, embeddings2: Any) -> Float32[np.ndarray, "first second"]:
        """Give the cosine similarity of each vector with each.

        Parameters
        ----------
        embeddings1, embeddings2 : array, shape (first, dims) and (second, dims), or (dims,)
            Of numpy or torch.

        Returns
        -------
        ndarray of float32, shape (first, second)
            Larger is closer.
        """
        cosines: Float32[np.ndarray, "first second"] = _unit(embeddings1) @ _unit(embeddings2).T
        return cosines

    def similarity_pairwise(self, embeddings1: Any, embeddings2: Any) -> Float32[np.ndarray, " pairs"]:
        """Give the cosine similarity of the vectors row by row.

        Parameters
        ----------
        embeddings1, embeddings2 : array, shape (pairs, dims)
            Of numpy or torch.

        Returns
        -------
        ndarray of float32, shape (pairs,)
            Larger is closer.
        """
        return np.asarray(np.einsum("ij,ij->i", _unit(embeddings1), _unit(embeddings2)))

    @cached_property
    def mteb_model_meta(self) -> Any:
        """What mteb writes down of a model: name, fingerprint, dims, licence."""
        record = self.encoder.record
        meta = mteb_module("mteb.models.model_meta")
        return meta.ModelMeta(
            loader=None,
            name=f"embedscope/{re.sub(r'[^0-9A-Za-z._-]+', '-', record.name)}",
            revision=record.fingerprint,
            release_date=None,
            languages=None,
            n_parameters=None,
            memory_usage_mb=None,
            max_tokens=record.parameters.get("max_length"),
            embed_dim=self.options.get("dims") or record.dims,
            license=None,
            open_weights=None,
            public_training_code=None,
            public_training_data=None,
            framework=[],
            similarity_fn_name=meta.ScoringFunction.COSINE,
            use_instructions=bool(getattr(self.encoder, "tasks", ())),
            training_datasets=None,
        )


def prompt_for(task_metadata: Any, role: Role | None, prompts: Iterable[str]) -> str | None:
    """Choose the encoder's prompt for a task.

    Parameters
    ----------
    task_metadata : mteb.TaskMetadata
        Its name and its type.
    role : {"query", "document"}, optional
        Which side.
    prompts : iterable of str
        What the encoder has.

    Returns
    -------
    str or None
        A prompt of the task's own name goes before one of its type. A document takes only a prompt that is
        one for documents (``Retrieval-document``): the task's words belong before the query.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sts = SimpleNamespace(name="simlex", type="STS", domains=None)
    >>> prompt_for(sts, None, ["Classification", "SEMANTIC_SIMILARITY"])
    'SEMANTIC_SIMILARITY'
    """
    known = {_plain(name): name for name in prompts}
    kind = task_metadata.type
    wanted = [_plain(task_metadata.name)]
    if kind == "Retrieval" and "Programming" in (task_metadata.domains or ()):
        wanted.extend(_CODE)
    wanted.extend(_PROMPTS.get(kind, (_plain(kind),)))
    forms = {None: ("",), "query": ("query", ""), "document": ("document", "passage")}[role]
    return next((known[name + form] for name in wanted for form in forms if name + form in known), None)


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.lower())


def _unit(vectors: Any) -> Float32[np.ndarray, "rows dims"]:
    array = np.atleast_2d(np.asarray(vectors, np.float32))
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    return np.asarray(array / np.where(norms > 0, norms, 1), np.float32)
