"""Where a decoder comes from: the packaged one, a GGUF file, a folder, or the hub.

torch and transformers are imported only when a GGUF file is read for the first time.
"""

from __future__ import annotations

from pathlib import Path

from embedscope._errors import InputError, MissingError
from embedscope._fetch import make_folder
from embedscope._hashing import sha256_file
from embedscope._optional import require
from embedscope.encoders.found import FoundWeights
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.packaged import PACKAGED
from embedscope.encoders.sources import find_folder, hash_folder, hash_of_hashes


def find_llm(place: str, options: LoadOptions) -> FoundWeights:
    """Find a decoder's folder with safetensors.

    Parameters
    ----------
    place : str
        ``"smollm2"``, a GGUF file, a folder, or ``owner/name`` on the hub.
    options : LoadOptions
        ``path``, ``revision`` and ``trust_remote_code`` are heeded.

    Returns
    -------
    FoundWeights
        Its folder; for a GGUF file one in the cache.

    Raises
    ------
    MissingError
        If there is no such model.
    InputError
        If its weights are pickled only.
    FetchError
        If the packaged one cannot be fetched.
    """
    name = f"llm:{place}"
    if name in PACKAGED:
        packaged = PACKAGED[name]
        file = packaged.folder(options.path) / next(iter(packaged.files))
        return FoundWeights(
            read_gguf(file, packaged.fingerprint), name, packaged.fingerprint, packaged.licence
        )
    local = Path(options.path or place).expanduser()
    if local.suffix == ".gguf" and local.is_file():
        fingerprint = hash_of_hashes({"model.gguf": sha256_file(local)})
        return FoundWeights(read_gguf(local, fingerprint), f"llm:{local.resolve()}", fingerprint)
    if local.suffix == ".gguf":
        raise MissingError(f"There is no file {local}. Write llm:<path of a GGUF file that is here>.")
    folder = find_folder(
        place, revision=options.revision, path=options.path, trust_remote_code=options.trust_remote_code
    )
    return FoundWeights(folder, f"llm:{folder}" if local.is_dir() else name, hash_folder(folder))


def read_gguf(file: Path, fingerprint: str) -> Path:
    """Turn a GGUF file into a folder as transformers writes it, once.

    Parameters
    ----------
    file : Path
        The GGUF file.
    fingerprint : str
        Hash of it, the key of the folder in the cache.

    Returns
    -------
    Path
        Configuration, tokenizer and float32 weights as safetensors.

    Raises
    ------
    InputError
        If transformers cannot read it.
    DependencyError
        If the package gguf is not installed.

    Notes
    -----
    Quantised weights become float32: SmolLM2's 98 MB become 538 MB.
    """
    require("gguf", install="'embedscope[finetune]'", purpose="to read GGUF files")
    return make_folder(f"gguf-{fingerprint}", lambda folder: _convert(file, folder))


def _convert(file: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    from embedscope.encoders.quiet import quiet_loading

    try:
        with quiet_loading():
            read = AutoModel.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
            tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{file} cannot be read as a GGUF file: {str(error).splitlines()[0]}") from error
    # What was read counts as quantised, which transformers does not save: the same weights in a plain model.
    settings = {key: value for key, value in read.config.to_dict().items() if key != "quantization_config"}
    plain = AutoModel.from_config(type(read.config).from_dict(settings), dtype=torch.float32)
    plain.load_state_dict(read.state_dict())
    plain.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
