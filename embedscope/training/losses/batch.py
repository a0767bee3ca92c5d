"""A batch by its domains: a specialist knows nothing of the others' items.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int

from embedscope._errors import InputError


@dataclass(frozen=True, eq=False)
class DomainBatch:
    """The items of a batch that are of one domain.

    Parameters
    ----------
    domain : int
        Its number.
    student : Tensor, shape (items, dims)
        The student's vectors, with gradients.
    teacher : Tensor, shape (items, teacher_dims)
        The specialist's.
    labels : Tensor of int, shape (items,), optional
        Classes, numbered within the domain.
    """

    domain: int
    student: Float[torch.Tensor, "items dims"]
    teacher: Float[torch.Tensor, "items teacher_dims"]
    labels: Int[torch.Tensor, " items"] | None = None

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True, eq=False)
class BatchLoss:
    """The loss of a batch, whole and in parts.

    Parameters
    ----------
    total : Tensor, shape ()
        What is minimised.
    domains : dict of int to Tensor
        Each domain's own loss, without gradients: for the pane, and for a sampler that follows it. A domain
        that had too few items to teach anything is not here.
    parts : dict of str to Tensor
        Each term before its weight, without gradients.
    """

    total: Float[torch.Tensor, ""]
    domains: dict[int, torch.Tensor] = field(default_factory=dict)
    parts: dict[str, torch.Tensor] = field(default_factory=dict)


def by_domain(
    student: Float[torch.Tensor, "items dims"],
    teacher: Float[torch.Tensor, "items teacher_dims"],
    domains: Int[torch.Tensor, " items"],
    labels: Int[torch.Tensor, " items"] | None,
    dims: tuple[int, ...],
) -> list[DomainBatch]:
    """Part a batch by its domains.

    Parameters
    ----------
    student : Tensor, shape (items, dims)
        The student's vectors.
    teacher : Tensor, shape (items, teacher_dims)
        The specialists', each row its own domain's, zeros behind the narrower ones.
    domains : Tensor of int, shape (items,)
        Numbers from 0.
    labels : Tensor of int, shape (items,), optional
        Classes within the domain.
    dims : tuple of int
        Of each specialist.

    Returns
    -------
    list of DomainBatch
        In the order of the numbers.

    Raises
    ------
    InputError
        If a domain has no specialist, or the specialist more dims than came.
    """
    found: list[DomainBatch] = []
    present = torch.unique(domains).tolist()
    for domain in present:
        if not 0 <= domain < len(dims):
            raise InputError(
                f"The batch has an item of domain {domain}; there are specialists for 0 to {len(dims) - 1}."
            )
        if dims[domain] > teacher.shape[1]:
            raise InputError(
                f"The specialist of domain {domain} has {dims[domain]:,} dims and {teacher.shape[1]:,} came: "
                "pad the narrower specialists with zeros, and cut none."
            )
        # One domain is the usual batch, and needs no copy.
        rows = slice(None) if len(present) == 1 else domains == domain
        own = None if labels is None else labels[rows]
        found.append(DomainBatch(domain, student[rows], teacher[rows, : dims[domain]], own))
    return found
