"""Raw bytes → documents: one row of text per file, or per chunk of a dump."""

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it
