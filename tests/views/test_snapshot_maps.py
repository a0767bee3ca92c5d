"""Maps of a run's snapshots: one frame, one turn, kept beside the run."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.layouts.align import align
from embedscope.training.run_folder import RunFolder
from embedscope.views.snapshot_maps import SnapshotMaps
from tests.views.watched import finished, snapshots_of, vectors_at


def maps_of(run: Path) -> SnapshotMaps:
    files = RunFolder(run)
    return SnapshotMaps(files.snapshots, files.maps)


def make_all(maps: SnapshotMaps) -> list[int]:
    made = []
    while (step := maps.make_next()) is not None:
        made.append(step)
    return made


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run whose maps are made."""
    run = finished(tmp_path_factory.mktemp("runs") / "run")
    assert make_all(maps_of(run)) == [0, 10, 20, 30]
    return run


@pytest.fixture
def run(done: Path, tmp_path: Path) -> Path:
    """A copy of it, snapshots and maps with the times of their files."""
    return Path(shutil.copytree(done, tmp_path / "run"))


def test_all_maps_lie_in_one_frame_and_turn_alike(run: Path) -> None:
    maps = maps_of(run)
    assert maps.waiting() == [0, 10, 20, 30]
    assert (maps.steps, maps.ids) == ([], ())
    make_all(maps)
    assert maps.steps == [0, 10, 20, 30]
    assert len(maps.ids) == 48
    places = [maps.places(step) for step in maps.steps]
    highest = max(float(np.abs(each).max()) for each in places)
    assert highest == pytest.approx(1.0, abs=1e-5)
    for before, after in itertools.pairwise(places):
        # There is no turn that would bring it nearer to the one before.
        assert np.abs(align(after, before) - after).max() < 0.02
    # One scale for all: distances have the ratio of the maps' own.
    ratios = [np.ptp(maps.places(step)[:, 0]) / np.ptp(maps.layout(step).coords[:, 0]) for step in maps.steps]
    assert np.ptp(ratios) / ratios[0] < 1e-4


def test_a_later_view_finds_the_same_maps(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = maps_of(run)
    make_all(first)

    def refuse(*_: object) -> None:
        raise AssertionError("a map that is kept is not made again")

    monkeypatch.setattr("embedscope.views.snapshot_maps.next_layout", refuse)
    second = maps_of(run)
    assert make_all(second) == [0, 10, 20, 30]
    for step in first.steps:
        assert np.array_equal(first.places(step), second.places(step))
        assert first.layout(step).trustworthiness == second.layout(step).trustworthiness


def test_a_snapshot_that_was_written_again_is_mapped_again_and_no_other(run: Path) -> None:
    maps = maps_of(run)
    make_all(maps)
    before = {step: maps.layout(step) for step in maps.steps}
    os.utime(run / "snapshots" / "step-000020.npy", ns=(1, 1))
    assert maps.waiting() == [20]
    assert make_all(maps) == [20]
    assert [maps.layout(step) is before[step] for step in maps.steps] == [True, True, False, True]
    assert maps_of(run).waiting() == [0, 10, 20, 30]


def test_a_map_that_cannot_be_read_is_made_again(run: Path) -> None:
    for name, content in (("000000", b"nonsense"), ("000010", b""), ("000020", b"PK\x03\x04torn")):
        (run / "maps" / f"step-{name}.npz").write_bytes(content)
    maps = maps_of(run)
    make_all(maps)
    assert maps.problems == []
    assert maps.steps == [0, 10, 20, 30]


def test_where_maps_cannot_be_kept_they_are_made_all_the_same(run: Path) -> None:
    shutil.rmtree(run / "maps")
    (run / "maps").write_text("in the way")
    maps = maps_of(run)
    assert make_all(maps) == [0, 10, 20, 30]
    assert maps.problems == []


def test_an_image_that_was_lost_stays_where_it_was(run: Path) -> None:
    lost = vectors_at(40)
    lost[[3, 5]] = np.nan
    snapshots_of(run, 40).write(lost)
    maps = maps_of(run)
    make_all(maps)
    assert maps.steps == [0, 10, 20, 30, 40]
    before, after = maps.layout(30).coords, maps.layout(40).coords
    assert after.shape == (48, 2)
    assert np.array_equal(before[[3, 5]], after[[3, 5]])
    assert not np.array_equal(before, after)
    assert np.isnan(maps.layout(40).point_trust[[3, 5]]).all()


def test_a_step_whose_vectors_say_nothing_is_reported_and_left_out(run: Path) -> None:
    snapshots_of(run, 40).write(np.zeros((48, 8), np.float32))
    (run / "snapshots" / "step-000050.npy").write_bytes(b"torn")
    maps = maps_of(run)
    assert make_all(maps) == [0, 10, 20, 30, 40, 50]
    assert maps.steps == [0, 10, 20, 30]
    assert [problem.partition(":")[0] for problem in maps.problems] == [
        "Step 40 has no map",
        "Step 50 has no map",
    ]
    with pytest.raises(InputError, match="Step 40 has no map; 0, 10, 20, 30"):
        maps.layout(40)
    # It does not ask for them again.
    assert maps.waiting() == []


def test_maps_of_steps_that_are_gone_are_forgotten(run: Path) -> None:
    maps = maps_of(run)
    make_all(maps)
    (run / "snapshots" / "step-000030.npy").unlink()
    os.utime(run / "snapshots" / "step-000020.npy", ns=(1, 1))
    make_all(maps)
    assert maps.steps == [0, 10, 20]


def test_without_snapshots_there_is_nothing(tmp_path: Path) -> None:
    maps = SnapshotMaps(tmp_path / "none", tmp_path / "maps")
    assert maps.make_next() is None
    assert (maps.steps, maps.problems, maps.waiting()) == ([], [], [])
