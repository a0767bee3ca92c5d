"""map: from anything to a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.encoders.load import load_encoder
from embedscope.spaces.space import Space
from embedscope.views.map import map_space


def test_a_space_is_laid_out_grouped_and_shown(space) -> None:
    shown = map_space(space, color="label", title="Woods", height=300)
    assert shown.space is space
    assert shown.layout.method == "umap"
    assert len(shown.clusters.labels) == 60
    assert (shown.color_by, shown.universe["title"], shown.height) == ("label", "Woods", 300)


def test_parts_that_are_there_are_used(space, layout, clusters) -> None:
    shown = map_space(space, layout=layout, clusters=clusters)
    assert shown.layout is layout
    assert shown.clusters is clusters
    assert map_space(space, layout="pca").layout.method == "pca"


@pytest.mark.parametrize("count", [1, 2, 3, 15, 16])
def test_very_few_items_have_a_map_too(count: int) -> None:
    shown = map_space(Space.from_arrays(np.random.default_rng(0).normal(size=(count, 4))))
    assert shown.layout.method == ("umap" if count >= 16 else "pca")
    assert np.isfinite(shown.layout.coords).all()
    assert shown.to_png(width=400, height=300)[1:4] == b"PNG"


def test_colours_of_ones_own(space, layout, clusters) -> None:
    shown = map_space(space, layout=layout, clusters=clusters, color=["a", "b"] * 30)
    assert shown.color_by == "values"
    assert shown.coloring.names == ("a", "b")


def test_a_wrong_colour_is_found_before_anything_is_computed(space, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedscope.views.map.lay_out", lambda *_, **__: pytest.fail("it was laid out"))
    with pytest.raises(MissingError, match="'lable'"):
        map_space(space, color="lable")
    with pytest.raises(InputError, match="leave encoder out"):
        map_space(space, encoder="minilm")


@pytest.mark.network
def test_a_list_of_texts_is_encoded_and_mapped() -> None:
    shown = map_space(["a cat", "a kitten", "a bridge over a river"])
    assert shown.space.encoder is not None
    assert shown.universe["facts"].startswith("3 texts · ")


def test_a_folder_of_images_is_encoded_and_mapped(tmp_path: Path) -> None:
    import torch
    from PIL import Image as PILImage

    for name in ("red", "blue", "green"):
        PILImage.new("RGB", (32, 32), name).save(tmp_path / f"{name}.png")

    def prepare(image: PILImage.Image) -> torch.Tensor:
        return torch.tensor(np.array(image.resize((8, 8))), dtype=torch.float32)

    module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 8 * 8, 4))
    shown = map_space(tmp_path, encoder=load_encoder(module, prepare=prepare))
    assert shown.universe["modality"] == "image"
    assert shown.universe["facts"].startswith("3 images · ")
    assert shown.to_png(width=400, height=300)[1:4] == b"PNG"
