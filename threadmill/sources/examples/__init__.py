"""A tiny file of each format, with invented people: `<source_format>.<ending>`."""

from importlib import resources


def list_examples() -> dict[str, str]:
    """Return the name of each example's file by its `source_format`, sorted."""
    files = (one.name for one in resources.files(__name__).iterdir())
    return {name.partition(".")[0]: name for name in sorted(files) if not name.startswith("__")}


def read_example(name: str) -> str:
    """Return the text of the example in the file `name`."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
