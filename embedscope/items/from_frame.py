"""A data frame becomes items: which column is the payload, which the id, and the rest stays."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from embedscope._errors import InputError, unknown_name
from embedscope.items.columns import frame_to_arrow
from embedscope.items.from_images import as_images
from embedscope.items.from_texts import gather_texts
from embedscope.items.payloads import Modality
from embedscope.items.problems import Gathered, OnError, as_ids, settle

_TEXT_NAMES = ("text", "sentence", "content", "document", "body", "title", "query")


def gather_frame(
    frame: Any, text: str | None, image: str | None, id_column: str | None, on_error: OnError
) -> tuple[Gathered, Modality]:
    """Take payloads, ids and columns from a frame.

    Parameters
    ----------
    frame : data frame
        Whatever narwhals reads.
    text, image : str, optional
        The payload's column; guessed when neither is named.
    id_column : str, optional
        The ids' column; ``id`` when there is one, else the row numbers.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.

    Returns
    -------
    gathered : Gathered
        The parts of an `Items`.
    modality : {"text", "image"}
        What the payload column holds.

    Raises
    ------
    InputError
        If the payload column cannot be guessed, or both are named.
    MissingError
        If a named column is not there.

    Examples
    --------
    >>> gather_frame(pa.table({"text": ["a"], "id": ["x"]}), None, None, None, "raise")[0].ids
    ('x',)
    """
    table = frame_to_arrow(frame)
    for name in (text, image, id_column):
        if name is not None and name not in table.column_names:
            raise unknown_name("column of the frame", name, table.column_names)
    if text is not None and image is not None:
        raise InputError("Items are all texts or all images: name either text= or image=, not both.")
    if id_column is None and "id" in table.column_names and "id" not in (text, image):
        id_column = "id"
    payload, modality = _payload_column(table, text, image, id_column)
    ids = None if id_column is None else table.column(id_column).to_pylist()
    rest = table.select([name for name in table.column_names if name not in (payload, id_column)])
    values = table.column(payload).to_pylist()
    if modality == "text":
        return gather_texts(values, ids, rest, on_error), modality
    images, reasons = as_images(values, check=True)
    return settle(images, reasons, as_ids(ids, len(values)), rest, on_error), modality


def _payload_column(
    table: pa.Table, text: str | None, image: str | None, id_column: str | None
) -> tuple[str, Modality]:
    if text is not None:
        return text, "text"
    if image is not None:
        return image, "image"
    free = [field for field in table.schema if field.name != id_column]
    texts = [field.name for field in free if _holds_text(field.type)]
    named = [name for wanted in _TEXT_NAMES for name in texts if name.lower() == wanted]
    pictures = [field.name for field in free if _holds_images(field.type)]
    if named or (len(texts) == 1 and not pictures):
        return (named or texts)[0], "text"
    if len(pictures) == 1:
        return pictures[0], "image"
    raise InputError(
        f"Which column is to be embedded? The frame has {', '.join(table.column_names)}. "
        f"Say text='{texts[0] if texts else '...'}' or image='...'."
    )


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _holds_images(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return {"bytes", "path"} <= {kind.field(place).name for place in range(kind.num_fields)}
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
