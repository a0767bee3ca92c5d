"""Maps of spaces: coordinates with their trust."""

from __future__ import annotations

from embedscope.layouts.layout import Layout, layout
from embedscope.layouts.trust import MapTrust, map_trust

__all__ = ["Layout", "MapTrust", "layout", "map_trust"]
