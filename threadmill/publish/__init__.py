"""Make a snapshot current: its files, its catalog and its manifest."""

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it
