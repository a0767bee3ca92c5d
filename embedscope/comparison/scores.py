"""Scores: -d²/2σ² as one matrix product, and the divergence of two rows of them.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64, Int64

from embedscope.neighbors.neighbors import Metric

# Two more numbers a vector carry half its squared length, split so that float32 loses none of it.
_SPLIT = 2


@dataclass(frozen=True, eq=False)
class ScoreForm:
    """Vectors in the form whose products are scores, up to one constant a row.

    The constants leave every softmax as it is. Gradients flow through, so that a loss of a batch and the
    streamed divergence of a whole space are one computation.

    Parameters
    ----------
    items : Tensor, shape (items, dims)
        Unit vectors (cosine), or centred vectors with their half squared lengths in two more dims.
    metric : {"cosine", "euclidean"}
        The metric.

    Notes
    -----
    d is the length |a - b|, of the unit vectors under cosine: d² = 2 - 2cos. So -d²/2σ² is cos/σ² - 1/σ²
    there, and (a·b - |b|²/2)/σ² - |a|²/2σ² under the Euclidean metric.
    """

    items: Float[torch.Tensor, "items dims"]
    metric: Metric

    @classmethod
    def of(
        cls,
        vectors: Float[torch.Tensor, "items dims"],
        metric: Metric,
        lengths: Float64[torch.Tensor, " items"] | None = None,
    ) -> ScoreForm:
        """Bring vectors into this form.

        Parameters
        ----------
        vectors : Tensor, shape (items, dims)
            Finite; under cosine no row of zeros. Float32 or float64, on any device.
        metric : {"cosine", "euclidean"}
            The metric.
        lengths : Tensor of float64, shape (items,), optional
            The vectors' lengths, where they are known.

        Returns
        -------
        ScoreForm
            On the vectors' device, of their dtype.

        Examples
        --------
        >>> form = ScoreForm.of(torch.tensor([[3.0, 4.0], [0.0, 2.0]]), "cosine")
        >>> form.scores(form.anchors(torch.tensor([0]), torch.tensor([1.0])), slice(0, 2))
        tensor([[1.0000, 0.8000]])
        """
        if metric == "cosine":
            if lengths is None:
                lengths = torch.linalg.vector_norm(vectors, dim=1, dtype=torch.float64)
            return cls(vectors / lengths[:, None].to(vectors.dtype), metric)
        centred = vectors - vectors.mean(dim=0, dtype=torch.float64).to(vectors.dtype)
        halves = -0.5 * torch.linalg.vector_norm(centred, dim=1, keepdim=True, dtype=torch.float64) ** 2
        high = halves.to(vectors.dtype)
        low = (halves - high).to(vectors.dtype)
        return cls(torch.cat([centred, high, low], dim=1), metric)

    def anchors(
        self, rows: Int64[torch.Tensor, " rows"], sigma: Float[torch.Tensor, " rows"]
    ) -> Float[torch.Tensor, "rows dims"]:
        """Take some items as anchors, scaled by their bandwidths.

        Parameters
        ----------
        rows : Tensor of int64, shape (rows,)
            Which items.
        sigma : Tensor, shape (rows,)
            The bandwidth of each.

        Returns
        -------
        Tensor, shape (rows, dims)
            The left side of the product.
        """
        chosen = self.items[rows]
        if self.metric == "euclidean":
            chosen = torch.cat([chosen[:, :-_SPLIT], chosen.new_ones(len(chosen), _SPLIT)], dim=1)
        return chosen * (sigma[:, None].double() ** -2).to(chosen.dtype)

    def scores(
        self,
        anchors: Float[torch.Tensor, "rows dims"],
        tile: slice,
        out: Float[torch.Tensor, "rows tile"] | None = None,
    ) -> Float[torch.Tensor, "rows tile"]:
        """Score the items of a tile for some anchors.

        Parameters
        ----------
        anchors : Tensor, shape (rows, dims)
            What `anchors` gave.
        tile : slice
            Which items.
        out : Tensor, shape (rows, tile), optional
            Where the scores are written.

        Returns
        -------
        Tensor, shape (rows, tile)
            Scores, the anchor's own included; larger is nearer.
        """
        if out is None:
            return anchors @ self.items[tile].T
        return torch.mm(anchors, self.items[tile].T, out=out)


def batch_scores(
    vectors: Float[torch.Tensor, "items dims"], sigma: Float[torch.Tensor, " items"], metric: Metric
) -> Float[torch.Tensor, "items others"]:
    """Score every other item of a batch for each item, with gradients.

    Parameters
    ----------
    vectors : Tensor, shape (items, dims)
        At least two.
    sigma : Tensor, shape (items,)
        The bandwidth of each.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    Tensor, shape (items, items - 1)
        -d²/2σ² up to one constant a row, in the order of the items, the item itself left out.

    Examples
    --------
    >>> batch_scores(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.ones(2), "cosine")
    tensor([[0.],
            [0.]])
    """
    form = ScoreForm.of(vectors, metric)
    rows = torch.arange(len(vectors), device=vectors.device)
    return without_diagonal(form.scores(form.anchors(rows, sigma), slice(None)))


def without_diagonal(square: Float[torch.Tensor, "items items"]) -> Float[torch.Tensor, "items others"]:
    """Leave out the diagonal of a square matrix.

    Parameters
    ----------
    square : Tensor, shape (items, items)
        The matrix.

    Returns
    -------
    Tensor, shape (items, items - 1)
        The other entries in their order.

    Examples
    --------
    >>> without_diagonal(torch.tensor([[0.0, 1.0], [2.0, 3.0]]))
    tensor([[1.],
            [2.]])
    """
    n = len(square)
    return square.reshape(-1)[1:].view(n - 1, n + 1)[:, :-1].reshape(n, n - 1)


def kl_of_scores(
    teacher: Float[torch.Tensor, "rows others"], student: Float[torch.Tensor, "rows others"]
) -> Float[torch.Tensor, " rows"]:
    """KL(p‖q) of each row in nats, with p and q the softmax of its teacher's and its student's scores.

    Parameters
    ----------
    teacher : Tensor, shape (rows, others)
        Finite scores.
    student : Tensor, shape (rows, others)
        Likewise; gradients flow through both.

    Returns
    -------
    Tensor, shape (rows,)
        Not negative but for rounding.

    Examples
    --------
    >>> kl_of_scores(torch.tensor([[0.0, 0.0]]), torch.tensor([[0.0, 0.0]]))
    tensor([0.])
    """
    log_p, log_q = torch.log_softmax(teacher, dim=1), torch.log_softmax(student, dim=1)
    return (log_p.exp() * (log_p - log_q)).sum(dim=1)
