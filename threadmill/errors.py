"""The errors that Threadmill raises on purpose: catch `ThreadmillError` for all of them.

Nothing is imported here, so that every room can raise and catch them at no cost.
"""


class ThreadmillError(Exception):
    """Something that Threadmill itself reports; the text is a sentence for people."""


class Mistake(ThreadmillError, ValueError):  # noqa: N818 # the word for it everywhere
    """A mistake in what a user gave: place, finding and what to do. Also a `ValueError`."""


class Locked(ThreadmillError):  # noqa: N818 # names the state of the folder
    """Another run holds the lock of the processed folder."""


class RunFailed(ThreadmillError):  # noqa: N818 # names what happened
    """The run ended without publishing; what was published stays. The text says why."""


class BrokenTable(ThreadmillError, ValueError):  # noqa: N818 # names what happened
    """Rows aren't what their table declares. The text names table, columns and counts, and holds no value."""


class WorkerFailed(ThreadmillError):  # noqa: N818 # names what happened
    """A worker process ended, or hit an internal error."""
