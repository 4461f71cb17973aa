"""What a snapshot keeps for the next run without publishing it: Parquet, encrypted under a profile."""

from pathlib import Path

import polars as pl

from threadmill.storage.sealing import Seal, Unreadable

FOLDER = ".kept"
"""The folder of a snapshot with what isn't published but taken over by the next run."""


def write(snapshot: Path, name: str, rows: pl.DataFrame, seal: Seal | None) -> None:
    """Write `rows` as `name` to what `snapshot` keeps."""
    folder = snapshot / FOLDER
    folder.mkdir(exist_ok=True)
    if not seal:
        rows.write_parquet(folder / f"{name}.parquet")
        return
    with (folder / f"{name}.sealed").open("wb") as sink:
        sink.writelines(seal.seal_rows(rows.to_arrow().combine_chunks(), name))


def read(snapshot: Path, name: str, columns: pl.Schema, seal: Seal | None) -> pl.DataFrame:
    """Return what `snapshot` keeps as `name`; no rows where it keeps nothing that this key opens."""
    path = snapshot / FOLDER / f"{name}.{'sealed' if seal else 'parquet'}"
    # Release 0.1 kept nothing.
    if not path.is_file():
        return columns.to_frame()
    if not seal:
        return pl.read_parquet(path)
    try:
        rows = pl.from_arrow(seal.open_rows(path.read_bytes(), name))
    except Unreadable:
        return columns.to_frame()
    assert isinstance(rows, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
    return rows
