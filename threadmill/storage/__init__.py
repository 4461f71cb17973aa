"""What is on disk between the stages: the one gate of every table, and rows by bucket."""

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it
