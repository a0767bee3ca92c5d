"""Folders in the layouts that data sets are handed out in, made small and read for real."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage
from scipy.io import savemat

import embedscope as es
from embedscope._errors import EmbedscopeWarning, InputError, MissingError


def picture(place: Path, shade: int = 100) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    PILImage.new("RGB", (6, 4), (shade % 256, 90, 30)).save(place)


def write(place: Path, *lines: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def cub(tmp_path: Path) -> Path:
    root = tmp_path / "CUB_200_2011"
    classes = {1: "001.Black_footed_Albatross", 100: "100.Brown_Pelican", 101: "101.White_Pelican"}
    files = [f"{name}/{name[4:]}_{n:04d}_{n}.jpg" for name in classes.values() for n in (1, 2)]
    for number, file in enumerate(files):
        picture(root / "images" / file, number)
    codes = [code for code in classes for _ in (1, 2)]
    write(root / "images.txt", *(f"{n} {file}" for n, file in enumerate(files, 1)))
    write(root / "image_class_labels.txt", *(f"{n} {code}" for n, code in enumerate(codes, 1)))
    write(root / "classes.txt", *(f"{code} {name}" for code, name in classes.items()))
    write(root / "train_test_split.txt", *(f"{n} {n % 2}" for n in range(1, 7)))
    return root


def test_cub(cub: Path) -> None:
    items = es.load_items(f"cub:{cub}")
    assert es.load_items(f"cub:{cub.parent}").ids == items.ids
    assert items.ids[0] == "001.Black_footed_Albatross/Black_footed_Albatross_0001_1.jpg"
    assert items.column("split").tolist() == ["train"] * 4 + ["test"] * 2
    assert set(items.column("domain").tolist()) == {"cub"}
    test = es.load_items(f"cub:{cub}", split="test", check=True)
    assert test.column("label").tolist() == ["101.White_Pelican"] * 2
    assert test.payloads[0].open().size == (6, 4)
    split = es.load_items(f"cub:{cub}", protocol="classification").column("split").tolist()
    assert split == ["train", "test"] * 3


def test_cub_with_something_missing(cub: Path) -> None:
    with pytest.raises(MissingError, match="no split 'val'; there are train, test, all"):
        es.load_items(f"cub:{cub}", split="val")
    with pytest.raises(InputError, match="protocol='zero-shot'"):
        es.load_items(f"cub:{cub}", protocol="zero-shot")
    (cub / "classes.txt").unlink()
    with pytest.raises(MissingError, match=r"CUB-200-2011: There is no '.*classes\.txt'.*data\.caltech\.edu"):
        es.load_items(f"cub:{cub}")
    (cub / "images.txt").unlink()
    with pytest.raises(MissingError, match=r"looked for '.*images\.txt' and '.*CUB_200_2011/images\.txt'"):
        es.load_items(f"cub:{cub}")
    with pytest.raises(MissingError, match="There is no folder"):
        es.load_items("cub:/nowhere")
    with pytest.raises(InputError, match="cub:/path/to/it"):
        es.load_items("cub:")


def test_cub_whose_files_do_not_fit(cub: Path) -> None:
    write(cub / "image_class_labels.txt", "1 1", "2 7 8")
    with pytest.raises(InputError, match=r"line 2: 3 fields; wanted 2"):
        es.load_items(f"cub:{cub}")
    write(cub / "image_class_labels.txt", "1 1")
    with pytest.raises(InputError, match="do not fit together"):
        es.load_items(f"cub:{cub}")


def test_an_image_that_is_not_there_is_reported(cub: Path) -> None:
    (cub / "images" / "100.Brown_Pelican" / "Brown_Pelican_0001_1.jpg").unlink()
    with pytest.warns(EmbedscopeWarning, match="1 of 6"):
        assert len(es.load_items(f"cub:{cub}")) == 5
    with pytest.raises(InputError, match="there is no file"):
        es.load_items(f"cub:{cub}", on_error="raise")


@pytest.fixture
def cars(tmp_path: Path) -> Path:
    names = np.array([f"Maker Model {code} 2012" for code in range(1, 197)], object)
    kind = [
        ("relative_im_path", object),
        *((f"bbox_{c}", object) for c in ("x1", "y1", "x2", "y2")),
        ("class", object),
        ("test", object),
    ]
    codes = [1, 98, 99, 196]
    annotations = np.empty((1, len(codes)), kind)
    for place, code in enumerate(codes):
        file = f"car_ims/{place + 1:06d}.jpg"
        picture(tmp_path / file, place)
        annotations[0, place] = (file, 1, 1, 6, 4, code, place % 2)
    savemat(tmp_path / "cars_annos.mat", {"annotations": annotations, "class_names": names[None]})
    return tmp_path


def test_cars196(cars: Path) -> None:
    items = es.load_items(f"cars196:{cars}", check=True)
    assert items.ids[0] == "car_ims/000001.jpg"
    assert items.column("label").tolist() == [f"Maker Model {code} 2012" for code in (1, 98, 99, 196)]
    assert items.column("split").tolist() == ["train", "train", "test", "test"]
    split = es.load_items(f"cars196:{cars}", protocol="classification").column("split").tolist()
    assert split == ["train", "test", "train", "test"]
    (cars / "cars_annos.mat").write_bytes(b"no mat file")
    with pytest.raises(InputError, match="cannot be read as Cars196's annotations"):
        es.load_items(f"cars196:{cars}")
    (cars / "cars_annos.mat").unlink()
    with pytest.raises(MissingError, match=r"cars_annos\.mat"):
        es.load_items(f"cars196:{cars}")


def test_sop(tmp_path: Path) -> None:
    root = tmp_path / "Stanford_Online_Products"
    head = "image_id class_id super_class_id path"
    files = ["bicycle_final/111_0.JPG", "bicycle_final/111_1.JPG", "chair_final/222_0.JPG"]
    for file in files:
        picture(root / file)
    write(root / "Ebay_train.txt", head, f"1 1 1 {files[0]}", f"2 1 1 {files[1]}")
    write(root / "Ebay_test.txt", head, f"3 11319 4 {files[2]}")
    items = es.load_items(f"sop:{tmp_path}")
    assert items.ids == tuple(files)
    assert items.column("label").tolist() == ["1", "1", "11319"]
    assert items.column("split").tolist() == ["train", "train", "test"]
    assert items.column("category").tolist() == ["bicycle", "bicycle", "chair"]
    (root / "Ebay_test.txt").unlink()
    with pytest.raises(MissingError, match=r"Ebay_test\.txt.*cvgl\.stanford\.edu"):
        es.load_items(f"sop:{root}")


@pytest.mark.parametrize("nested", [True, False])
def test_inshop(tmp_path: Path, nested: bool) -> None:
    files = [f"img/WOMEN/Dresses/id_0000000{n}/0{n}_1_front.jpg" for n in (1, 2, 2, 3)]
    files[2] = files[2].replace("front", "side")
    lines = [
        f"{file}  {file.split('/')[3]}  {split}"
        for file, split in zip(files, ("train", "query", "gallery", "gallery"), strict=True)
    ]
    for file in files:
        picture(tmp_path / ("Img" if nested else "") / file)
    partition = tmp_path / ("Eval/" if nested else "") / "list_eval_partition.txt"
    write(partition, "4", "image_name item_id evaluation_status", *lines)
    items = es.load_items(f"inshop:{tmp_path}", check=True)
    assert items.column("label").tolist() == ["id_00000001", "id_00000002", "id_00000002", "id_00000003"]
    assert items.column("split").tolist() == ["train", "query", "gallery", "gallery"]
    assert items.column("category").tolist() == ["WOMEN/Dresses"] * 4
    assert len(es.load_items(f"inshop:{tmp_path}", split="gallery")) == 2
    write(partition, "1", "image_name item_id evaluation_status", f"{files[0]} id_1 trian")
    with pytest.raises(InputError, match="'trian'; wanted train, query, gallery"):
        es.load_items(f"inshop:{tmp_path}")


@pytest.fixture
def uned(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    parts = {
        ("cars", "test"): [("cars/car_ims/000001.jpg", 4), ("cars/car_ims/000002.jpg", 4)],
        ("met", "train"): [("met/MET/1.jpg", 7)],
        ("met", "test"): [("met/test_met/2.jpg", [7, 9])],
        ("met", "index"): [("met/MET/1.jpg", 7)],
    }
    for (domain, split), entries in parts.items():
        file = root / "info_files" / domain / f"{split}.json"
        write(file, json.dumps([{"path": path, "class_id": code} for path, code in entries]))
        for path, _ in entries:
            picture(root / "images" / path)
    return root


def test_uned(uned: Path) -> None:
    items = es.load_items(f"uned:{uned}", check=True)
    assert es.load_items(f"uned:{uned.parent}").ids == items.ids
    assert items.column("domain").tolist() == ["cars"] * 2 + ["met"] * 3
    assert items.column("split").tolist() == ["test", "test", "train", "test", "index"]
    assert items.column("label").tolist() == ["4", "4", "7", "7", "7"]
    assert items.column("labels").tolist()[3] == "7 9"
    assert {"met/train/met/MET/1.jpg", "met/index/met/MET/1.jpg"} < set(items.ids)
    assert es.load_items(f"uned:{uned}", split="test", domains=["met"]).ids == (
        "met/test/met/test_met/2.jpg",
    )


def test_uned_file_names_that_an_archiver_escaped(uned: Path) -> None:
    write(
        uned / "info_files/rp2k/test.json", json.dumps([{"path": "rp2k/all/test/百事/1.jpg", "class_id": 0}])
    )
    picture(uned / "images/rp2k/all/test/#U767e#U4e8b/1.jpg")
    items = es.load_items(f"uned:{uned}", domains=["rp2k"])
    assert items.ids == ("rp2k/test/rp2k/all/test/百事/1.jpg",)
    assert items.payloads[0].open().size == (6, 4)


def test_uned_that_cannot_be_read(uned: Path) -> None:
    with pytest.raises(MissingError, match="domain of UnED in this folder is called 'sop'"):
        es.load_items(f"uned:{uned}", domains=["sop"])
    write(uned / "info_files/cars/test.json", json.dumps([{"file": "a.jpg"}]))
    with pytest.raises(InputError, match=re.escape("wanted a list of {'path', 'class_id'}; an entry is")):
        es.load_items(f"uned:{uned}", domains=["cars"])
    write(uned / "info_files/cars/test.json", "[")
    with pytest.raises(InputError, match="is no JSON"):
        es.load_items(f"uned:{uned}", domains=["cars"])


def test_an_option_that_the_layout_does_not_take(cub: Path) -> None:
    with pytest.raises(InputError, match="sprit"):
        es.load_items(f"cub:{cub}", sprit="train")
    assert len(es.load_items(f"cub:{cub}", sample=2)) == 2
