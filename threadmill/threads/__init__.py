"""All documents of a thread → the thread: ids, captures, parents, and what its comments are like."""
