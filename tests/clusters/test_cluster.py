from __future__ import annotations

import numpy as np
import pytest

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.clusters import Clusters, cluster
from embedscope.layouts import layout


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(0)
    return np.repeat(rng.standard_normal((3, 16)), 60, axis=0) + 0.2 * rng.standard_normal((180, 16))


@pytest.fixture(scope="module")
def space(vectors):
    texts = [
        f"{what} number {n}" for what in ("apple orchard", "steel bridge", "violin sonata") for n in range(60)
    ]
    return es.Space.from_arrays(vectors, ids=range(180), items=es.Items.from_texts(texts))


@pytest.fixture(scope="module")
def made(space):
    return layout(space)


def agree(clusters):
    groups = [set(clusters.labels[part * 60 : part * 60 + 60].tolist()) - {-1} for part in range(3)]
    return len(groups[0] | groups[1] | groups[2]) == 3 and all(len(group) == 1 for group in groups)


def test_groups_on_the_map_are_named_by_their_texts(space, made):
    clusters = cluster(space, made)
    assert clusters.on == "map"
    assert agree(clusters)
    assert {frozenset(name.split(", ")) for name in clusters.names} >= {frozenset({"apple", "orchard"})}
    assert clusters.parameters == {"min_cluster_size": 7, "min_samples": 5, "random_state": 0}


def test_groups_on_the_vectors(space):
    clusters = cluster(space, on="vectors")
    assert clusters.on == "vectors"
    assert agree(clusters)


def test_the_map_is_made_where_it_is_not_given(space, made):
    np.testing.assert_array_equal(cluster(space).labels, cluster(space, made).labels)


def test_bare_vectors_and_coordinates_get_numbers_for_names(vectors, made):
    clusters = cluster(vectors, made.coords)
    assert clusters.names == ("cluster 1", "cluster 2", "cluster 3")


def test_images_are_named_by_their_labels(vectors, made):
    items = es.Items.from_images(
        [np.full((4, 4), row, np.uint8) for row in range(180)],
        columns={"label": ["cat"] * 60 + ["dog"] * 60 + ["owl"] * 60},
    )
    clusters = cluster(es.Space.from_arrays(vectors, ids=items.ids, items=items), made)
    assert set(clusters.names) == {"cat", "dog", "owl"}


def test_summary_lists_every_item_once(space, made):
    clusters = cluster(space, made)
    table = clusters.summary()
    assert sum(table.column("items")) == 180
    assert table.column("name")[: len(clusters)] == list(clusters.names)
    assert clusters.sizes.sum() + (clusters.labels < 0).sum() == 180
    assert clusters._repr_html_().count("<tr>") == len(table) + 1


def test_names_of_labels():
    clusters = Clusters(np.array([0, -1], np.int32), np.array([1, 0], np.float32), ("fruit",), "map", {})
    assert (clusters.name_of(0), clusters.name_of(np.int32(-1))) == ("fruit", "unclustered")
    assert repr(clusters) == "Clusters(1 of 2 items on the map, 50% unclustered)"
    with pytest.raises(InputError, match="from 0 to 0"):
        clusters.name_of(1)


@pytest.mark.parametrize("n", [1, 2, 6])
@pytest.mark.parametrize("on", ["map", "vectors"])
def test_a_few_items_are_in_no_cluster(n, on):
    clusters = cluster(np.eye(8)[:n], np.zeros((n, 2)), on=on)
    assert len(clusters) == 0
    assert clusters.unclustered == 1
    assert len(clusters.summary()) == 1


def test_what_does_not_fit_is_refused(vectors, made):
    with pytest.raises(InputError, match="layout is of 10 items, the space of 180"):
        cluster(vectors, made.coords[:10])
    with pytest.raises(InputError, match="min_cluster_size=1"):
        cluster(vectors, made, min_cluster_size=1)
    with pytest.raises(MissingError, match="map, vectors"):
        cluster.__wrapped__(vectors, made, on="maps")
