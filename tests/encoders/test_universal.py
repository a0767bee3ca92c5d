"""The image model that travels in the package: found, listed, packed; and what is said where it is not."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import embedscope as es
from embedscope._errors import InputError, MissingError, StoreError
from embedscope.encoders import universal

_LARGEST = 8_000_000


@pytest.fixture
def shipped(net_folder, tmp_path, monkeypatch):
    """A net where the package keeps its own."""
    folder = shutil.copytree(net_folder, tmp_path / "weights" / "universal")
    monkeypatch.setattr(universal, "FOLDER", folder)
    return folder


def row() -> dict[str, object]:
    table = es.encoders()
    place = table.column("name").index("universal")
    return dict(zip(table.columns, table.rows[place], strict=True))


def test_it_loads_by_its_name_and_gives_the_nets_vectors(shipped, net_folder, pictures) -> None:
    encoder = es.load_encoder("universal", device="cpu")
    assert encoder.record.name == "universal"
    own = es.load_encoder(net_folder, device="cpu")
    np.testing.assert_array_equal(encoder.encode(pictures), own.encode(pictures))
    assert encoder.record.parameters == own.record.parameters
    # A space's record leads back to it.
    assert es.load_encoder(encoder.record.name, device="cpu").record == encoder.record


def test_the_table_knows_it_unloaded(shipped) -> None:
    assert row() == {
        "name": "universal",
        "modality": "image",
        "dims": 12,
        "MB": round((shipped / "model.safetensors").stat().st_size / 1e6),
        "licence": "",
        "here": True,
        "source": "embedscope itself",
        "about": universal.ABOUT,
    }
    (shipped / "config.json").write_text('{"net": []}')
    with pytest.raises(StoreError, match="Install embedscope again"):
        es.encoders()


@pytest.mark.parametrize("lost", ["config.json", "model.safetensors"])
def test_without_its_weights_it_says_so(shipped, lost) -> None:
    (shipped / lost).unlink()
    with pytest.raises(MissingError, match=r"no weights of 'universal'.*embedscope\.distill"):
        es.load_encoder("universal")
    assert (row()["here"], row()["dims"]) == (False, None)


def test_other_weights_under_its_name(net_folder, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(universal, "FOLDER", tmp_path / "none")
    assert es.load_encoder("universal", path=net_folder, device="cpu").record.name == "universal"


def test_wrong_names_and_options(shipped) -> None:
    with pytest.raises(MissingError, match=r"Did you mean 'universal'.*scheme:"):
        es.load_encoder("univrsal")
    with pytest.raises(MissingError, match="There is one universal model"):
        es.load_encoder("universal:large")
    with pytest.raises(InputError, match="'universal' has no option 'pooling'"):
        es.load_encoder("universal", pooling="mean")


def test_a_wheel_and_an_sdist_carry_it(repo, net_folder, tmp_path) -> None:
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    for name in ("pyproject.toml", ".gitignore", "README.md", "LICENSE"):
        shutil.copy(repo / name, tmp_path)
    shutil.copytree(repo / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns("*.ipynb"))
    inside = universal.FOLDER.relative_to(repo)
    (tmp_path / "embedscope").mkdir()
    (tmp_path / "embedscope/__init__.py").touch()
    shutil.copytree(net_folder, tmp_path / inside)
    wanted = {f"{inside}/{name}" for name in ("config.json", "model.safetensors")}
    for builder in (WheelBuilder, SdistBuilder):
        packed = {file.distribution_path for file in builder(str(tmp_path)).recurse_included_files()}
        assert wanted <= {path[path.index("embedscope/") :] for path in packed if "embedscope/" in path}


@pytest.mark.skipif(not universal.is_here(), reason="this tree has no weights of the universal model")
def test_the_packages_own_weights_are_small_half_precision_and_work(pictures) -> None:
    from safetensors import safe_open

    file = universal.FOLDER / "model.safetensors"
    assert file.stat().st_size < _LARGEST
    with safe_open(file, "np") as opened:
        assert {opened.get_slice(name).get_dtype() for name in opened.keys()} >= {"F16"}  # noqa: SIM118
    encoder = es.load_encoder("universal", device="cpu")
    assert encoder.encode(pictures).shape == (len(pictures), row()["dims"])
    assert row()["licence"]
