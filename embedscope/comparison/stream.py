"""The stream: two spaces' neighbourhoods compared block by block, nothing of n × n kept.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import numpy as np
import torch
from jaxtyping import Float, Float64, Int64

from embedscope._device import pick_device
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.comparison.online import HIDDEN, BlockDivergence, OnlineSums
from embedscope.comparison.scores import ScoreForm
from embedscope.comparison.tiles import Tile, plan_tiles
from embedscope.comparison.workers import in_order


@dataclass(frozen=True)
class BlockShape:
    """How much is computed at once.

    Parameters
    ----------
    rows : int
        Anchors.
    columns : int
        Items.
    """

    rows: int
    columns: int


# Measured: large enough for a product's full speed, small enough for a CPU's cache; a GPU wants them large.
CPU_SHAPE = BlockShape(512, 1024)
GPU_SHAPE = BlockShape(4096, 8192)


@dataclass(frozen=True, eq=False)
class Block:
    """Anchors that are computed at once.

    Parameters
    ----------
    anchors : slice
        Which of the stream's anchors.
    places : Tensor of int64, shape (rows,)
        Their places among the sorted items.
    codes : Tensor of int64, shape (rows,)
        Their groups.
    """

    anchors: slice
    places: Int64[torch.Tensor, " rows"]
    codes: Int64[torch.Tensor, " rows"]


class Stream:
    """Two spaces on a device, sorted by group, and the way through them.

    Parameters
    ----------
    teacher, student : Neighborhoods
        Of the same items in the same order.
    groups : Groups
        Of the items.
    anchors : ndarray of int64, shape (anchors,)
        Rows that are anchors, in any order.
    device : str, optional
        Where it is computed; a CUDA device where there is one.
    dtype : {"float32", "float64"}
        Of the products and exponentials.
    shape : BlockShape, optional
        Anchors and items at once.
    """

    def __init__(
        self,
        teacher: Neighborhoods,
        student: Neighborhoods,
        groups: Groups,
        anchors: Int64[np.ndarray, " anchors"],
        *,
        device: str | None = None,
        dtype: str = "float32",
        shape: BlockShape | None = None,
    ) -> None:
        picked = pick_device(device)
        self.device = torch.device("cpu") if picked.type == "mps" else picked  # MPS has no float64 sums
        self.dtype = torch.float64 if dtype == "float64" else torch.float32
        self.shape = shape or (CPU_SHAPE if self.device.type == "cpu" else GPU_SHAPE)
        self.n_groups = len(groups)
        order = np.argsort(groups.codes, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        self.anchors = anchors[np.argsort(place[anchors])]
        self._places = self._tensor(place[self.anchors])
        self._codes = self._tensor(groups.codes[self.anchors])
        self._sides = [
            (self._form(side, order), self._tensor(side.sigma[order])) for side in (teacher, student)
        ]
        self.tiles = plan_tiles(groups.counts, self.shape.columns, self.device, self.dtype)

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array).to(self.device)

    def _form(self, side: Neighborhoods, order: Int64[np.ndarray, " items"]) -> ScoreForm:
        vectors = self._tensor(side.vectors[order]).to(self.dtype)
        return ScoreForm.of(vectors, side.metric, self._tensor(side.points.norms[order]))

    def blocks(self) -> Iterator[Block]:
        """Walk through the anchors, sorted by group.

        Yields
        ------
        Block
            The next anchors.
        """
        for start in range(0, len(self.anchors), self.shape.rows):
            part = slice(start, min(start + self.shape.rows, len(self.anchors)))
            yield Block(part, self._places[part], self._codes[part])

    def scored_tiles(
        self, block: Block, stop: Event
    ) -> Iterator[tuple[Tile, Float[torch.Tensor, "rows tile"], Float[torch.Tensor, "rows tile"]]]:
        """Score all items for a block, tile by tile.

        Parameters
        ----------
        block : Block
            The anchors.
        stop : Event
            Set where nobody wants the rest.

        Yields
        ------
        tile : Tile
            The items.
        teacher, student : Tensor, shape (rows, tile)
            Their scores, `HIDDEN` for the anchor itself. Overwritten by the next.
        """
        rows = len(block.places)
        sides = [(form, form.anchors(block.places, sigma[block.places])) for form, sigma in self._sides]
        buffers = [self._buffer(rows) for _ in sides]
        places = block.places.cpu().numpy()
        for tile in self.tiles:
            if stop.is_set():
                return
            first, last = np.searchsorted(places, (tile.items.start, tile.items.stop))
            own = block.places[first:last] - tile.items.start
            scores = []
            for (form, anchors), buffer in zip(sides, buffers, strict=True):
                out = form.scores(anchors, tile.items, buffer[: rows * tile.width].view(rows, tile.width))
                out[torch.arange(first, last, device=self.device), own] = HIDDEN
                scores.append(out)
            yield tile, scores[0], scores[1]

    def _buffer(self, rows: int) -> Float[torch.Tensor, " numbers"]:
        widest = max(tile.width for tile in self.tiles)
        return torch.empty(rows * widest, dtype=self.dtype, device=self.device)

    def divergences(self) -> Iterator[tuple[Block, BlockDivergence]]:
        """Compare the neighbourhoods of all anchors.

        Yields
        ------
        block : Block
            Which anchors.
        found : BlockDivergence
            Their divergences.

        Notes
        -----
        Two matrix products and two exponentials a pair. Memory O(rows · (columns + groups)).
        """
        yield from in_order(self._divergence, self.blocks(), self._threads())

    def _divergence(self, block: Block, stop: Event) -> BlockDivergence:
        with torch.inference_mode():
            sums = OnlineSums(len(block.places), self.n_groups, self.device)
            for tile, teacher, student in self.scored_tiles(block, stop):
                sums.add(tile, teacher, student)
            return sums.finish()

    def _threads(self) -> int:
        """One block a thread on a CPU; a GPU takes one after the other."""
        blocks = -(-len(self.anchors) // self.shape.rows)
        return min(blocks, torch.get_num_threads()) if self.device.type == "cpu" else 1

    def jensen_shannon(
        self, teacher_log_z: Float64[np.ndarray, " anchors"], student_log_z: Float64[np.ndarray, " anchors"]
    ) -> Iterator[tuple[Block, Float64[torch.Tensor, "rows groups"]]]:
        """Compute the Jensen-Shannon divergences: a second pass, for both normalisers must be known.

        Parameters
        ----------
        teacher_log_z, student_log_z : ndarray of float64, shape (anchors,)
            What the first pass found, in the order of `anchors`.

        Yields
        ------
        block : Block
            Which anchors.
        found : Tensor of float64, shape (rows, groups)
            ½ Σ p log(p/m) + ½ Σ q log(q/m) over each group, m = (p + q)/2; nats.
        """
        normalisers = [self._tensor(log_z).to(self.dtype) for log_z in (teacher_log_z, student_log_z)]

        def work(block: Block, stop: Event) -> Float64[torch.Tensor, "rows groups"]:
            shape = len(block.places), self.n_groups
            with torch.inference_mode():
                found = torch.zeros(shape, dtype=torch.float64, device=self.device)
                for tile, log_p, log_q in self.scored_tiles(block, stop):
                    log_p -= normalisers[0][block.anchors, None]
                    log_q -= normalisers[1][block.anchors, None]
                    found[:, tile.groups] += tile.sums(_jensen_shannon_terms(log_p, log_q))
                return found

        yield from in_order(work, self.blocks(), self._threads())


def _jensen_shannon_terms(
    log_p: Float[torch.Tensor, "rows tile"], log_q: Float[torch.Tensor, "rows tile"]
) -> Float[torch.Tensor, "rows tile"]:
    """½ p log(2p/(p+q)) + ½ q log(2q/(p+q)), through log(1 + q/p), which is finite where both are 0."""
    log_m = torch.logaddexp(log_p, log_q).sub_(float(np.log(2)))
    return (log_p.exp() * (log_p - log_m)).add_(log_q.exp() * (log_q - log_m)).mul_(0.5)
