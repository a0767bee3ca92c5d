"""What the answers' tests share: a request about rows, and the way back from its reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from embedscope.views.channel import Request


@pytest.fixture
def about() -> Callable[..., Request]:
    """Make a request about some rows, which travel with it."""

    def make(rows: Any, kind: str = "table", **content: Any) -> Request:
        return Request(kind, content, [np.asarray(rows, "<u4").tobytes()])

    return make
