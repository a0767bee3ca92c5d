from __future__ import annotations

import numpy as np
import torch

from embedscope.comparison.worst import kept_a_cell
from embedscope.comparison.worst_keeper import WorstKeeper


def test_keeps_both_ends_of_every_cell_over_blocks():
    rng = np.random.default_rng(0)
    codes = np.sort(rng.integers(0, 3, 200))
    rows = rng.permutation(200)
    values = rng.normal(size=(200, 3))
    keeper = WorstKeeper(3)
    for start in range(0, 200, 17):
        part = slice(start, start + 17)
        keeper.add(*(torch.from_numpy(array[part]) for array in (codes, rows, values)))
    worst = keeper.finish()
    assert worst.k == 20
    for a in range(3):
        for b in range(3):
            order = np.argsort(values[codes == a, b])
            largest, smallest = worst.of(a, b, 20), worst.of(a, b, 5, smallest=True)
            assert largest.rows.tolist() == rows[codes == a][order[::-1][:20]].tolist()
            assert smallest.rows.tolist() == rows[codes == a][order[:5]].tolist()
            np.testing.assert_allclose(smallest.contributions, values[codes == a, b][order[:5]], rtol=1e-6)


def test_a_group_smaller_than_what_is_kept():
    keeper = WorstKeeper(2)
    keeper.add(torch.tensor([0, 1]), torch.tensor([8, 9]), torch.tensor([[1.0, 2.0], [3.0, 4.0]]).double())
    worst = keeper.finish()
    assert worst.of(0, 1, 20).rows.tolist() == [8]
    assert len(worst.of(1, 1, 20)) == 1


def test_what_is_kept_stays_small():
    for groups in (1, 20, 447, 1000, 4096):
        assert kept_a_cell(groups) * 16 * groups**2 <= 64 << 20 or kept_a_cell(groups) == 1
