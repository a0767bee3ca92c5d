"""Teachers: specialists of every kind as what travels, and their vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embedscope import Items, Space
from embedscope._errors import InputError, MissingError
from embedscope.training.gathered import gather
from embedscope.training.teachers import as_teacher, keep_teachers, teach_vectors, vectors_folder
from tests.training.pictures import drawn, picture_files, pictures, saved_net, two_domains


def space_of(items: Items, seed: int = 0, dims: int = 3) -> Space:
    vectors = np.random.default_rng(seed).standard_normal((len(items), dims)).astype(np.float32)
    return Space.from_arrays(vectors, ids=list(items.ids))


def test_names_and_folders_travel_as_such(tmp_path):
    gathered = gather(two_domains(), None)
    assert as_teacher("timm:efficientnet_lite0", "flags", gathered).source == "timm:efficientnet_lite0"
    for folder in (tmp_path, str(tmp_path)):
        teacher = as_teacher(folder, "flags", gathered)
        assert (teacher.source, teacher.space) == (f"trained:{tmp_path}", None)
    with pytest.raises(MissingError, match="minilmm"):
        as_teacher("minilmm", "flags", gathered)


def test_vectors_are_matched_by_id_and_kept(tmp_path):
    items = two_domains()
    gathered = gather(items, 0.34)
    # More than is wanted, in another order.
    more = space_of(Items.from_images(drawn(5, 8), ids=[*items["flags"].ids[::-1], *map(str, range(16))]))
    teacher = as_teacher(more, "flags", gathered)
    keep_teachers(
        {"flags": teacher, "logos": as_teacher(str(tmp_path), "logos", gathered)}, tmp_path / "kept"
    )
    assert [folder.name for folder in (tmp_path / "kept").iterdir()] == ["flags"]
    for part in (gathered.joined().train, gathered.joined().validation):
        mine = part.take(part.column("domain") == "flags")
        found = teach_vectors(teacher.source, vectors_folder(tmp_path / "kept", "flags"), mine)
        np.testing.assert_array_equal(found, more.subset(mine.ids).vectors)
        assert found.dtype == np.float32
    assert as_teacher(more, "flags", gathered).source == teacher.source
    assert as_teacher(space_of(items["flags"], 1), "flags", gathered).source != teacher.source


def test_ids_that_do_not_match_are_told(tmp_path):
    gathered = gather(two_domains(), 0.34)
    with pytest.raises(InputError, match="none of 24 of the 24 items of its domain, for example 'flags-"):
        as_teacher(space_of(pictures("logos")), "flags", gathered)
    with pytest.raises(InputError, match=r"none of 1 of the 24 .*'flags-23': their ids do not match"):
        as_teacher(space_of(pictures("flags").take(range(23))), "flags", gather(two_domains(), None))


def test_row_numbers_in_both_parts_are_fit_for_encoders_and_not_for_vectors(tmp_path):
    def plain(seed):
        return Items.from_images(drawn(3, 2, seed), columns={"label": list("aabbcc")})

    gathered = gather({"flags": plain(0)}, {"flags": plain(1)})
    with pytest.raises(InputError, match="of 'flags' have ids in common"):
        as_teacher(space_of(plain(0)), "flags", gathered)
    from embedscope import load_encoder

    encoder = load_encoder(saved_net(tmp_path / "net"))
    teacher = as_teacher(encoder, "flags", gathered)
    data = gathered.joined()
    keep_teachers({"flags": teacher}, tmp_path / "kept")
    for part in (data.train, data.validation):
        found = teach_vectors(teacher.source, tmp_path / "kept" / "flags", part)
        np.testing.assert_allclose(found, encoder.encode(part.payloads), atol=1e-6)


def test_a_name_is_loaded_where_its_vectors_are_wanted(tmp_path):
    items, net = pictures("flags"), f"trained:{saved_net(tmp_path / 'net')}"
    found = teach_vectors(net, tmp_path / "none", items, "cpu")
    assert found.shape == (24, 8)
    files = picture_files(tmp_path / "files", pictures("flags", seed=3))
    (tmp_path / "files" / "flags-7.png").unlink()
    with pytest.raises(InputError, match=r"Item 'flags-7' \(.*No such file or directory\. Put it back"):
        teach_vectors(net, tmp_path / "none", files, "cpu")


def test_a_domain_of_any_name_has_a_folder_of_its_own():
    root = Path("teachers")
    names = ["emoji", "a/b", "..", "", "a" * 300, "with space", "ñandú", "a\nb", "a/c"]
    found = [vectors_folder(root, name) for name in names]
    assert all(folder.parent == root for folder in found)
    assert len(set(found)) == len(names)
    assert all(".." not in folder.name and len(folder.name) < 100 for folder in found)
    assert (found[0].name, found[5].name) == ("emoji", "with space")
