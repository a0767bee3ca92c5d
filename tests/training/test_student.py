"""Student: a net on kept features or on decoded images, its head started, and what cannot be read left out."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.encoders.net_files import load_net
from embedscope.training.inputs import DecodedImages, KeptFeatures
from embedscope.training.student import make_student
from tests.training.pictures import SIZE, data_of, picture_files, pictures, quick, saved_net, two_domains


def silent(text: str) -> None:
    raise AssertionError(text)


def first(inputs, count: int = 4) -> torch.Tensor:
    return inputs.load(np.arange(count), np.zeros(count, np.int64))[0]


@pytest.fixture
def net(tmp_path) -> str:
    return f"trained:{saved_net(tmp_path / 'net')}"


@pytest.mark.parametrize("blocks", [0, 1, None])
def test_a_net_that_was_trained_goes_on_as_it_is(net, blocks):
    data = data_of(two_domains())
    student = make_student(net, quick(trained_blocks=blocks, variants=2), data, silent)
    whole = load_net(net.partition(":")[2])
    transform = whole.config.transform()
    with torch.no_grad():
        wanted = whole(torch.stack([transform(p.open()) for p in data.train.payloads[:4]]))
        found = student.model(first(student.train))
        torch.testing.assert_close(found, wanted, atol=2e-3, rtol=0)
        held = student.model(first(student.validation))
    assert held.shape == (4, 8)
    assert student.data.train.ids == data.train.ids
    kind = DecodedImages if blocks is None else KeptFeatures
    assert isinstance(student.train, kind)
    assert student.train.variants == (2 if blocks is not None else 1 << 31)
    assert not any(part.training for part in student.model.modules())
    trained = sum(p.numel() for p in student.model.parameters() if p.requires_grad)
    assert (trained == sum(p.numel() for p in student.net.parameters())) == (blocks is None)


def test_a_fresh_head_starts_from_principal_components():
    data = data_of(two_domains(), None)
    recipe = quick(image_size=SIZE, dims=4, trained_blocks=0)
    student = make_student("efficientnet_lite0", recipe, data, silent)
    again = make_student("efficientnet_lite0", recipe, data, silent)
    assert torch.equal(student.net.head.weight, again.net.head.weight)
    assert (student.net.dims, student.net.config.image_size, student.validation) == (4, SIZE, None)
    with torch.no_grad():
        pooled = student.model.pooled(first(student.train, 48)).double()
        centred = student.net.head(pooled.float()).double()
    # Components have nothing in common.
    covariance = (centred.T @ centred) / len(centred)
    off = covariance - torch.diag(covariance.diagonal())
    assert float(centred.mean(dim=0).abs().max()) < 1e-3
    assert float(off.abs().max()) < 1e-3 * float(covariance.diagonal().max())
    hidden = make_student("efficientnet_lite0", quick(image_size=SIZE, dims=4, hidden=6), data, silent)
    other = make_student("efficientnet_lite0", quick(image_size=SIZE, dims=4, hidden=6, seed=1), data, silent)
    assert hidden.net.head[0].weight.shape == (6, student.net.width)
    assert not torch.equal(hidden.net.head[0].weight, other.net.head[0].weight)
    few = data.take("train", np.arange(48) < 4)
    with pytest.raises(InputError, match="4 items came for 4 dims; wanted more"):
        make_student("efficientnet_lite0", recipe, few, silent)


@pytest.mark.parametrize("blocks", [1, None])
def test_what_cannot_be_read_at_the_start_is_told_and_left_out(net, tmp_path, blocks):
    items = {name: picture_files(tmp_path / name, pictures(name)) for name in ("flags", "logos")}
    data = data_of(items)
    lost, held = data.train.ids[20], data.validation.ids[0]
    (tmp_path / "logos" / f"{lost}.png").write_bytes(b"broken")
    (tmp_path / "flags" / f"{held}.png").unlink()
    said = []
    student = make_student(net, quick(trained_blocks=blocks), data, said.append)
    assert len(said) == 2
    assert f"Item {lost!r} (" in said[0]
    assert f"Item {held!r} (" in said[1]
    assert (len(student.data.train), len(student.data.validation)) == (31, 15)
    assert lost not in student.data.train.ids
    # The rows after it have moved up.
    whole = load_net(net.partition(":")[2])
    with torch.no_grad():
        found = student.model(student.train.load(np.array([20]), np.array([0]))[0])
        wanted = whole(whole.config.transform()(data.train.payloads[21].open())[None])
    torch.testing.assert_close(found, wanted, atol=2e-3, rtol=0)


def test_what_is_settled_is_not_settled_anew(net, tmp_path):
    data = data_of(picture_files(tmp_path, pictures("flags")), None)
    (tmp_path / "flags-3.png").write_bytes(b"broken")
    decoded = make_student(net, quick(trained_blocks=None), data, silent, is_settled=True)
    assert len(decoded.data.train) == 24
    with pytest.raises(InputError, match=r"Item 'flags-3' .*Put it back"):
        make_student(net, quick(), data, silent, is_settled=True)


def test_more_blocks_than_there_are_is_an_error(net):
    with pytest.raises(InputError, match=r"trained_blocks=99 came; 'test_efficientnet' has \d+ blocks"):
        make_student(net, quick(trained_blocks=99), data_of(pictures("flags")), silent)
