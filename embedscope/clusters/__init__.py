"""Groups of items with names."""

from __future__ import annotations

from embedscope.clusters.cluster import Clusters, cluster

__all__ = ["Clusters", "cluster"]
