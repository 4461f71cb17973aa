"""Put raw files below a folder, mill them, and read the tables that come out."""

from pathlib import Path

import polars as pl

from threadmill import pipeline
from threadmill.publish import snapshots


def put(tmp_path: Path, name: str, content: str | bytes) -> Path:
    """Write a raw file; `name` begins with its platform."""
    path = tmp_path / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def run(tmp_path: Path, full: bool = False) -> pipeline.Summary:
    """Mill all raw files put so far."""
    return pipeline.run(tmp_path / "raw", tmp_path / "processed", full=full)


def table(tmp_path: Path, name: str) -> pl.DataFrame:
    """Return a published table."""
    place = snapshots.locate_current(tmp_path / "processed") / name
    return pl.read_parquet(place if place.is_dir() else f"{place}.parquet")
