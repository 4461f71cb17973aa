"""Threadmill: raw comment threads in, analytic tables out.

The rooms, in the order of the data:

    pipeline   the conductor: `run` names the stages and calls the rooms below; it computes nothing itself
    fetch      0  watched threads of sites with open JSON → raw files
    read       1  raw bytes → documents: text, or a reject
    sources    2  text → threads and comments, one module or package per format
    threads    3  all documents of a thread → the thread: ids, captures, hosts, language, duplicates
    replies    4  who answers whom: given by the source, or inferred with a probability
    mentions   5  what is talked about, who is addressed, what is cited
    topics     6  curated and discovered topics
    models     7  the queries of sql/ → aggregates, and the checks they must pass
    publish    8  a snapshot becomes current: catalog, manifest, and the one step that swaps it
    figures    figures that name nobody: counted, suppressed, rounded, released once a week
    privacy    what a profile leaves of the rows, keys; what is erased for good
    storage, schema            ground: what lies on disk; every table, column and metric
    cli, schedule, flows       entries: the commands; scheduled runs and the Prefect flows
    report, export, measure    readers of what is published; benchmarks, evaluation and training

Imports point down; `make lint` holds them to it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadmill.pipeline import run
    from threadmill.publish.catalog import connect

__all__ = ["connect", "run"]
__version__ = "0.2.0"


def __getattr__(name: str) -> Any:
    # Both cost imports that the other doesn't need.
    if name == "run":
        from threadmill.pipeline import run

        return run
    if name == "connect":
        from threadmill.publish.catalog import connect

        return connect
    raise AttributeError(f"module 'threadmill' has no attribute {name!r}")
