"""What the workbench offers: data, encoders and devices, with what one wants to know before choosing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from embedscope._errors import InputError
from embedscope.encoders.catalogue import list_encoders
from embedscope.items.cards import PACKAGED, card
from embedscope.items.here import is_here
from embedscope.items.payloads import Modality
from embedscope.views.variables import count, describe, list_variables

Choice: TypeAlias = dict[str, Any]

VARIABLE = "variable:"
AUTO = "auto"
_KINDS: dict[str, Modality] = {"texts": "text", "images": "image", "texts and pairs": "text"}


def workbench_choices(namespace: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """List what can be chosen now.

    Parameters
    ----------
    namespace : mapping of str to object
        The notebook's variables.

    Returns
    -------
    dict of str to list of dict
        ``data``, ``encoders`` and ``devices``, as ``interface WorkbenchChoices`` of the front end has them.

    Examples
    --------
    >>> workbench_choices({"texts": ["a cat", "a dog"]})["data"][0]["key"]
    'variable:texts'
    """
    return {
        "data": [*_variables(namespace), *_packaged()],
        "encoders": encoder_choices(),
        "devices": device_choices(),
    }


def _variables(namespace: Mapping[str, Any]) -> list[Choice]:
    return [
        {
            "key": VARIABLE + name,
            "title": name,
            "about": found.about,
            "group": "variable",
            "modality": found.modality,
            "here": True,
            "vectors": found.has_vectors,
        }
        for name, found in list_variables(namespace).items()
    ]


def _packaged() -> list[Choice]:
    cards = [card(name) for name in PACKAGED]
    return [
        {
            "key": one.name,
            "title": one.name,
            "about": f"{count(one.items, _KINDS[one.kind])} · {one.licence}",
            "group": "packaged",
            "modality": _KINDS[one.kind],
            "here": is_here(one.name),
            "vectors": False,
        }
        for one in cards
        if one.kind in _KINDS
    ]


def known_modality(data: str, value: object) -> Modality | None:
    """Tell what data holds, as far as that is known before it is loaded.

    Parameters
    ----------
    data : str
        Its key.
    value : object
        The variable's value, where it is one.

    Returns
    -------
    {"text", "image"} or None
        None for folders, files and names of a hub.

    Examples
    --------
    >>> known_modality("flags", "flags"), known_modality("./somewhere", "./somewhere")
    ('image', None)
    """
    if data in PACKAGED:
        return _KINDS.get(card(data).kind)
    described = describe(value) if data.startswith(VARIABLE) else None
    return None if described is None else described.modality


def encoder_choices() -> list[Choice]:
    """List the encoders by name, and the schemes for all others.

    Returns
    -------
    list of dict
        ``name, modality, dims, licence, here, size, about``; a scheme's name ends with what to put there,
        in angle brackets, and is unknown in the rest.

    Examples
    --------
    >>> encoder_choices()[0]["size"]
    '92 MB'
    """
    table = list_encoders()
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    wanted = ("name", "modality", "dims", "licence", "here", "about")
    return [
        {**{key: row[key] for key in wanted}, "size": None if row["MB"] is None else f"{row['MB']} MB"}
        for row in rows
    ]


def device_choices() -> list[Choice]:
    """List this machine's devices with their memory, the automatic choice first.

    Returns
    -------
    list of dict
        ``key, title, memory``.

    Examples
    --------
    >>> [device["key"] for device in device_choices()][::len(device_choices()) - 1]
    ['auto', 'cpu']
    """
    from embedscope._device import available_devices

    found = [_device(name) for kind in available_devices() for name in _numbered(kind)]
    best = found[0]
    return [{"key": AUTO, "title": f"Automatic: {best['title']}", "memory": best["memory"]}, *found]


def _numbered(kind: str) -> list[str]:
    import torch

    return [f"cuda:{index}" for index in range(torch.cuda.device_count())] if kind == "cuda" else [kind]


def _device(name: str) -> Choice:
    import torch

    from embedscope._device import device_memory

    titles = {"cpu": "CPU", "mps": "Apple GPU (MPS)"}
    title = titles.get(name) or f"GPU {name.partition(':')[2]}: {torch.cuda.get_device_name(name)}"
    try:
        memory = device_memory(torch.device(name))
        words = f"{memory.free / 2**30:,.0f} of {memory.total / 2**30:,.0f} GiB free"
    except InputError:
        # Windows does not tell through the functions that Python has for it.
        words = ""
    return {"key": name, "title": title, "memory": words}
