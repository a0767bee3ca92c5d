"""Groups of items with names."""

from __future__ import annotations

from embedscope.clusters.cluster import Clusters, cluster
from embedscope.clusters.levels import cluster_levels

__all__ = ["Clusters", "cluster", "cluster_levels"]
