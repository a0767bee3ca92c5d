"""Which rows a request is about: those that came along, or the selection that both sides have."""

from __future__ import annotations

import numpy as np
from jaxtyping import UInt32

from embedscope._errors import InputError
from embedscope.views.channel import Request, StaleRowsError
from embedscope.views.wire import rows_check, rows_from_wire


def asked_rows(
    request: Request, selected: UInt32[np.ndarray, " selected"], items: int
) -> UInt32[np.ndarray, " rows"]:
    """Find the rows that a request is about.

    Parameters
    ----------
    request : Request
        With the rows as its buffer, or with a ``check`` of them.
    selected : ndarray of uint32, shape (selected,)
        The kernel's selection.
    items : int
        How many items there are.

    Returns
    -------
    ndarray of uint32, shape (rows,)
        Sorted, each row once.

    Raises
    ------
    StaleRowsError
        If the check is not that of the kernel's selection.
    InputError
        If the buffer holds no rows of the items.
    """
    if request.buffers:
        data = memoryview(request.buffers[0]).cast("B")
        if data.nbytes % 4:
            raise InputError(f"Rows are 4 bytes each; {data.nbytes} bytes came.")
        return rows_from_wire({"dtype": "uint32", "shape": [data.nbytes // 4], "data": data}, items)
    if request.content.get("check") != rows_check(selected):
        raise StaleRowsError
    return selected
