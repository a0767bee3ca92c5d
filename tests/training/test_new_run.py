"""Where a run lies, and what a backbone is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedscope._errors import InputError, MissingError
from embedscope.training.new_run import backbone_name, begin
from embedscope.training.start import start
from tests.training.toy_jobs import Count


@pytest.fixture(autouse=True)
def _none_launched(monkeypatch):
    monkeypatch.setattr("embedscope.training.start.launch", lambda _: None)
    monkeypatch.setattr("embedscope.training.run.launch", lambda _: None)


def test_a_folder_belongs_to_a_job_and_its_options(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prepared = []
    runs = [begin(job, None, prepared.append) for job in (Count(3), Count(4))]
    folders = [run.folder.path for run in runs]
    assert prepared == folders
    assert folders[0] != folders[1]
    assert folders[0].parent == Path("runs")
    assert folders[0].name.startswith("test:count-")
    begin(Count(3), tmp_path / "mine", prepared.append)
    assert prepared[-1] == tmp_path / "mine"
    assert begin(Count(3), "mine", prepared.append).folder.path.absolute() == tmp_path / "mine"
    assert len(prepared) == 3


def test_a_backbone_is_a_name_a_folder_or_a_run(tmp_path):
    assert backbone_name("efficientnet_lite0") == "efficientnet_lite0"
    assert backbone_name("timm:resnet18.a1_in1k") == "timm:resnet18.a1_in1k"
    assert backbone_name("trained:runs/a") == "trained:runs/a"
    assert backbone_name(tmp_path) == backbone_name(str(tmp_path)) == f"trained:{tmp_path}"
    run = start(Count(1), tmp_path / "run")
    assert backbone_name(run) == f"trained:{tmp_path}/run/model"
    with pytest.raises(MissingError, match="No timm model is called 'resnet19'"):
        backbone_name("timm:resnet19")
    with pytest.raises(InputError, match="A backbone of type int came; wanted"):
        backbone_name(18)
