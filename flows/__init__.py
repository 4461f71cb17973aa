"""Threadmill: raw comment threads in, analytic tables out.

The modules in the order of the pipeline:

    discover   raw documents on disk, and which of them changed
    plan       what a run has to do, and why
    sidecars   what a person says of a thread that its page doesn't
    documents  bytes → text, or a reject
    sources    text → threads and comments, one module per format
    comments   ids, host and times of comments
    reading    documents → parsed rows, by bucket on disk
    replies    who answers whom, where the source lost it
    mentions   identifiers in the text, with their place
    topics     curated topics → topic_terms
    fill       the parsed tables: bucket by bucket (buckets), milled or taken over
    models     sql/ in the order of its inputs
    checks     what published tables must obey
    publish    snapshots, and the one step that makes one current
    catalog    the DuckDB file people and BI tools open
    lineage    what the published files come from, for manifest.json
    metrics    what each metric is → docs/metrics.md
    export     what is published, for other tools
    trees      raw files with true trees, for measuring replies
    report     what is published, as a page for people
    project    where a project stands, and how a new one begins

`pipeline` runs them, `cli` and `refresh` (the Prefect flow) run the pipeline, `serve` keeps the flow on a
schedule, `status` says how runs ended, `schema` declares every table and column, and `tables` is the one
gate to disk.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.catalog import connect
    from flows.pipeline import run

__all__ = ["connect", "run"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Both cost imports that the other doesn't need.
    if name == "run":
        from flows.pipeline import run

        return run
    if name == "connect":
        from flows.catalog import connect

        return connect
    raise AttributeError(f"module 'flows' has no attribute {name!r}")
