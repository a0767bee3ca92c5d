"""What is embedded: items of texts or images, pairs of texts, and the packaged data sets."""
