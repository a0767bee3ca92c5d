"""Two spaces in one view: aligned maps, linked panes, and everything that an explorer does."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.comparison import compare
from embedscope.encoders.protocol import EncoderRecord
from embedscope.layouts.align import align
from embedscope.spaces.space import Space
from embedscope.views.comparison_explorer import ComparisonExplorer
from embedscope.views.comparison_picture import ComparisonPicture
from embedscope.views.comparison_view import ComparisonView
from embedscope.views.explorer import explore
from embedscope.views.wire import from_wire


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def comparison(make_two_spaces):
    return compare(*make_two_spaces(), names=("large", "small"))


@pytest.fixture
def shown(comparison) -> ComparisonExplorer:
    return explore(comparison)


class Page:
    """The front end's end of the channel: asks, and waits for the reply."""

    def __init__(self, view: ComparisonExplorer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.view, self.count = view, 0
        self.replies: dict[int, tuple[dict[str, Any], list[bytes]]] = {}
        self.order: list[int] = []
        self.changed = threading.Condition()
        monkeypatch.setattr(view, "send", self.receive)

    def receive(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        with self.changed:
            self.replies[content["id"]] = (content, buffers)
            self.order.append(content["id"])
            self.changed.notify_all()

    def start(self, kind: str, buffers: Sequence[bytes] = (), **content: Any) -> int:
        self.count += 1
        message = {"type": "request", "id": self.count, "kind": kind} | content
        self.view._handle_custom_msg(message, [memoryview(part) for part in buffers])
        return self.count

    def cancel(self, number: int) -> None:
        self.view._handle_custom_msg({"type": "cancel", "id": number}, [])

    def wait(self, number: int) -> tuple[dict[str, Any], list[bytes]]:
        with self.changed:
            assert self.changed.wait_for(lambda: number in self.replies, 60)
            content, buffers = self.replies[number]
        json.dumps(content, allow_nan=False)
        return content, buffers

    def ask(self, kind: str, **content: Any) -> Any:
        content, _ = self.wait(self.start(kind, **content))
        assert content["ok"], content
        return content["result"]


@pytest.fixture
def page(shown, monkeypatch) -> Page:
    return Page(shown, monkeypatch)


def residual(coords: np.ndarray, reference: np.ndarray) -> float:
    centred = coords - coords.mean(axis=0), reference - reference.mean(axis=0)
    return float(((centred[0] - centred[1]) ** 2).sum())


def test_it_is_an_explorer_with_other_panes(shown, comparison) -> None:
    assert isinstance(shown, es.Explorer)
    assert shown.panes == ["search", "maps", "diff", "heatmap", "distributions", "table"]
    assert shown.comparison is comparison
    assert shown.space is comparison.teacher
    assert shown.universe["title"] == "large vs small"
    assert "trustworthiness" in shown.universe["facts"]
    assert shown.universe["facts"].startswith("120 texts · UMAP")
    assert {"heatmap", "cell", "anchor", "distributions", "pairs", "changes", "truncation"} <= set(
        shown._answers()
    )


def test_what_the_page_knows_of_the_comparison(shown) -> None:
    facts = shown.get_state("comparison")["comparison"]
    assert facts["names"] == ["large", "small"]
    assert facts["metrics"] == ["cosine", "cosine"]
    assert facts["dims"] == [12, 8]
    assert facts["matryoshka"] == [False, False]
    assert facts["missing"] == ""
    assert [choice["key"] for choice in facts["groups"]][:2] == ["label", "half"]
    assert facts["bandwidths"][0] == {"key": "perplexity:30", "title": "perplexity 30"}
    json.dumps(facts, allow_nan=False)


def test_both_maps_lie_in_one_frame_and_alike(shown) -> None:
    teacher, student = from_wire(shown.coords), from_wire(shown.coords_b)
    both = np.concatenate([teacher, student])
    assert student.shape == (120, 2)
    assert np.abs(both).max() <= 1 + 1e-6
    assert np.ptp(both, axis=0).max() == pytest.approx(2, abs=1e-5)
    # One transform: the ratio of lengths is that of the layouts themselves.
    for places, layout in ((teacher, shown.layout), (student, shown.student_layout)):
        lengths = [
            np.linalg.norm(np.diff(coords.astype(float), axis=0)) for coords in (places, layout.coords)
        ]
        ratio = lengths[0] / lengths[1]
        first = np.linalg.norm(np.diff(teacher.astype(float), axis=0)) / np.linalg.norm(
            np.diff(shown.layout.coords.astype(float), axis=0)
        )
        assert ratio == pytest.approx(first, rel=1e-4)


def test_the_turn_brings_the_student_nearer_to_the_teacher(shown) -> None:
    teacher, student = shown.layout.coords.astype(float), shown.student_layout.coords.astype(float)
    turned = align(student, teacher).astype(float)
    assert residual(turned, teacher) <= residual(student, teacher) + 1e-6
    placed = from_wire(shown.coords).astype(float), from_wire(shown.coords_b).astype(float)
    scale = np.ptp(teacher, axis=0)[0] / np.ptp(placed[0], axis=0)[0]
    assert residual(placed[1] * scale, placed[0] * scale) == pytest.approx(
        residual(turned, teacher), rel=1e-3
    )
    assert shown.student_layout.parameters["init"]


def test_labels_are_parallel(shown) -> None:
    assert len(shown.labels) == len(shown.labels_b) > 0
    for one, other in zip(shown.labels, shown.labels_b, strict=True):
        assert {k: v for k, v in one.items() if k not in "xy"} == {
            k: v for k, v in other.items() if k not in "xy"
        }
    places = {tuple(place) for place in from_wire(shown.coords_b).tolist()}
    assert all((label["x"], label["y"]) in places for label in shown.labels_b)


def test_labels_stay_parallel_when_the_levels_come_later(make_two_spaces) -> None:
    comparison = compare(*make_two_spaces(1200))
    view = explore(comparison)
    view._wait_for_levels()
    assert [label["name"] for label in view.labels] == [label["name"] for label in view.labels_b]
    assert view._shown_levels is view._depth.known


def test_the_student_follows_the_layout(shown) -> None:
    before = from_wire(shown.coords_b), shown.student_layout
    shown.layout_by = "pca"
    assert shown.student_layout.method == "pca"
    assert not np.allclose(from_wire(shown.coords_b), before[0])
    assert np.abs(np.concatenate([from_wire(shown.coords), from_wire(shown.coords_b)])).max() <= 1 + 1e-6
    assert [label["name"] for label in shown.labels] == [label["name"] for label in shown.labels_b]
    shown.layout_by = "umap"
    assert shown.student_layout is before[1]
    np.testing.assert_allclose(from_wire(shown.coords_b), before[0], atol=1e-5)


def test_morph_goes_both_ways(shown) -> None:
    shown.morph = 0.4
    assert shown.get_state("morph") == {"morph": 0.4}
    shown.set_state({"morph": 1.0})
    assert shown.morph == 1.0
    with pytest.raises(Exception, match="morph"):
        shown.morph = 1.5


def test_the_page_cannot_change_the_comparison(shown, comparison) -> None:
    shown.set_state({"comparison": {"names": ["x", "y"]}})
    assert shown.comparison is comparison


def test_changes_follow_the_focus(shown, page, comparison) -> None:
    assert shown.changes is None
    shown.focus, shown.n_neighbors = "i7", 6
    assert shown.changes.to_frame() == comparison.neighbors(6).changes("i7").to_frame()
    result = page.ask("changes", query={"kind": "item", "row": 7}, k=6, dims=[0, 3])
    assert shown.changes.rows.tolist() == result["rows"]
    shown.focus = None
    assert shown.changes is None


def test_every_pane_is_answered_through_the_channel(page, comparison) -> None:
    at = {"by": "label", "bandwidth": "perplexity:10"}
    numbers = {
        kind: page.start(kind, **content)
        for kind, content in {
            "heatmap": at | {"layer": "js"},
            "distributions": {"by": "label"},
            "truncation": {"side": "teacher"},
            "changes": {"query": {"kind": "item", "row": 1}, "k": 3, "dims": [0, 0]},
            "payload": {"rows": [1]},
        }.items()
    }
    replies = {kind: page.wait(number)[0] for kind, number in numbers.items()}
    assert all(reply["ok"] for reply in replies.values()), replies
    found = comparison.divergence("label", Bandwidth.perplexity(10))
    assert replies["heatmap"]["result"]["mean"] == found.mean_kl
    cell = page.ask("cell", **at, row=0, column=1)
    assert cell["rows"] == found.worst_anchors(0, 1).rows.tolist()
    assert page.ask("anchor", **at, row=cell["rows"][0], group=1)["rows"]
    assert page.ask("pairs", by="label", pairs="all", teacher=None, student=None)


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_a_long_pass_says_how_far_it_is_holds_nothing_up_and_stops(make_two_spaces, monkeypatch) -> None:
    comparison = compare(*make_two_spaces(9000))
    view = explore(comparison, layout="pca", clusters=_no_clusters(9000))
    page = Page(view, monkeypatch)
    jobs: list[dict[str, Any]] = []
    running = threading.Event()

    def hear(change: Any) -> None:
        jobs.append(change["new"])
        running.set()

    view.observe(hear, "job")
    pass_ = page.start("heatmap", by="label", bandwidth="mean:0.25", layer="contribution")
    assert running.wait(60)
    assert page.ask("changes", query={"kind": "item", "row": 1}, k=3, dims=[0, 0])["k"] == 3
    assert page.ask("payload", rows=[0])[0]["id"] == "i0"
    page.cancel(pass_)
    again = page.ask("heatmap", by="half", bandwidth="fixed:0.5", layer="contribution")
    assert pass_ not in page.replies
    assert again["names"] == ["h0", "h1"]
    assert jobs[0]["state"] == "running"
    assert jobs[0]["unit"] == "anchors"
    assert jobs[0]["total"] == 9000
    assert view.job == {}


def test_a_label_makes_new_items_and_the_comparison_goes_on(shown, page, comparison) -> None:
    at = {"by": "label", "bandwidth": "perplexity:10"}
    page.ask("heatmap", **at, layer="contribution")
    shown.selection = ["i0", "i1", "i2"]
    shown.label_selection("odd", column="verdict")
    assert shown.comparison is not comparison
    assert shown.comparison.teacher is shown.space
    assert shown.comparison.student is comparison.student
    keys = [choice["key"] for choice in shown.get_state("comparison")["comparison"]["groups"]]
    assert "verdict" in keys
    assert page.ask("cell", **at, row=0, column=0)["rows"]
    found = page.ask("heatmap", by="verdict", bandwidth="perplexity:10", layer="contribution")
    assert found["anchors"] == [3, 117]
    shown.label_selection("class 0")
    assert page.ask("heatmap", **at, layer="contribution")["anchors"] == (
        shown.comparison.groups("label").counts.tolist()
    )


def test_selections_and_exports_work_as_in_an_explorer(shown, tmp_path) -> None:
    shown.selection = ["i5", "i3"]
    shown.selections["two"] = shown.selection
    assert shown.saved_selections == [{"name": "two", "count": 2}]
    assert shown.composition("label").names
    assert shown.export(tmp_path / "two.csv").read_text().count("\n") == 3
    assert shown.find(np.ones(12), k=2).ids


def test_what_is_shown_first_can_be_chosen(comparison) -> None:
    values = ["first", "second"] * 60
    view = explore(
        ComparisonView(comparison, by=values, bandwidth=Bandwidth.mean_distance(0.1)), title="Mine"
    )
    facts = view.comparison_facts
    assert facts["groups"][0] == {"key": "values", "title": "values", "n": 2}
    assert facts["bandwidths"][0]["key"] == "mean:0.1"
    assert len({choice["key"] for choice in facts["bandwidths"]}) == len(facts["bandwidths"]) == 4
    assert view.universe["title"] == "Mine"
    assert explore(ComparisonView(comparison, by="half")).comparison_facts["groups"][0]["key"] == "half"
    with pytest.raises(MissingError, match="haf"):
        explore(ComparisonView(comparison, by="haf"))
    with pytest.raises(InputError, match="takes a comparison; a Space came"):
        ComparisonView(comparison.teacher)
    with pytest.raises(InputError, match=r"wanted for example Bandwidth\.perplexity"):
        ComparisonView(comparison, bandwidth=30)


def test_explore_refuses_what_does_not_fit(make_two_spaces) -> None:
    one, two = make_two_spaces()
    with pytest.raises(InputError, match="leave encoder out"):
        explore(compare(one, two), encoder="x")
    with pytest.raises(InputError, match=r"explore\(comparisons\['12 dims', '8 dims'\]\)"):
        explore(compare(one, two, two.truncate(4)))
    with pytest.raises(MissingError, match="labl"):
        explore(compare(one, two), color="labl")


def test_ids_that_only_one_side_has_and_encoders_that_are_matryoshka_are_said(make_two_spaces) -> None:
    one, two = make_two_spaces()
    record = EncoderRecord("test:nested", frozenset({"text"}), 8, matryoshka=True)
    nested = Space.from_arrays(two.vectors[:110], ids=two.ids[:110], encoder=record)
    with pytest.warns(es._errors.EmbedscopeWarning, match="only in the teacher"):
        comparison = compare(one, nested)
    view = explore(comparison, layout="pca")
    assert view.comparison_facts["matryoshka"] == [False, True]
    assert "10 items are only in the teacher" in view.comparison_facts["missing"]
    assert "10 only on one side" in view.universe["facts"]
    assert view.universe["n"] == 110


def test_few_items_and_no_label(own_cache) -> None:
    spaces = [Space.from_arrays([[0.0, 1.0], [1.0, 0.0], [1.0, s]], ids=list("abc")) for s in (1.0, 0.2)]
    view = explore(compare(*spaces))
    assert view.comparison_facts["groups"] == []
    assert view.student_layout.method == "pca"
    assert from_wire(view.coords_b).shape == (3, 2)


def test_its_picture_is_of_both(shown, page) -> None:
    assert isinstance(shown.picture(), ComparisonPicture)
    assert shown.picture().divergence is None
    page.ask("heatmap", by="label", bandwidth="perplexity:10", layer="contribution")
    picture = shown.picture()
    assert picture.divergence is shown.comparison.divergence("label", Bandwidth.perplexity(10))
    assert picture.names == ("large", "small")
    np.testing.assert_array_equal(picture.coords_b, from_wire(shown.coords_b))
    assert len(picture.labels_b) == len(shown.labels_b)
    assert shown.to_png(width=500, height=400)[1:4] == b"PNG"


def _no_clusters(n: int) -> es.Clusters:
    return es.Clusters(np.full(n, -1, np.int32), np.zeros(n, np.float32), (), "map", {})


def test_the_picture_has_a_heatmap_that_python_computed(shown, comparison) -> None:
    assert shown.picture().divergence is None
    found = comparison.divergence()
    assert shown.picture().divergence is found
