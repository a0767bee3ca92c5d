"""A decoder LLM as a sentence-transformers model: attention in both directions, pooling, projection.

This file imports torch and sentence_transformers: import it inside the function that needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Transformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from embedscope._errors import InputError
from embedscope.encoders.found import FoundWeights
from embedscope.encoders.llm_attention import check_attention, set_attention
from embedscope.encoders.llm_lora import add_lora
from embedscope.encoders.llm_options import DEFAULT_MAX_LENGTH, LLMOptions
from embedscope.encoders.llm_sources import find_llm
from embedscope.encoders.names import split_name
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.quiet import quiet_loading

# What architectures call the list of their blocks.
_BLOCKS = ("layers", "h", "blocks")
# Without the chat template that instructed decoders bring: a text is a text.
_TEXT_ONLY = {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}


def build_llm(
    place: str | Path,
    *,
    path: str | Path | None = None,
    revision: str | None = None,
    trust_remote_code: bool = False,
    **options: Any,
) -> SentenceTransformer:
    """Turn a decoder LLM into a sentence-transformers model, ready to encode or to be trained.

    Parameters
    ----------
    place : str or Path
        ``"smollm2"``, a GGUF file, a folder, ``owner/name`` on the hub, each with or without ``llm:`` before
        it; or a folder that `save_llm` wrote, which is gone on with.
    path : str or Path, optional
        Where the weights lie, instead of fetching them.
    revision : str, optional
        Branch, tag or commit on the hub.
    trust_remote_code : bool
        Run the Python files that come with the weights.
    **options
        ``bidirectional``, ``pooling``, ``projection``, ``layers``, ``max_length``, ``prompts``, ``seed``,
        ``lora``, ``dtype``: see `LLMOptions`.

    Returns
    -------
    SentenceTransformer
        On the CPU. Its vectors are normalised; tokens are padded on the right.

    Raises
    ------
    MissingError
        If there is no such decoder.
    InputError
        If an option does not fit, or the decoder stays causal.

    Examples
    --------
    >>> model = build_llm("smollm2", layers=8, projection=256)  # doctest: +SKIP
    """
    named: dict[str, Any] = {}
    place = str(place)
    if place.startswith("llm:"):
        _, place, named = split_name(place)
    found = find_llm(place, LoadOptions(path=path, revision=revision, trust_remote_code=trust_remote_code))
    chosen = LLMOptions.from_mapping(named | options, found.name)
    return build_found(found, chosen, trust_remote_code=trust_remote_code)


def build_found(
    found: FoundWeights, options: LLMOptions, *, trust_remote_code: bool = False
) -> SentenceTransformer:
    """Turn a decoder whose folder is known into a sentence-transformers model.

    Parameters
    ----------
    found : FoundWeights
        Its folder.
    options : LLMOptions
        How.
    trust_remote_code : bool
        Run the Python files that come with the weights.

    Returns
    -------
    SentenceTransformer
        On the CPU.

    Raises
    ------
    InputError
        If an option does not fit, or the decoder stays causal.
    """
    build = _go_on if is_finished(found.folder) else _start
    # What is drawn comes from the seed alone, and the caller's own draws stay as they were.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(options.seed)
        model = build(found, options, trust_remote_code)
        if options.lora is not None:
            add_lora(model, options.lora)
    return model


def is_finished(folder: Path) -> bool:
    """Tell a sentence-transformers folder from a decoder's.

    Parameters
    ----------
    folder : Path
        A model's folder.

    Returns
    -------
    bool
        True if it holds the list of modules that sentence-transformers writes.
    """
    return (folder / "modules.json").is_file()


def shape_of(model: SentenceTransformer) -> dict[str, Any]:
    """Read from a model what makes an embedder of its decoder.

    Parameters
    ----------
    model : SentenceTransformer
        From `build_llm`, or loaded from where such a one was saved.

    Returns
    -------
    dict
        ``bidirectional``, ``pooling``, ``projection`` (dims or None) and ``layers``.

    Raises
    ------
    InputError
        If its modules are others.
    """
    pooling = next((module for module in model if isinstance(module, Pooling)), None)
    if type(model[0]) is not Transformer or pooling is None:
        kinds = ", ".join(type(module).__name__ for module in model)
        raise InputError(
            f"A model of {kinds} came; a decoder as an embedder is a Transformer, a Pooling, and maybe a "
            "Dense. Load it as sentence-transformers:<folder>."
        )
    config = model[0].config
    dense = [module.out_features for module in model if isinstance(module, Dense)]
    both_ways = getattr(config, "is_causal", True) is False or getattr(
        config, "use_bidirectional_attention", False
    )
    return {
        "bidirectional": bool(both_ways),
        "pooling": pooling.pooling_mode,
        "projection": dense[-1] if dense else None,
        "layers": int(config.num_hidden_layers),
    }


def _start(found: FoundWeights, options: LLMOptions, trust_remote_code: bool) -> SentenceTransformer:
    words = _load_words(found, options, trust_remote_code)
    if options.layers is not None:
        keep_layers(words.model, options.layers, found.name)
    set_attention(words.model, options.bidirectional, found.name)
    _prepare_tokenizer(words.tokenizer, found.name)
    width = words.get_embedding_dimension()
    modules: list[torch.nn.Module] = [words, Pooling(width, options.pooling)]
    if options.projection is not None:
        modules.append(_draw_projection(width, options.projection))
    modules.append(Normalize())
    return SentenceTransformer(modules=modules, prompts=dict(options.prompts), device="cpu")


def _load_words(found: FoundWeights, options: LLMOptions, trust_remote_code: bool) -> Transformer:
    trust = {"trust_remote_code": trust_remote_code, "local_files_only": True}
    dtype = torch.float32 if options.dtype == "float32" else "auto"
    try:
        with quiet_loading():
            words = Transformer(
                str(found.folder),
                model_kwargs={"use_safetensors": True, "dtype": dtype, **trust},
                processor_kwargs=dict(trust),
                config_kwargs=dict(trust),
                modality_config={kind: dict(call) for kind, call in _TEXT_ONLY.items()},
                module_output_name="token_embeddings",
            )
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{found.name} is no language model that transformers can load: {reason}") from error
    if words.config.get_text_config() is not words.config or words.tokenizer is None:
        raise InputError(f"{found.name} takes more than texts; llm: wants a decoder of texts alone.")
    words.max_seq_length = min(DEFAULT_MAX_LENGTH, words.max_seq_length or DEFAULT_MAX_LENGTH)
    _set_max_length(words, options.max_length, found.name)
    return words


def _set_max_length(words: Transformer, asked: int | None, name: str) -> None:
    longest = getattr(words.config, "max_position_embeddings", None)
    if asked is not None and longest is not None and asked > longest:
        raise InputError(f"max_length={asked} came; {name} has {longest} positions.")
    words.max_seq_length = asked or words.max_seq_length


def keep_layers(model: PreTrainedModel, layers: int, name: str) -> None:
    """Cut a decoder to its first blocks; what follows the last block stays.

    Parameters
    ----------
    model : PreTrainedModel
        A decoder without its head. It is changed, with its configuration.
    layers : int
        How many blocks to keep.
    name : str
        The decoder's name, for the error.

    Raises
    ------
    InputError
        If it has fewer, or keeps them where this function does not look.
    """
    attribute = next(
        (one for one in _BLOCKS if isinstance(getattr(model, one, None), torch.nn.ModuleList)), None
    )
    if attribute is None:
        raise InputError(f"The blocks of {name} ({type(model).__name__}) are not found; leave layers= out.")
    blocks = getattr(model, attribute)
    if layers > len(blocks):
        raise InputError(f"layers={layers} came; {name} has {len(blocks)} blocks.")
    setattr(model, attribute, blocks[:layers])
    if getattr(model.config, "layer_types", None) is not None:
        model.config.layer_types = list(model.config.layer_types[:layers])
    model.config.num_hidden_layers = layers


def _prepare_tokenizer(tokenizer: PreTrainedTokenizerBase, name: str) -> None:
    # Positions count from the first token: with absolute ones, padding before it would change a vector.
    tokenizer.padding_side = "right"
    if tokenizer.pad_token is None:
        # Padding is masked, so that any token will do.
        stand_in = tokenizer.eos_token or tokenizer.unk_token or tokenizer.bos_token
        if stand_in is None:
            raise InputError(f"The tokenizer of {name} has no token for padding, and none that could be it.")
        tokenizer.pad_token = stand_in


def _draw_projection(width: int, dims: int) -> Dense:
    dense = Dense(width, dims, bias=False, activation_function=torch.nn.Identity())
    # So that a projected vector is about as long as it was.
    torch.nn.init.normal_(dense.linear.weight, std=dims**-0.5)
    return dense


def _go_on(found: FoundWeights, options: LLMOptions, trust_remote_code: bool) -> SentenceTransformer:
    with quiet_loading():
        model = SentenceTransformer(
            str(found.folder),
            device="cpu",
            trust_remote_code=trust_remote_code,
            local_files_only=True,
            prompts=dict(options.prompts),
            model_kwargs={
                "use_safetensors": True,
                "dtype": torch.float32 if options.dtype == "float32" else "auto",
            },
        )
    shape = shape_of(model)
    for name, kept in shape.items():
        asked = getattr(options, name)
        if asked not in (kept, getattr(LLMOptions(), name)):
            raise InputError(
                f"{found.name} is an embedder already, with {name}={kept!r}; {name}={asked!r} came. "
                "Leave it out, or name the decoder that it was made of."
            )
    _set_max_length(model[0], options.max_length, found.name)
    check_attention(model[0].model, shape["bidirectional"], found.name)
    return model
