"""``use-multilingual``: the Universal Sentence Encoder of 16 languages, in numpy."""

from __future__ import annotations

from embedscope._errors import MissingError
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.package_code import import_folder
from embedscope.encoders.packaged import PACKAGED
from embedscope.encoders.protocol import EncoderRecord
from embedscope.encoders.text_function import TextFunctionEncoder

NAME = "use-multilingual"


def load(place: str, options: LoadOptions) -> TextFunctionEncoder:
    """Load the packaged model with the package's own code, whose every file has a known hash.

    Parameters
    ----------
    place : str
        ``"use-multilingual"``.
    options : LoadOptions
        ``path`` and ``batch_size`` are heeded; it runs on the CPU in float32, whatever the device.

    Returns
    -------
    TextFunctionEncoder
        Ready to encode. Queries and documents are encoded alike.

    Raises
    ------
    MissingError
        If nothing else is called so.
    InputError
        If an option came that it does not have.
    FetchError
        If it cannot be fetched, or a file is not what it should be.

    Notes
    -----
    Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian,
    Spanish, Thai, Turkish. Every token of a text counts, however long it is: memory is about 17 kB a token.
    The weights are 8 bits a number, dequantised.

    References
    ----------
    Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval", arXiv 1907.04307.
    """
    if place != NAME:
        raise MissingError(f"There is one {NAME} model: write load_encoder({NAME!r}); {place!r} came.")
    options.extras(place)
    weights = PACKAGED[NAME]
    # threads=None leaves the process's own setting; a number would override it during each call.
    model = import_folder(weights.folder(options.path)).USE(threads=None)
    dims = model.encode([]).shape[1]  # reads the weights, so that this is paid for here
    record = EncoderRecord(
        name=NAME,
        modalities=weights.modalities,
        dims=dims,
        parameters={"kind": NAME, "weights": weights.fingerprint},
        licence=weights.licence,
    )
    return TextFunctionEncoder(lambda texts, _: model.encode(texts), record, options.batch_size)
