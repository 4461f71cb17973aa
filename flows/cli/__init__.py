"""The command line: a module per family of commands, each of which adds its own to the app."""

import gc

# In the order of `threadmill --help`.
# isort: off
from flows.cli.base import app, ending
from flows.cli import runs, bring, ask, look, curate, measure
from flows.cli.runs import print_summary
# isort: on

__all__ = [
    "app",
    "ask",
    "bring",
    "curate",
    "ending",
    "look",
    "main",
    "measure",
    "print_summary",
    "runs",
]


def main() -> None:
    """Run the command line."""
    # Python would look for loops after every 700 objects, and find none, while modules are loaded and JSON is read.
    gc.set_threshold(100_000)
    with ending():
        app(prog_name="threadmill")
