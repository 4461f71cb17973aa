"""Hash code so that a docstring, a comment or the layout of a line makes no difference.

Taking a module apart costs milliseconds, so hashes are kept in the checkout's `.cache/`, by size and time of the file.
"""

import ast
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SQL = re.compile(r"""('(?:[^']|'')*'|"[^"]*")|--[^\n]*|/\*.*?\*/""", re.DOTALL)


class CodeHashes:
    """Hashes of files of code, some of them known from before."""

    def __init__(self, checkout: Path) -> None:
        # The trees of other versions of Python differ.
        self.file = checkout / ".cache" / f"code-hashes.{sys.implementation.cache_tag}.json"
        self.known: dict[str, list[object]] = {}
        with suppress(OSError, ValueError):
            known = json.loads(self.file.read_bytes())
            self.known = known if isinstance(known, dict) else {}
        self.has_more = False

    def hash_files(self, files: Iterable[Path], folder: Path) -> str:
        """Return one hash of `files`, by their paths below `folder` and their code, whatever their order."""
        whole = hashlib.sha256()
        for file in sorted(files):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            whole.update(f"{name}\0{self._hash(name, file)}\0".encode())
        return whole.hexdigest()

    def keep(self) -> None:
        """Keep what is known for the next time, where the checkout can be written to."""
        if not self.has_more:
            return
        temporary = self.file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self.file.parent.mkdir(exist_ok=True)
            temporary.write_text(json.dumps(self.known), encoding="utf-8")
            temporary.replace(self.file)

    def _hash(self, name: str, file: Path) -> str:
        status = file.stat()
        stamp = [status.st_size, status.st_mtime_ns]
        known = self.known.get(name)
        if isinstance(known, list) and known[:2] == stamp and len(known) == 3:
            return str(known[2])
        found = hash_code(file)
        self.known[name] = [*stamp, found]
        self.has_more = True
        return found


def hash_code(file: Path) -> str:
    """Return a hash of what `file` does: of Python and SQL without comments and docstrings, of others all bytes."""
    content = file.read_bytes()
    with suppress(SyntaxError, ValueError):
        if file.suffix == ".py":
            content = _without_docstrings(content).encode()
        elif file.suffix == ".sql":
            content = _without_comments(content.decode("utf-8")).encode()
    return hashlib.sha256(content).hexdigest()


def _without_docstrings(code: bytes) -> str:
    """Return the tree of a module as text, without any string that only stands there."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [one for one in body if not _is_docstring(one)]
    return ast.dump(tree)


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _without_comments(query: str) -> str:
    lines = _SQL.sub(lambda found: found[1] or " ", query).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())
