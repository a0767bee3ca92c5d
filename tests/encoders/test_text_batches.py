"""Token lists become padded tensors on either side."""

from __future__ import annotations

import pytest
import torch

from embedscope.encoders.text_batches import pad_batch, text_budget

CPU = torch.device("cpu")
LISTS = {"input_ids": [[5, 6, 7], [8], [9, 10]], "token_type_ids": [[1, 1, 1], [1], [1, 1]]}


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_equals_torchs_own(side):
    batch = pad_batch(LISTS, {"input_ids": 99}, side, CPU)
    ids = torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(row) for row in LISTS["input_ids"]], True, 99, padding_side=side
    )
    assert torch.equal(batch["input_ids"], ids)
    assert torch.equal(batch["attention_mask"], (ids != 99).long())
    assert torch.equal(batch["token_type_ids"], (ids != 99).long())


def test_equal_lengths_are_not_padded():
    batch = pad_batch({"input_ids": [[1, 2], [3, 4]]}, {}, "right", CPU)
    assert batch["attention_mask"].all()


def test_a_text_without_tokens_is_all_padding():
    batch = pad_batch({"input_ids": [[], [3]]}, {}, "right", CPU)
    assert batch["attention_mask"].tolist() == [[0], [1]]


def test_the_persons_batch_size_is_kept():
    assert text_budget(CPU, 3).items == 3
    assert text_budget(torch.device("cuda"), None).tokens > text_budget(CPU, None).tokens
