"""Online sums: what is kept of each anchor and group while tiles go by, and the divergences at the end.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64

from embedscope.comparison.fused import add_fused
from embedscope.comparison.tiles import Tile

# The anchor's own score, and the largest of no scores at all. Finite, so that 0 · score is 0 and no
# difference is NaN; the second far above the first, so that the anchor itself never weighs anything.
HIDDEN = -1e30
_NOTHING = -1e29


@dataclass(frozen=True, eq=False)
class BlockDivergence:
    """Divergences of a block of anchors, by group.

    Parameters
    ----------
    between, within : Tensor of float64, shape (rows, groups)
        The two parts of each anchor's contribution, which is their sum; nats.
    teacher_mass, student_mass : Tensor of float64, shape (rows, groups)
        Share of each group in the neighbourhood; rows sum to 1.
    teacher_log_z, student_log_z : Tensor of float64, shape (rows,)
        Logarithms of the softmaxes' normalisers, of the scores as they came.
    teacher_entropy, student_entropy : Tensor of float64, shape (rows,)
        Nats.
    """

    between: Float64[torch.Tensor, "rows groups"]
    within: Float64[torch.Tensor, "rows groups"]
    teacher_mass: Float64[torch.Tensor, "rows groups"]
    student_mass: Float64[torch.Tensor, "rows groups"]
    teacher_log_z: Float64[torch.Tensor, " rows"]
    student_log_z: Float64[torch.Tensor, " rows"]
    teacher_entropy: Float64[torch.Tensor, " rows"]
    student_entropy: Float64[torch.Tensor, " rows"]


class OnlineSums:
    """Running maxima and sums of two rows of scores, an anchor and a group at a time.

    Parameters
    ----------
    rows : int
        Anchors of the block.
    groups : int
        Groups there are.
    device : torch.device
        Where the scores are.

    Notes
    -----
    With t, s the scores and m, m' their running maxima over a group: Σe^(t-m), Σe^(t-m)(t-m),
    Σe^(t-m)(s-m'), Σe^(s-m'), Σe^(s-m')(s-m'), as online softmax keeps them. A maximum for each group,
    because one for the whole row would let far groups underflow to 0, whose logarithm the parts between need.

    References
    ----------
    Milakov, Gimelshein 2018, arXiv 1805.02867 (online softmax); ours (by group, and with two spaces).
    """

    def __init__(self, rows: int, groups: int, device: torch.device) -> None:
        # Places: 0 teacher's and 1 student's maxima; then the five sums in the order of the notes.
        self._top = torch.full((2, rows, groups), _NOTHING, dtype=torch.float64, device=device)
        self._sums = torch.zeros((5, rows, groups), dtype=torch.float64, device=device)

    def add(
        self,
        tile: Tile,
        teacher: Float[torch.Tensor, "rows tile"],
        student: Float[torch.Tensor, "rows tile"],
    ) -> None:
        """Take in the scores of a tile.

        Parameters
        ----------
        tile : Tile
            Its groups.
        teacher, student : Tensor, shape (rows, tile)
            Scores, `HIDDEN` for the anchor itself. Overwritten.
        """
        if teacher.device.type == "cpu" and teacher.dtype == torch.float32:
            sides = teacher.numpy(), student.numpy()
            add_fused(*sides, tile.cuts, tile.groups.start, self._top.numpy(), self._sums.numpy())
            return
        top = self._raise(tile, torch.stack([tile.maxima(teacher), tile.maxima(student)]))
        teacher.sub_(tile.spread(top[0]))
        student.sub_(tile.spread(top[1]))
        sums = self._sums[:, :, tile.groups]
        weights = torch.exp(teacher)
        sums[0] += tile.sums(weights)
        sums[1] += tile.sums(teacher.mul_(weights))
        sums[2] += tile.sums(torch.mul(student, weights, out=teacher))
        weights = torch.exp(student, out=weights)
        sums[3] += tile.sums(weights)
        sums[4] += tile.sums(student.mul_(weights))

    def _raise(
        self, tile: Tile, found: Float[torch.Tensor, "2 rows groups"]
    ) -> Float[torch.Tensor, "2 rows groups"]:
        """Raise the maxima to a tile's, and bring the sums to the new ones."""
        old, sums = self._top[:, :, tile.groups], self._sums[:, :, tile.groups]
        raised = torch.maximum(old, found.double())
        step = old - raised
        sums[1] += sums[0] * step[0]
        sums[2] += sums[0] * step[1]
        sums[4] += sums[3] * step[1]
        shrink = step.exp()
        sums[:3] *= shrink[0]
        sums[3:] *= shrink[1]
        old.copy_(raised)
        return raised.to(found.dtype)

    def finish(self) -> BlockDivergence:
        """Combine the groups' sums.

        Returns
        -------
        BlockDivergence
            Masses are combined as logarithms. The part within a group comes from the group's own sums and is
            never under 0: as a difference it would be, by rounding, in one case of six.
        """
        there = self._sums[0] > 0
        a, c = (torch.where(there, self._sums[place], 1.0) for place in (0, 3))
        teacher_mean, student_mean, own_mean = self._sums[1] / a, self._sums[2] / a, self._sums[4] / c
        inside = (teacher_mean - student_mean - a.log() + c.log()).clamp_(min=0)
        log_mass = [
            torch.where(there, top + total.log(), -torch.inf)
            for top, total in zip(self._top, (a, c), strict=True)
        ]
        log_z = [logs.logsumexp(dim=1, keepdim=True) for logs in log_mass]
        log_p, log_q = log_mass[0] - log_z[0], log_mass[1] - log_z[1]
        p, q = log_p.exp(), log_q.exp()
        between = p * torch.where(there, log_p - log_q, 0.0)
        return BlockDivergence(
            between,
            p * inside,
            p,
            q,
            log_z[0][:, 0],
            log_z[1][:, 0],
            log_z[0][:, 0] - (p * (self._top[0] + teacher_mean)).sum(dim=1),
            log_z[1][:, 0] - (q * (self._top[1] + own_mean)).sum(dim=1),
        )
