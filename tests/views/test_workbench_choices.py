"""What the workbench lists."""

from __future__ import annotations

import json

import pytest

from embedscope import _device
from embedscope.encoders.packaged import PACKAGED
from embedscope.items.cards import PACKAGED as DATA
from embedscope.items.cards import card
from embedscope.spaces.space import Space
from embedscope.views.workbench_choices import (
    device_choices,
    encoder_choices,
    known_modality,
    workbench_choices,
)


def test_everything_listed_is_json_and_complete(space: Space) -> None:
    choices = workbench_choices({"texts": ["a"], "space": space})
    assert json.loads(json.dumps(choices)) == choices
    data = {row["key"]: row for row in choices["data"]}
    assert list(data)[:2] == ["variable:space", "variable:texts"]
    assert data["variable:space"]["vectors"] is True
    assert data["variable:texts"]["vectors"] is False
    loadable = {name for name in DATA if card(name).kind != "pairs"}
    assert {key for key in data if not key.startswith("variable:")} == loadable
    assert data["flags"]["about"] == "249 images · MIT"
    assert data["quran"]["modality"] == "text"


def test_data_that_is_not_here_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path))
    assert {row["here"] for row in workbench_choices({})["data"]} == {False}
    assert not any(row["here"] for row in encoder_choices() if row["name"] in PACKAGED)


def test_encoders_have_sizes_and_schemes_stand_for_the_rest() -> None:
    rows = {row["name"]: row for row in encoder_choices()}
    assert rows["minilm"]["size"] == "92 MB"
    assert rows["minilm"]["modality"] == "text"
    assert rows["timm:<architecture or folder>"] == {
        "name": "timm:<architecture or folder>",
        "modality": "image",
        "dims": None,
        "licence": None,
        "here": None,
        "size": None,
        "about": "any timm model's pooled features",
    }


def test_the_first_device_is_the_automatic_choice_of_the_best() -> None:
    automatic, best, *_ = [*device_choices(), None]
    assert automatic["key"] == "auto"
    assert automatic["title"] == f"Automatic: {best['title']}"
    assert automatic["memory"].endswith("GiB free")
    assert device_choices()[-1]["key"] == "cpu"


def test_a_machine_that_tells_no_memory_is_listed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_device.os, "sysconf_names", {})
    assert device_choices()[-1] == {"key": "cpu", "title": "CPU", "memory": ""}


def test_what_data_holds_is_known_without_loading_it() -> None:
    assert known_modality("flags", "flags") == "image"
    assert known_modality("quran", "quran") == "text"
    assert known_modality("lee50", "lee50") is None
    assert known_modality("variable:texts", ["a"]) == "text"
    assert known_modality("./photos", "./photos") is None
