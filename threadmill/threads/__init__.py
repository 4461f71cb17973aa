"""All documents of a thread → the thread: ids, captures, parents, and what its comments are like."""

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it
