"""All documents of a thread → the thread: ids, captures, parents, and properties of its comments."""

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it
