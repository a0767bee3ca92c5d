"""Results as pictures: the widget with its panes, and still pictures of the same."""
