"""Where a model's folder is: a local path, or the hub (packaged.py knows those in packages)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from embedscope._errors import InputError, MissingError
from embedscope._hashing import hash_record, sha256_file

# What a model folder may hold that changes a vector. Pickles (.bin, .pt, .pth, .ckpt) are not among them.
_SAFE_FILES = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja")
_CODE_FILES = ("*.py",)


def find_folder(
    name: str, *, revision: str | None = None, path: str | Path | None = None, trust_remote_code: bool = False
) -> Path:
    """Find a model's folder by path, or by its name on the Hugging Face hub.

    Parameters
    ----------
    name : str
        A folder, or ``owner/name`` on the hub.
    revision : str, optional
        Branch, tag or commit on the hub.
    path : str or Path, optional
        A folder to use instead of looking for ``name``.
    trust_remote_code : bool
        Also fetch the Python files of the hub's folder.

    Returns
    -------
    Path
        A folder with the weights as safetensors.

    Raises
    ------
    MissingError
        If there is neither such a folder nor, as far as can be reached, such a model on the hub.
    InputError
        If its weights are pickled only.
    """
    local = Path(path or name).expanduser()
    if local.is_dir():
        folder = local.resolve()
    elif path is not None:
        raise MissingError(f"There is no folder {local}; path= wants the folder that holds {name!r}.")
    else:
        folder = _from_hub(name, revision, trust_remote_code)
    refuse_pickles(folder)
    return folder


def _from_hub(name: str, revision: str | None, trust_remote_code: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    patterns = [*_SAFE_FILES, *(_CODE_FILES if trust_remote_code else ())]
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=patterns))
    except (HFValidationError, RepositoryNotFoundError, LocalEntryNotFoundError, OSError) as error:
        raise MissingError(
            f"{name!r} is no folder here, and the Hugging Face hub did not give it ({type(error).__name__}). "
            "Write the path of a folder, or owner/name of a model on the hub while it can be reached; "
            "HF_HUB_OFFLINE=1 keeps to what was fetched before."
        ) from error


def refuse_pickles(folder: Path) -> None:
    """Refuse a folder whose weights are pickled only: loading a pickle can run anybody's code.

    Parameters
    ----------
    folder : Path
        A model's folder.

    Raises
    ------
    InputError
        If no file is a safetensors file.
    """
    if not any(folder.rglob("*.safetensors")):
        held = ", ".join(sorted(file.name for file in folder.iterdir())[:8]) or "nothing"
        raise InputError(
            f"{folder} holds no *.safetensors (it holds {held}), and pickled weights are not loaded: they "
            "can run code. Convert them once where you trust them: model.save_pretrained(folder)."
        )


def hash_folder(folder: Path) -> str:
    """Hash the files of a model's folder that can change a vector.

    Parameters
    ----------
    folder : Path
        A model's folder.

    Returns
    -------
    str
        32 hexadecimal digits; the same wherever the folder lies.

    Notes
    -----
    Reads every byte (about 1 GB a second). Readmes, pickles and hidden files do not count.
    """
    found = {path for pattern in (*_SAFE_FILES, *_CODE_FILES) for path in folder.rglob(pattern)}
    files = sorted(
        path for path in found if not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )
    return hash_of_hashes({path.relative_to(folder).as_posix(): sha256_file(path) for path in files})


def hash_of_hashes(files: Mapping[str, str]) -> str:
    """Hash files by their names and hashes.

    Parameters
    ----------
    files : mapping of str to str
        Name below the model's folder to SHA-256.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    return hash_record({"files": dict(files)})
