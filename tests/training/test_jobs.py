"""Jobs travel as JSON and come back equal."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from embedscope._errors import InputError, MissingError
from embedscope.training.from_json import from_json
from embedscope.training.jobs import from_config, register, to_config
from tests.training.toy_jobs import Count, Fail


@dataclass(frozen=True)
class Bandwidth:
    kind: str
    value: float = 1.0


@register("test:nested")
@dataclass(frozen=True)
class Nested:
    sizes: tuple[int, ...] = (1, 2)
    pair: tuple[str, float] | None = None
    bandwidth: Bandwidth | None = None
    by_domain: dict[str, Bandwidth] = field(default_factory=dict)
    several: list[Bandwidth] = field(default_factory=list)
    place: object = None

    def run(self, desk):
        return "done"


@pytest.mark.parametrize(
    "job",
    [
        Nested(),
        Nested((3,), ("a", 2.0), Bandwidth("mean"), {"emoji": Bandwidth("fixed", 0.1)}, [Bandwidth("x")]),
        Nested(sizes=()),
    ],
)
def test_a_job_comes_back_equal(job) -> None:
    config = to_config(job)
    assert config["job"] == "test:nested"
    assert from_config(config) == job


def test_options_that_json_cannot_keep_are_named() -> None:
    with pytest.raises(InputError, match="place"):
        to_config(Nested(place=Path("x")))
    with pytest.raises(InputError, match="place"):
        to_config(Nested(place=float("nan")))


def test_a_name_belongs_to_one_class() -> None:
    with pytest.raises(InputError, match=r"'test:count' is .*toy_jobs\.Count already"):
        register("test:count")(Nested)
    assert register("test:count")(Count) is Count
    with pytest.raises(InputError, match="must be a dataclass"):
        register("test:plain")(type("Plain", (), {}))


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(MissingError, match="Did you mean 'test:count'"):
        from_config({**to_config(Count()), "job": "test:coun"})
    with pytest.raises(MissingError, match=r"'gone\.away', which is not there"):
        from_config({**to_config(Count()), "module": "gone.away"})
    with pytest.raises(InputError, match="Count has no speed; it has steps, seconds"):
        from_config({**to_config(Count()), "options": {"speed": 1}})
    with pytest.raises(InputError, match="cannot be made of nothing"):
        from_config({**to_config(Fail("x")), "options": {}})


def test_a_job_of_a_notebook_is_refused() -> None:
    kind = type("Here", (Count,), {"__module__": "__main__"})
    register("test:here")(kind)
    with pytest.raises(InputError, match="move it to a module"):
        to_config(kind())


def test_values_without_a_dataclass_stay() -> None:
    assert from_json(int, 3) == 3
    assert from_json(tuple[int, str], [1]) == (1,)
