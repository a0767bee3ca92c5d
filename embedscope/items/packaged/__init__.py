"""Data sets that come inside packages, one a file: a card, the hashes of the data files, a loader."""
