"""Small labelled pictures that the tests draw, a tiny net of random weights, and jobs that run right here."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image as PILImage

from embedscope import Items
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig
from embedscope.encoders.net_files import save_net
from embedscope.training.events import Event, read_events, settled
from embedscope.training.gathered import gather
from embedscope.training.jobs import Job, Outcome
from embedscope.training.recipe import Recipe
from embedscope.training.run_folder import RunFolder
from embedscope.training.training_data import TrainingData
from tests.training.toy_training import desk_in

torch.set_num_threads(1)

SIZE = 32
DIMS = 8


def drawn(n_classes: int = 6, per_class: int = 4, seed: int = 0) -> list[np.ndarray]:
    """Pictures of one class have a tile in common, under noise of their own."""
    rng = np.random.default_rng(seed)
    tiles = rng.integers(0, 200, (n_classes, 4, 4, 3))
    noise = rng.integers(0, 56, (n_classes, per_class, SIZE, SIZE, 3))
    found = np.tile(tiles[:, None], (1, 1, 8, 8, 1)) + noise
    return list(found.reshape(-1, SIZE, SIZE, 3).astype(np.uint8))


def pictures(name: str, n_classes: int = 6, per_class: int = 4, seed: int = 0) -> Items:
    """Items in memory, with ids such as ``flags-3`` and labels such as ``c0``."""
    images = drawn(n_classes, per_class, seed)
    ids = [f"{name}-{row}" for row in range(len(images))]
    labels = [f"c{row // per_class}" for row in range(len(images))]
    return Items.from_images(images, ids=ids, columns={"label": labels}, name=name)


def png(picture: np.ndarray) -> bytes:
    """A picture as a file's content."""
    file = io.BytesIO()
    PILImage.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def picture_files(folder: Path, items: Items) -> Items:
    """The same items, each in a file of its own that a test can spoil."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for value, payload in zip(items.ids, items.payloads, strict=True):
        paths.append(folder / f"{value}.png")
        paths[-1].write_bytes(payload.read())
    return Items.from_images(paths, ids=items.ids, columns=items.columns, name=items.name)


def tiny_net(backbone: str = "test_efficientnet", seed: int = 0, **config: Any) -> EmbeddingNet:
    """A net of random weights for small pictures."""
    torch.manual_seed(seed)
    return EmbeddingNet(NetConfig(backbone, **{"image_size": SIZE, "dims": DIMS, **config})).eval()


def saved_net(folder: Path, seed: int = 0, **config: Any) -> str:
    """The folder of a tiny net."""
    return str(save_net(tiny_net(seed=seed, **config), folder, "float32"))


def quick(**options: Any) -> Recipe:
    """A recipe of a few small steps."""
    plain = {"n_classes": 3, "per_class": 2, "steps": 4, "validations": 2, "variants": 1, "device": "cpu"}
    return Recipe(**{**plain, **options})


def two_domains(seed: int = 0, **sizes: int) -> dict[str, Items]:
    """Items of two domains, with labels in common that are different classes."""
    return {
        "flags": pictures("flags", seed=seed, **sizes),
        "logos": pictures("logos", seed=seed + 9, **sizes),
    }


def data_of(items: Any, validation: Any = 0.34) -> TrainingData:
    """Items as a run has them."""
    return gather(items, validation).joined()


def work(path: Path, job: Job, data: TrainingData | None = None) -> Outcome:
    """Do a job in this process, in a folder with its items."""
    desk = desk_in(path)
    if data is not None:
        data.save(path)
    try:
        return job.run(desk)
    finally:
        desk.close()


def told(path: Path, kind: str) -> list[Event]:
    """The settled events of a kind, without their times."""
    events = settled(read_events(RunFolder(path).events).events)
    return [{**event, "t": None} for event in events if event["kind"] == kind]


def notes(path: Path) -> list[str]:
    """What a run said in sentences."""
    return [str(event["text"]) for event in told(path, "note")]
