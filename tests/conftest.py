"""What every test stands on: checked shapes and types, a cache of its own, quiet libraries."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import jaxtyping
import platformdirs
import pytest

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Must come before the first import of a room: every signature is then checked when it is called.
jaxtyping.install_import_hook("embedscope", "beartype.beartype")


@pytest.fixture(scope="session", autouse=True)
def cache() -> Path:
    """A cache of this run's own, which shares only the fetched packages with the person's."""
    real = os.environ.get("EMBEDSCOPE_CACHE")
    packages = (Path(real) if real else platformdirs.user_cache_path("embedscope")) / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="embedscope-tests-", ignore_cleanup_errors=True) as folder:
        (Path(folder) / "packages").symlink_to(packages, target_is_directory=True)
        os.environ["EMBEDSCOPE_CACHE"] = folder
        yield Path(folder)
    if real is None:
        del os.environ["EMBEDSCOPE_CACHE"]
    else:
        os.environ["EMBEDSCOPE_CACHE"] = real


@pytest.fixture
def repo() -> Path:
    """The repository's root."""
    return Path(__file__).resolve().parent.parent
