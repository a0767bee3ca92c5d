"""What the answers' tests share: a request about rows, and the way back from its reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from embedscope.clusters.cluster import Clusters
from embedscope.comparison.comparison import Comparison, compare
from embedscope.views.channel import Request
from embedscope.views.group_choices import GroupChoices
from embedscope.views.long_work import LongWork


@pytest.fixture
def about() -> Callable[..., Request]:
    """Make a request about some rows, which travel with it."""

    def make(rows: Any, kind: str = "table", **content: Any) -> Request:
        return Request(kind, content, [np.asarray(rows, "<u4").tobytes()])

    return make


@pytest.fixture
def comparison(make_two_spaces: Callable[..., Any]) -> Comparison:
    return compare(*make_two_spaces(), names=("large", "small"))


@pytest.fixture
def choices(comparison: Comparison) -> GroupChoices:
    """Ways to group by columns and by two clusters that leave ten items out."""
    labels = (np.arange(len(comparison)) % 2).astype(np.int32)
    labels[:10] = -1
    found = Clusters(labels, np.ones(len(labels), np.float32), ("odd", "even"), "map", {})
    return GroupChoices(comparison, found)


@pytest.fixture
def work() -> LongWork:
    return LongWork(lambda status: None)
