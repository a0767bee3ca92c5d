"""Two folders of small drawn images in folders of their classes, and a tiny net to train on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image as PILImage

from embedscope.encoders.trained import EmbeddingNet, NetConfig, save_net

DOMAINS = ("dots", "stripes")
N_CLASSES, PER_CLASS = 6, 4
# Enough for a worker to do all it does, and no more.
QUICK = {
    "steps": 2,
    "validations": 1,
    "n-classes": 3,
    "per-class": 2,
    "variants": 1,
    "dims": 8,
    "device": "cpu",
}


def quick_words() -> list[str]:
    """The same as words of the command line."""
    return [word for name, value in QUICK.items() for word in (f"--{name}", str(value))]


def draw(place: Path) -> Path:
    """Write dots/, stripes/ and net/ into a folder."""
    rng = np.random.default_rng(0)
    for domain in DOMAINS:
        for name in range(N_CLASSES):
            folder = place / domain / f"class {name}"
            folder.mkdir(parents=True)
            tile = np.kron(rng.integers(0, 256, (4, 4, 3)), np.ones((8, 8, 1)))
            for number in range(PER_CLASS):
                pixels = np.clip(tile + rng.normal(0, 25, (32, 32, 3)), 0, 255).astype(np.uint8)
                PILImage.fromarray(pixels).save(folder / f"{number}.png")
    torch.manual_seed(0)
    net = EmbeddingNet(NetConfig("test_efficientnet", image_size=32, dims=12)).eval()
    save_net(net, place / "net", "float32")
    return place
