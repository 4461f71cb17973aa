"""The same job as a careful script would do it: Python, pandas, networkx. `python plain.py RAW OUT VOCABULARY`.

Reads copied pages, rebuilds replies by the two-line rule, finds identifiers and terms, and writes threads,
comments, replies, mentions and the engagement of comments, threads, authors and pairs. It leaves out what
the pipeline has beyond that: probabilities, topics, captures, checks, most aggregates.
"""

import csv
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

Row = dict[str, Any]
IDENTIFIERS = {
    "url": re.compile(r"https?://[^\s<>\"]+"),
    "doi": re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+"),
    "pmid": re.compile(r"\bPMID:?\s*(\d{1,8})\b"),
    "pmcid": re.compile(r"\bPMC\d{3,8}\b"),
    "email": re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b"),
    "handle": re.compile(r"(?<![\w@.])@\w+"),
    "hashtag": re.compile(r"(?<![\w&#])#\w+"),
}


def main(raw: Path, out: Path, vocabulary: Path) -> None:
    """Write the tables for the pages below `raw` to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    known = _terms(vocabulary)
    said: list[Row] = []
    mentions: list[Row] = []
    for path in sorted(raw.rglob("*.txt")):
        page = list(_comments(path.relative_to(raw).as_posix(), path.read_text(encoding="utf-8")))
        _answer(page)
        _measure(page)
        for comment in page:
            mentions += _mentions(comment, known)
        said += page
    comments = pd.DataFrame(said)
    replies = comments[comments["parent_comment_id"].notna()].merge(
        comments[["comment_id", "author_id"]].rename(
            columns={"comment_id": "parent_comment_id", "author_id": "parent_author_id"}
        ),
        on="parent_comment_id",
    )
    found = pd.DataFrame(mentions)
    tables = {
        "comments": comments,
        "replies": replies[
            [
                "comment_id",
                "thread_id",
                "parent_comment_id",
                "author_id",
                "parent_author_id",
                "depth",
            ]
        ],
        "mentions": found,
        **_engagement(comments, replies, found),
    }
    for name, table in tables.items():
        table.to_parquet(out / f"{name}.parquet", compression="zstd", index=False)


def _comments(thread: str, text: str) -> Iterator[Row]:
    author, created, body, is_head, position = "", None, [""], False, 0
    previous = "User's avatar"
    seen: dict[str, int] = {}
    for line in text.split("\n"):
        if line == "Expand full comment":
            words = "\n".join(body).strip("\n")
            key = hashlib.md5(f"{thread}\x1f{author}\x1f{words}".encode()).hexdigest()[:20]  # noqa: S324
            seen[key] = seen.get(key, 0) + 1
            yield {
                "comment_id": key if seen[key] == 1 else f"{key}-{seen[key]}",
                "thread_id": thread,
                "position": position,
                "author_id": f"{thread}:{author.lower()}",
                "author_name": author,
                "created_text": created,
                "text": words,
                "word_count": len(words.split()),
            }
            position, is_head = position + 1, False
        elif line.endswith("'s avatar") and previous in ("User's avatar", "Expand full comment"):
            author, created, body, is_head = line.removesuffix("'s avatar"), None, [], True
        elif is_head and line:
            created = line if created is None else created
        else:
            is_head = False
            body.append(line)
        previous = line


def _answer(page: list[Row]) -> None:
    """Say whom each comment answers: who spoke two before and comes again answers the one between."""
    for place, comment in enumerate(page):
        author = comment["author_id"]
        answers = (
            place > 1
            and page[place - 2]["author_id"] == author
            and page[place - 1]["author_id"] != author
        )
        comment["parent_comment_id"] = page[place - 1]["comment_id"] if answers else None


def _measure(page: list[Row]) -> None:
    """Give each comment its depth, root, and how much hangs below it."""
    graph = nx.DiGraph()
    graph.add_nodes_from(comment["comment_id"] for comment in page)
    graph.add_edges_from(
        (comment["parent_comment_id"], comment["comment_id"])
        for comment in page
        if comment["parent_comment_id"]
    )
    depths: dict[str, int] = {}
    roots: dict[str, str] = {}
    below = dict.fromkeys(graph, 0)
    for name in nx.topological_sort(graph):
        above = next(iter(graph.predecessors(name)), None)
        depths[name] = depths[above] + 1 if above else 0
        roots[name] = roots[above] if above else name
    for name in reversed(list(nx.topological_sort(graph))):
        below[name] = sum(below[child] + 1 for child in graph.successors(name))
    for comment in page:
        name = comment["comment_id"]
        comment["depth"], comment["root_comment_id"] = depths[name], roots[name]
        comment["descendant_count"] = below[name]


def _terms(vocabulary: Path) -> dict[str, tuple[str, str]]:
    found = {}
    for path in sorted(vocabulary.glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("term") and row.get("kind"):
                    found[row["term"].lower()] = row["kind"], row.get("canonical") or row["term"]
    return found


def _mentions(comment: Row, known: dict[str, tuple[str, str]]) -> Iterator[Row]:
    text = comment["text"]
    base = {name: comment[name] for name in ("comment_id", "thread_id", "author_id")}
    for kind, pattern in IDENTIFIERS.items():
        for match in pattern.finditer(text):
            yield base | {"start_char": match.start(), "surface": match[0], "kind": kind}
    words = list(re.finditer(r"\w+", text))
    for first in range(len(words)):
        for last in range(first, min(first + 3, len(words))):
            surface = text[words[first].start() : words[last].end()]
            if surface.lower() in known:
                kind, name = known[surface.lower()]
                start = words[first].start()
                yield base | {"start_char": start, "surface": surface, "kind": kind, "name": name}


def _engagement(
    comments: pd.DataFrame, replies: pd.DataFrame, mentions: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    answered = replies.groupby("parent_comment_id").size().rename("reply_count")
    mentioned = mentions.groupby("comment_id").size().rename("mention_count")
    per_comment = comments[["comment_id", "thread_id", "author_id", "depth", "descendant_count"]]
    per_comment = per_comment.join(answered, on="comment_id").join(mentioned, on="comment_id")
    per_comment = per_comment.fillna({"reply_count": 0, "mention_count": 0})
    per_thread = comments.groupby("thread_id", as_index=False).agg(
        comment_count=("comment_id", "size"),
        author_count=("author_id", "nunique"),
        reply_count=("parent_comment_id", "count"),
        deepest=("depth", "max"),
        word_count=("word_count", "sum"),
    )
    per_author = comments.groupby("author_id", as_index=False).agg(
        comment_count=("comment_id", "size"), thread_count=("thread_id", "nunique")
    )
    received = replies.groupby("parent_author_id").size().rename("received_reply_count")
    pairs = replies.groupby(["author_id", "parent_author_id"], as_index=False).agg(
        reply_count=("comment_id", "size")
    )
    return {
        "comment_engagement": per_comment,
        "thread_engagement": per_thread,
        "author_engagement": per_author.join(received, on="author_id"),
        "author_pairs": pairs,
    }


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
