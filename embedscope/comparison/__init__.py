"""Two spaces of the same items: how their distances, neighbourhoods and shapes differ."""
