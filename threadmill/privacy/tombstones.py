"""Recognise erased comments in rows that are read, by keyed hashes, and remove them before they are stored.

A tombstone holds no name, id or word of what was erased: it is an HMAC whose key lies outside of `data/`. So raw files
may stay as they are: whoever reads them again takes the same out again. Kinds of tombstones:

    author   an author's id: all comments with it, those of later captures too
    comment  a comment's id in one capture, with what stands for it, the same in all captures
    thread   a thread's id: it leaves with all it has
    capture  what the files of an erased thread are called: it isn't fetched any more
    name     a name, within the publication (or thread, or platform) where it means that author
    other    somebody else's comment whose id follows from words that rewriting masked, with the id that it keeps
    words    runs of an erased comment's words, within its thread: others' quotations of it
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill.errors import Mistake
from threadmill.privacy import erasures, keys, words
from threadmill.privacy.keys import Key
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads.erased import MARK, is_erased

Stone = dict[str, Any]
_NULLED = (
    "author_native_id", "author_handle", "author_url", "url", "like_count", "is_edited", "created_text",
    "parent_native_id",
)  # fmt: skip
_ID = r"[A-Za-z0-9_.-]+:[^\s,;\"']+"
"""What looks like an id in a sentence."""


class Name(NamedTuple):
    """What is known of an erased name."""

    standing: str | None
    """What stands for it; None if it is only another word for somebody."""
    is_plain: bool
    """Whether it may be written without a capital."""


class Tombstones:
    """What was erased from one raw folder."""

    def __init__(self, key: Key, stones: Iterable[Stone]) -> None:
        """Read `stones`, which were made with `key`."""
        self.key, self.stones = key, list(stones)
        self.fresh: list[Stone] = []
        """Those of comments that an erased author wrote since, as rows were read."""
        self.authors: dict[str, str] = {}
        self.comments: dict[str, str] = {}
        self.comment_threads: set[str] = set()
        self.others: dict[str, str] = {}
        self.threads: set[str] = set()
        self.captures: set[str] = set()
        self.names: dict[str, dict[str, Name]] = {}
        self.firsts: dict[str, set[str]] = {}
        self.longest = 1
        self.runs: dict[str, set[str]] = {}
        for stone in self.stones:
            self._add(stone)

    def with_more(self, stones: Iterable[Stone]) -> "Tombstones":
        """Return these and `stones`."""
        return Tombstones(self.key, [*self.stones, *stones])

    def _add(self, stone: Stone) -> None:
        kind = stone["kind"]
        if kind == "author":
            self.authors[stone["mac"]] = str(stone.get("as", stone["mac"]))
        elif kind == "comment":
            self.comments[stone["mac"]] = stone["as"]
            self.comment_threads.add(stone["thread"])
        elif kind == "other":
            self.others[stone["mac"]] = stone["id"]
        elif kind == "thread":
            self.threads.add(stone["mac"])
        elif kind == "capture":
            self.captures.add(stone["mac"])
        elif kind == "name":
            known = Name(stone["as"], stone["is_plain"])
            self.names.setdefault(stone["scope"], {})[stone["mac"]] = known
            self.firsts.setdefault(stone["scope"], set()).add(stone["first"])
            self.longest = max(self.longest, stone["words"])
        elif kind == "words":
            self.runs.setdefault(stone["thread"], set()).update(stone["macs"])

    # Hashes.

    def hash(self, kind: str, value: str) -> str:
        """Return the keyed hash of `value` as `kind`."""
        return self.key.derive(kind).hash(value)

    def _hash_all(self, kind: str, values: Iterable[str]) -> dict[str, str]:
        known = list(values)
        return dict(zip(known, self.key.derive(kind).hash_all(known), strict=True))

    # Making tombstones.

    def make_author(self, author_id: str) -> Stone:
        """Return the tombstone of an author."""
        return {"kind": "author", "mac": self.hash("author", author_id)}

    def make_same(self, before: pl.DataFrame, after: pl.DataFrame) -> list[Stone]:
        """Return tombstones for ids that comments and authors have `after` their document was rewritten, row by row."""
        stones: dict[str, Stone] = {}
        for old, new in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
            if old["comment_id"] != new["comment_id"]:
                stone = self.make_comment(new["comment_id"], new["thread_id"], "")
                if old["is_own"]:
                    stone["as"] = self.comments[self.hash("comment", old["comment_id"])]
                else:
                    stone = {"kind": "other", "mac": stone["mac"], "id": old["comment_id"]}
                stones[stone["mac"]] = stone
            if old["is_own"] and old["author_id"] != new["author_id"]:
                standing = self.authors.get(self.hash("author", old["author_id"] or ""))
                if standing and new["author_id"]:
                    stone = self.make_author(new["author_id"]) | {"as": standing}
                    stones[stone["mac"]] = stone
        return list(stones.values())

    def make_comment(self, comment_id: str, thread_id: str, merged_id: str) -> Stone:
        """Return the tombstone of a comment in one capture, `merged_id` in all of them together."""
        return {
            "kind": "comment",
            "mac": self.hash("comment", comment_id),
            "thread": self.hash("thread", thread_id),
            "as": self.hash("comment", merged_id),
        }

    def make_thread(self, thread_id: str) -> Stone:
        """Return the tombstone of a thread."""
        return {"kind": "thread", "mac": self.hash("thread", thread_id)}

    def make_capture(self, stem: str) -> Stone:
        """Return the tombstone of what the files of an erased thread are called, as `Document.thread`."""
        return {"kind": "capture", "mac": self.hash("capture", stem)}

    def make_name(self, name: str, scope: str, author_id: str | None) -> Stone:
        """Return the tombstone of a name; of another word for somebody if `author_id` is None."""
        folded = words.fold_name(name) or words.fold(name)
        return {
            "kind": "name",
            "mac": self.hash("name", folded),
            "first": self.hash("name", folded.partition(" ")[0]),
            "words": folded.count(" ") + 1,
            "scope": self.hash("scope", scope),
            "is_plain": name == name.lower(),
            "as": self.hash("author", author_id) if author_id else None,
        }

    def make_words(self, texts: Iterable[str], thread_id: str) -> Stone:
        """Return the tombstone of the words of erased comments of a thread."""
        runs = sorted({run for text in texts for _, run in words.list_runs(text)})
        macs = self.key.derive("words").hash_all(runs)
        return {"kind": "words", "thread": self.hash("thread", thread_id), "macs": macs}

    # Recognising.

    def take_out(self, rows: IdentifiedRows) -> IdentifiedRows:
        """Return `rows` without what was erased: threads leave; comments keep their place, and what stands for them.

        What is taken out of others' texts, names and quotations, is masked word by word.
        """
        threads, comments = rows
        if threads.is_empty():
            return rows
        threads, comments = self._drop_threads(threads), self._drop_threads(comments)
        if self.others:
            named = self._name_others(comments["comment_id"].unique())
            comments = comments.with_columns(pl.col("comment_id", "given_parent_id").replace(named))
        ids, authors = self._recognise(comments)
        return IdentifiedRows(
            self._hide_hosts(threads), self._hide_authors(self._empty(comments, ids, authors))
        )

    def is_thread_erased(self, stem: str, ids: Iterable[str]) -> bool:
        """Return whether a thread was erased whose files are called `stem`, or that has one of the `ids`."""
        return self.hash("capture", stem) in self.captures or any(
            mac in self.threads for mac in self._hash_all("thread", ids).values()
        )

    def rename(self, ids: pl.Series) -> pl.Series:
        """Return `ids` of comments, those of erased ones as what stands for them."""
        known = ids.drop_nulls().unique()
        return ids.replace(self._name_comments(known) | self._name_others(known))

    def mask_sentence(self, text: str | None) -> str | None:
        """Return a sentence of ours about a document, or what lies beside it, without erased names and ids."""
        if not text:
            return text
        said = pl.Series([text]).str.extract_all(_ID).explode(empty_as_null=False, keep_nulls=False)
        for before, after in self._name_comments(said).items():
            text = text.replace(before, after)
        for author_id, mac in self._hash_all("author", said).items():
            if mac in self.authors:
                text = text.replace(author_id, words.BOX)
        return self._mask(text, list(self.names), None)

    def _drop_threads(self, rows: pl.DataFrame) -> pl.DataFrame:
        gone = self._find("thread", rows["thread_id"], self.threads)
        return rows.filter(~pl.col("thread_id").is_in(gone)) if gone else rows

    def _find(self, kind: str, values: pl.Series, known: Any) -> list[str]:
        """Return those of `values` whose keyed hash is `known`."""
        if not known:
            return []
        hashed = self._hash_all(kind, values.drop_nulls().unique())
        return [value for value, mac in hashed.items() if mac in known]

    def _name_others(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the ids that those of `ids` keep whose documents were rewritten."""
        if not self.others:
            return {}
        hashed = self._hash_all("comment", ids)
        return {one: self.others[mac] for one, mac in hashed.items() if mac in self.others}

    def _name_comments(self, ids: Iterable[str]) -> dict[str, str]:
        """Return what stands for those of `ids` that were erased."""
        if not self.comments:
            return {}
        hashed = self._hash_all("comment", ids)
        return {
            one: f"{one.partition(':')[0]}:{MARK}{self.comments[mac]}"
            for one, mac in hashed.items()
            if mac in self.comments
        }

    def _recognise(self, comments: pl.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
        """Return what stands for the ids of erased comments, and of erased authors."""
        gone = self._find("author", comments["author_id"], self.authors)
        touched = self._find("thread", comments["thread_id"], self.comment_threads)
        here = comments.filter(pl.col("thread_id").is_in(touched))
        ids = self._name_comments(
            pl.concat([here["comment_id"], here["given_parent_id"].rename("comment_id")])
            .drop_nulls()
            .unique()
        )
        # Captured after the erasure: others, in other documents, may answer it.
        own = comments.filter(pl.col("author_id").is_in(gone)).select("comment_id", "thread_id")
        for comment_id, thread_id in own.unique().sort("comment_id").iter_rows():
            if comment_id not in ids:
                stone = self.make_comment(comment_id, thread_id, comment_id)
                ids[comment_id] = f"{comment_id.partition(':')[0]}:{MARK}{stone['as']}"
                self.fresh.append(stone)
        authors = {
            one: f"{one.partition(':')[0]}:{MARK}{self.authors[mac]}"
            for one, mac in self._hash_all("author", gone).items()
        }
        return ids, authors

    def _empty(
        self, comments: pl.DataFrame, ids: dict[str, str], authors: dict[str, str]
    ) -> pl.DataFrame:
        """Return `comments` of which erased ones have neither words nor names."""
        if not ids and not authors:
            return comments
        gone = is_erased("comment_id")
        renamed = comments.with_columns(
            pl.col("comment_id", "given_parent_id").replace(ids),
            author_id=pl.col("author_id").replace(authors),
        )
        standing = pl.col("author_id").str.extract(f"({MARK}[0-9a-f]+)$")
        return renamed.with_columns(
            *(pl.when(~gone).then(name).alias(name) for name in _NULLED),
            author_id=pl.when(~gone | is_erased("author_id")).then("author_id"),
            author_name=pl.when(~gone).then("author_name").otherwise(standing),
            # Captures agree on it, whatever each of them said.
            native_id=pl.when(~gone)
            .then("native_id")
            .otherwise(pl.col("comment_id").str.extract(f"({MARK}[0-9a-f]+)$")),
            text=pl.when(gone).then(pl.lit("")).otherwise("text"),
            word_count=pl.when(gone).then(0).otherwise("word_count").cast(pl.Int32),
            is_deleted=gone | pl.col("is_deleted"),
        )

    def make_mask(self, comments: pl.DataFrame) -> Callable[[str], str]:
        """Return what masks erased names and quotations in texts of the threads of `comments`."""
        scopes = [scope for scope, _ in self._list_scopes(comments)]
        threads = self._hash_all("thread", comments["thread_id"].unique().sort()).values()
        quoted = [mac for mac in threads if mac in self.runs]

        def mask(text: str) -> str:
            text = self._mask(text, scopes, None)
            for thread in quoted:
                text = self._mask(text, [], thread)
            return text

        return mask

    def name_standing(self, author_id: str) -> str | None:
        """Return what stands for the name of an erased author; None for others."""
        mac = self.authors.get(self.hash("author", author_id))
        return f"{MARK}{mac}" if mac else None

    def recognise(self, comments: pl.DataFrame) -> pl.Series:
        """Return which of `comments` are erased, as they are read."""
        ids, authors = self._recognise(comments)
        is_own = pl.col("comment_id").is_in(list(ids)) | pl.col("author_id").is_in(list(authors))
        return comments.select(is_own.fill_null(value=False)).to_series()

    # Names in what others wrote.

    def _hide_hosts(self, threads: pl.DataFrame) -> pl.DataFrame:
        for scope, rows in self._list_scopes(threads):
            within = pl.col("thread_id").is_in(rows["thread_id"].unique().implode())
            titles = {
                one: self._mask(one, [scope], None) for one in rows["title"].drop_nulls().unique()
            }
            threads = threads.with_columns(
                pl.when(within)
                .then(pl.col(name).replace(self._list_standing(rows[name], scope)))
                .otherwise(name)
                .alias(name)
                for name in ("host", "given_host")
            ).with_columns(
                pl.when(within).then(pl.col(name).replace(titles)).otherwise(name).alias(name)
                for name in ("title", "title_said")
            )
        return threads

    def _hide_authors(self, comments: pl.DataFrame) -> pl.DataFrame:
        """Return `comments` with erased names and quotations masked in others' texts and marks."""
        for scope, rows in self._list_scopes(comments):
            within = pl.col("thread_id").is_in(rows["thread_id"].unique().implode())
            comments = comments.with_columns(
                pl.when(within)
                .then(pl.col(name).replace(self._list_standing(rows[name], scope)))
                .otherwise(name)
                .alias(name)
                for name in ("liker", "replier")
            )
        texts = comments["text"].to_list()
        for row, thread, scopes in self._list_suspects(comments):
            texts[row] = self._mask(texts[row], scopes, thread)
        return comments.with_columns(text=pl.Series(texts, dtype=pl.String))

    def _list_scopes(self, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the hash of each scope with erased names, and its rows."""
        scopes = rows.select("platform", "scope").unique().drop_nulls().sort("platform", "scope")
        for platform, scope in scopes.iter_rows():
            mac = self.hash("scope", name_scope(platform, scope))
            if mac in self.names:
                yield mac, rows.filter(pl.col("platform") == platform, pl.col("scope") == scope)
        for thread_id, mac in self._hash_all("scope", rows["thread_id"].unique().sort()).items():
            if mac in self.names:
                yield mac, rows.filter(pl.col("thread_id") == thread_id)

    def _list_standing(self, names: pl.Series, scope: str) -> dict[str, str]:
        """Return what stands for erased ones among `names`, each one name or several with commas between."""
        known = self.names[scope]

        def stand(name: str) -> str:
            mac = self.hash("name", words.fold_name(name) or words.fold(name))
            return f"{MARK}{known[mac].standing}" if mac in known and known[mac].standing else name

        found = {}
        for said in names.drop_nulls().unique():
            standing = stand(said)
            if standing == said and ", " in said:
                standing = ", ".join(map(stand, said.split(", ")))
            if standing != said:
                found[said] = standing
        return found

    def _list_suspects(self, comments: pl.DataFrame) -> Iterator[tuple[int, str | None, list[str]]]:
        """Yield the rows that may hold a name or a quotation, with the hashes of their thread and scopes."""
        numbered = comments.with_row_index("row").select(
            "row", "thread_id", "platform", "scope", "text"
        )
        quoted = {
            thread_id: mac
            for thread_id, mac in self._hash_all("thread", numbered["thread_id"].unique()).items()
            if mac in self.runs
        }
        named: dict[int, list[str]] = {}
        for scope, rows in self._list_scopes(numbered):
            for row in self._find_named(rows, scope):
                named.setdefault(row, []).append(scope)
        here = numbered.filter(pl.col("thread_id").is_in(list(quoted)))
        threads = dict(here.select("row", "thread_id").iter_rows())
        for row in sorted({*named, *threads}):
            yield row, quoted.get(threads.get(row, "")), named.get(row, [])

    def _find_named(self, rows: pl.DataFrame, scope: str) -> list[int]:
        """Return the `row` of each of `rows` in which a word begins an erased name."""
        lowered = rows["text"].str.to_lowercase()
        said = (
            lowered.str.extract_all(r"\w+").explode(empty_as_null=False, keep_nulls=False).unique()
        )
        folded = {word: words.fold(word) for word in said}
        hashed = self._hash_all("name", set(folded.values()))
        first = [word for word in said if hashed[folded[word]] in self.firsts[scope]]
        return rows.filter(lowered.str.contains_any(first))["row"].to_list() if first else []

    def _mask(self, text: str, scopes: list[str], thread: str | None) -> str:
        """Return `text` with names erased in `scopes` and runs of words erased in `thread` masked."""
        cut = words.cut_words(text)
        masked: set[int] = set()
        for scope in scopes:
            for first, count in self._find_names(text, cut, scope):
                masked.update(range(first, first + count))
        if thread:
            runs = list(words.list_runs(text))
            macs = self.key.derive("words").hash_all(run for _, run in runs)
            for (first, _), mac in zip(runs, macs, strict=True):
                if mac in self.runs[thread]:
                    masked.update(range(first, first + words.RUN_WORDS))
        return words.mask_words(text, cut, masked) if masked else text

    def _find_names(
        self, text: str, cut: list[words.Word], scope: str
    ) -> Iterator[tuple[int, int]]:
        """Yield where erased names are among the words `cut` from `text`: the number of the first, and how many."""
        hashed = self._hash_all("name", {word.folded for word in cut})
        for first, word in enumerate(cut):
            if hashed[word.folded] not in self.firsts[scope]:
                continue
            for count in range(1, min(self.longest, len(cut) - first) + 1):
                whole = " ".join(one.folded for one in cut[first : first + count])
                known = self.names[scope].get(self.hash("name", whole))
                if known and words.may_be_name(text, cut, first, count, known.is_plain):
                    yield first, count


def name_scope(platform: str, scope: str) -> str:
    """Return where a name means one person, as one text; where that is a thread alone, it is the `thread_id`."""
    return f"{platform}\x1f{scope}"


def open_tombstones(raw: Path) -> Tombstones | None:
    """Return what was erased from the raw folder `raw`; None if nothing was.

    Raises:
        ValueError: the tombstones can't be read, or their key isn't there: no run may go on then.
    """
    stones = erasures.read_stones(raw)
    if not stones:
        return None
    try:
        key = keys.open_key(raw, keys.TOMBSTONES, erasures.read_key(raw))
        return Tombstones(key, stones)
    except ValueError as error:
        raise Mistake(f"{error}; without it a run would publish what was erased") from None
