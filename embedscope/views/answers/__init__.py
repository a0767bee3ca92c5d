"""One file for each kind of request that a pane makes."""
