"""Names on a picture do not touch and are not cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope.views.placement import Box, place_boxes, wrap_name

BOXES = st.lists(
    st.builds(Box, st.floats(0, 400), st.floats(0, 300), st.floats(5, 150), st.floats(5, 40)), max_size=25
)


@given(BOXES)
def test_placed_boxes_leave_a_gap_and_stay_inside(boxes: list[Box]) -> None:
    places = place_boxes(boxes, 400, 300, most=10)
    placed = [Box(*place, box.width, box.height) for box, place in zip(boxes, places, strict=True) if place]
    assert len(placed) <= 10
    for i, box in enumerate(placed):
        assert box.x - box.width / 2 >= -1e-9
        assert box.y + box.height / 2 <= 300 + 1e-9
        for other in placed[:i]:
            beside = abs(box.x - other.x) >= (box.width + other.width) / 2
            assert beside or abs(box.y - other.y) >= (box.height + other.height) / 2


def test_the_first_stands_on_its_point_and_the_second_gives_way() -> None:
    first, second, third = place_boxes([Box(200, 150, 80, 14)] * 3, 400, 300)
    assert first == (200, 150)
    assert second is not None
    assert third is not None
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(
    ("name", "wrapped"),
    [
        ("short", "short"),
        ("medical, disease, patients", "medical, disease,\npatients"),
        ("a" * 60, "a" * 22 + "\n" + "a" * 21 + "…"),
        ("", ""),
    ],
)
def test_names_take_at_most_two_lines(name: str, wrapped: str) -> None:
    assert wrap_name(name) == wrapped


@given(st.text(max_size=200))
def test_any_name_takes_at_most_two_lines_of_the_width(name: str) -> None:
    lines = wrap_name(name).split("\n")
    assert len(lines) <= 2
    assert all(len(line) <= 22 for line in lines)
