"""Image data sets that a person has as a folder, in the layout they are handed out in."""
