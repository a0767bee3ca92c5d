"""The line that says what a map shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from embedscope.clusters.cluster import Clusters
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.spaces.space import Space
from embedscope.views.facts import count_items, map_facts


def test_it_counts_items_and_says_encoder_trust_and_clusters(space, layout, clusters) -> None:
    facts = map_facts(space, layout, clusters)
    assert facts == "60 texts · 8 dims · UMAP, trustworthiness 0.97 · 3 clusters, 5 % unclustered"
    record = EncoderRecord("minilm", frozenset({"text"}), 8)
    assert "60 texts · minilm · UMAP" in map_facts(replace(space, encoder=record), layout, clusters)
    far = replace(record, name="trained:/home/ada/runs/student/model")
    assert "· trained:…/student/model ·" in map_facts(replace(space, encoder=far), layout, clusters)


def test_clusters_of_the_vectors_and_no_clusters(space, layout, clusters) -> None:
    assert "3 clusters of the vectors," in map_facts(space, layout, replace(clusters, on="vectors"))
    none = Clusters(np.full(60, -1, np.int32), np.zeros(60, np.float32), (), "map", {})
    assert map_facts(space, layout, none).endswith(" · no clusters")


def test_what_has_no_payload_is_an_item() -> None:
    assert count_items(Space.from_arrays(np.eye(3)).items) == "3 items"
    assert count_items(Items.from_images([np.zeros((4, 4), np.uint8)])) == "1 image"
