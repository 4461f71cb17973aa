"""Threadmill: raw comment threads in, analytic tables out.

The modules in the order of the pipeline:

    discover   raw documents on disk, and which of them changed
    plan       what a run has to do, and why
    sidecars   what a person says of a thread that its page doesn't
    reading    changed documents → parsed rows, by bucket on disk
      documents  bytes → text, or a reject (dumps: what is too large or packed)
      sources    text → threads and comments, one module per format
      comments   ids, authors and times of comments (times)
    fill       the parsed tables, bucket by bucket: milled (workers) or taken over
      buckets    what milling a bucket is, in order:
      captures   several captures of a thread → one (orders: which comments those show to be top level)
      hosts      who a thread belongs to
      replies    who answers whom, where the source lost it
      duplicates what is said again
      mentions   what is talked about, whom it addresses, what it cites, with its place
    topics     curated and discovered topics → topic_terms
    models     sql/ in the order of its inputs
    checks     what published tables must obey
    publish    snapshots, and the one step that makes one current
    catalog    the DuckDB file people and BI tools open
    lineage    what the published files come from, for manifest.json
    metrics    what each metric is → docs/metrics.md
    export     what is published, for other tools
    summary    what a run prints
    report     what is published, as a page for people
    inspect    what a file is taken for, before it is milled
    project    where a project stands, and how a new one begins

`pipeline` runs them in `steps`, `cli` and `refresh` (the Prefect flow) run the pipeline, `serve` keeps the
flow on a schedule, `status` says how runs ended, `schema` declares every table and column, and `tables` is
the one gate to disk. `resources` finds what lies beside the code, `wording` says counts, `bench` measures,
`trees` are raw files with true trees for measuring replies, `docs` writes the pages that code knows best.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadmill.pipeline import run
    from threadmill.publish.catalog import connect

__all__ = ["connect", "run"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Both cost imports that the other doesn't need.
    if name == "run":
        from threadmill.pipeline import run

        return run
    if name == "connect":
        from threadmill.publish.catalog import connect

        return connect
    raise AttributeError(f"module 'threadmill' has no attribute {name!r}")
