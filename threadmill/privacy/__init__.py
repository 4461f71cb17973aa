"""People's words are personal data: keys, what a profile leaves of the rows, and what isn't stored in the clear."""

VERSION = 1  # of its rows; CONTRIBUTING.md says when to raise it
