"""What every encoder checks on its way in and on its way out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from jaxtyping import Float32

from embedscope._errors import InputError, unknown_name
from embedscope.items.payloads import Image, Modality, Payload

_NAMED_PLACES = 5


def check_texts(payloads: Sequence[Payload], encoder: str) -> list[str]:
    """Give the payloads as texts, or say which one is not.

    Parameters
    ----------
    payloads : sequence of str or Image
        What came.
    encoder : str
        Name of the encoder, for the message.

    Returns
    -------
    list of str
        The same, in order.

    Raises
    ------
    InputError
        If one is not a text.

    Examples
    --------
    >>> check_texts(["a", "b"], "minilm")
    ['a', 'b']
    """
    refuse_single(payloads)
    texts = [payload for payload in payloads if isinstance(payload, str)]
    if len(texts) < len(payloads):
        place = next(i for i, payload in enumerate(payloads) if not isinstance(payload, str))
        raise wrong_modality(payloads[place], place, encoder, {"text"})
    return texts


def check_images(payloads: Sequence[Payload], encoder: str) -> list[Image]:
    """Give the payloads as images, or say which one is not.

    Parameters
    ----------
    payloads : sequence of str or Image
        What came.
    encoder : str
        Name of the encoder, for the message.

    Returns
    -------
    list of Image
        The same, in order.

    Raises
    ------
    InputError
        If one is not an image.

    Examples
    --------
    >>> check_images([], "timm:efficientnet_lite0")
    []
    """
    refuse_single(payloads)
    images = [payload for payload in payloads if isinstance(payload, Image)]
    if len(images) < len(payloads):
        place = next(i for i, payload in enumerate(payloads) if not isinstance(payload, Image))
        raise wrong_modality(payloads[place], place, encoder, {"image"})
    return images


def refuse_single(payloads: object) -> None:
    """Refuse one payload where a list of them is wanted: a text would be taken letter by letter.

    Parameters
    ----------
    payloads : object
        What came.

    Raises
    ------
    InputError
        If it is one payload.

    Examples
    --------
    >>> refuse_single(["a"])
    """
    if isinstance(payloads, str | bytes | Image):
        raise InputError(f"One {type(payloads).__name__} came; wanted a list of payloads. Write [payload].")


def wrong_modality(payload: object, place: int, encoder: str, modalities: Collection[Modality]) -> InputError:
    """Make the error for a payload that an encoder cannot take.

    Parameters
    ----------
    payload : object
        What came.
    place : int
        Its place among the payloads, from 0.
    encoder : str
        Name of the encoder.
    modalities : collection of {"text", "image"}
        What the encoder takes.

    Returns
    -------
    InputError
        Ready to be raised.

    Examples
    --------
    >>> wrong_modality(Image(data=b""), 3, "minilm", {"text"})
    InputError("Item 3 is an image; the encoder 'minilm' takes text.")
    """
    came = {str: "a text", Image: "an image"}.get(type(payload), f"of type {type(payload).__name__}")
    wanted = " and ".join(sorted(modalities, reverse=True))
    hint = "" if isinstance(payload, str | Image) else " A text is a str, an image an embedscope Image."
    return InputError(f"Item {place} is {came}; the encoder {encoder!r} takes {wanted}.{hint}")


def refuse_task(task: str | None, encoder: str, choices: Collection[str] = ()) -> None:
    """Refuse a task that the encoder has no prompt for.

    Parameters
    ----------
    task : str, optional
        What came; None is always fine.
    encoder : str
        Name of the encoder.
    choices : collection of str
        The tasks that it has.

    Raises
    ------
    InputError
        If the encoder has no tasks at all.
    MissingError
        If it has others.

    Examples
    --------
    >>> refuse_task(None, "wordllama")
    """
    if task is None or task in choices:
        return
    if not choices:
        raise InputError(f"The encoder {encoder!r} has no tasks, and task={task!r} came. Leave task out.")
    raise unknown_name("task", task, choices)


def finish_vectors(
    vectors: Float32[np.ndarray, "items dims"], *, dims: int | None = None, normalise: bool = False
) -> Float32[np.ndarray, "items kept"]:
    """Check vectors to be finite, cut them to a prefix and normalise.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        As the model gave them.
    dims : int, optional
        Keep so many numbers; what is cut is normalised again.
    normalise : bool
        Normalise even where nothing is cut.

    Returns
    -------
    ndarray of float32, shape (items, kept)
        C-contiguous. A row of zeros stays one.

    Raises
    ------
    InputError
        If a vector holds NaN or infinity (its place is named), or ``dims`` is out of range.

    Examples
    --------
    >>> finish_vectors(np.array([[3, 4, 12]], np.float32), dims=2).round(6).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    _refuse_non_finite(vectors)
    if dims is not None:
        if not 1 <= dims <= vectors.shape[1]:
            raise InputError(f"dims={dims} came; these vectors have 1 to {vectors.shape[1]} dims.")
        vectors = vectors[:, :dims]
    if dims is not None or normalise:
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))[:, None]
        vectors = (vectors / np.where(norms == 0, 1, norms)).astype(np.float32)
    return np.ascontiguousarray(vectors)


def _refuse_non_finite(vectors: Float32[np.ndarray, "items dims"]) -> None:
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad) == 0:
        return
    shown = ", ".join(str(place) for place in bad[:_NAMED_PLACES])
    more = f" and {len(bad) - _NAMED_PLACES} more" if len(bad) > _NAMED_PLACES else ""
    raise InputError(
        f"The encoder gave a vector with NaN or infinity for item {shown}{more} of {len(vectors)}. "
        "Leave the item out, or compute in full precision: load_encoder(..., dtype='float32')."
    )
