"""Apply a profile to built rows, before the first byte of a snapshot is written.

Models, checks, reports and exports read what this leaves, and need no rule of their own.
"""

from collections.abc import Mapping

import polars as pl

from threadmill import schema
from threadmill.mentions.rules import people
from threadmill.privacy import calls, masking
from threadmill.privacy.keys import HASH_CHARS, Key
from threadmill.privacy.masking import QUOTATIONS
from threadmill.privacy.profiles import Profile
from threadmill.replies.explicit import ADDRESSED
from threadmill.schema import personal
from threadmill.threads.build import BuiltRows

LABEL_CHARS = 6
"""Digits of the keyed hash that a label shows: enough to tell the authors of a thread apart."""
WITHHELD = "withheld under the profile; a run under `full` says it"
"""The `reason` of rejects, whose own may quote names of files and what people wrote."""
_IDS = {
    "author": personal.columns_of(personal.AUTHOR),
    "comment": personal.columns_of(personal.COMMENT),
    "thread": personal.columns_of(personal.THREAD),
    "document": frozenset({"source_path", "capture_path"}),
    "content": frozenset({"source_sha256"}),
    "publication": frozenset({"publication", "site"}),
}
"""Kinds of ids that are hashed with a sub-key each, and the columns that hold them."""
_SCOPES = {"publication": "publication", "thread": "thread"}
_LABELS = {
    "person": "Person",
    "handle": "Handle",
    "email": "Address",
    "phone": "Number",
    "url": "Page",
}
_VERBATIM = (*QUOTATIONS, "hashtag", "abbreviation")
"""Kinds whose id is made of the words themselves."""


class Protector:
    """What a profile makes of rows; nothing of `full` comes here."""

    def __init__(self, profile: Profile, key: Key) -> None:
        """Take a profile and the project's key."""
        self.profile, self.key = profile, key
        self._hashed: dict[str, dict[str, str]] = {}

    # Ids.

    def hash_id(self, kind: str, value: str) -> str:
        """Return the keyed id of `kind` for one `value`, as `hash_ids` does for many."""
        return str(self.hash_ids(kind, pl.Series([value], dtype=pl.String))[0])

    def hash_ids(self, kind: str, values: pl.Series) -> pl.Series:
        """Return the keyed ids of `kind` for `values`, `<platform>:<hash>` for what has a platform; null for null."""
        coded = values.cast(pl.Categorical(pl.Categories.random()))
        known = coded.drop_nulls().unique()
        if known.is_empty():
            return values
        texts = known.cast(pl.String)
        ids = pl.Series(self._hash(kind, texts.to_list()))
        if kind in ("author", "comment", "thread"):
            ids = texts.str.extract(r"^([^:]*:)", 1).fill_null("") + ids
        # Codes count from 0, each distinct value one.
        by_code = ids.gather(known.to_physical().arg_sort())
        return by_code.gather(coded.to_physical()).alias(values.name)

    def _hash(self, kind: str, texts: list[str]) -> list[str]:
        """Return the keyed hashes of `texts`, those of this batch once."""
        hashed = self._hashed.setdefault(kind, {})
        new = [text for text in texts if text not in hashed]
        key = self.key.derive("id", kind, self.profile.release)
        hashed.update(zip(new, key.hash_all(new), strict=True))
        return [hashed[text] for text in texts]

    def hash_columns(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return `rows` with keyed ids in every column that `schema.personal` says holds ids."""
        hashed = [
            self.hash_ids(kind, rows[name])
            for kind, columns in _IDS.items()
            for name in rows.columns
            if name in columns
        ]
        return rows.with_columns(hashed)

    def label(self, word: str, ids: pl.Expr) -> pl.Expr:
        """Return `Author 7f3a91` for keyed `ids`; null for null."""
        return pl.lit(f"{word} ") + ids.str.tail(HASH_CHARS).str.head(LABEL_CHARS)

    def hash_documents(self, hashes: Mapping[str, str]) -> dict[str, str]:
        """Return `source_path` → `source_sha256` as published, for those of the documents themselves."""
        paths = self.hash_ids("document", pl.Series([*hashes], dtype=pl.String))
        content = self.hash_ids("content", pl.Series([*hashes.values()], dtype=pl.String))
        return dict(zip(paths, content, strict=True))

    # Rows.

    def protect(self, built: BuiltRows) -> BuiltRows:
        """Return `built` as it may be published; `left_out`, which isn't, stays."""
        # A batch's ids stand in many columns; all batches' would fill the memory.
        self._hashed.clear()
        texts = _Texts(built, self.profile.text == "none")
        comments = self._protect_comments(built.comments, texts)
        return BuiltRows(
            self._protect_threads(built.threads, built.comments, texts),
            comments,
            self._blur_times(self.hash_columns(built.replies)).with_columns(
                _mask_evidence("evidence")
            ),
            self.hash_columns(built.reply_candidates),
            self._protect_mentions(built.mentions, texts),
            self._protect_candidates(built.mention_candidates, texts),
            self._blur_times(self.hash_columns(built.captures)).sort(
                "bucket", "thread_id", maintain_order=True
            ),
            built.left_out,
        )

    def protect_rejects(self, rejects: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of `rejects` without what they quote and name."""
        hashed = self.hash_columns(rejects)
        key = ["source_path", "line", "reason_code"]
        withheld = hashed.with_columns(
            reason=pl.when(pl.col("reason").is_not_null()).then(pl.lit(WITHHELD)),
            excerpt=pl.lit(None, pl.String),
        )
        return withheld.sort(key)

    def protect_scopes(self, scopes: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of `topic_scopes` with keyed threads and publications."""
        kinds = [
            pl.when(pl.col("scope_kind") == scope).then(self.hash_ids(kind, scopes["scope"]))
            for scope, kind in _SCOPES.items()
        ]
        hashed = scopes.with_columns(scope=pl.coalesce(*kinds, "scope"))
        return hashed.sort(schema.TABLES["topic_scopes"].key)

    def protect_fetches(self, fetches: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of `fetches` with keyed sites and files, and without addresses."""
        blurred = self._blur_times(self.hash_columns(fetches))
        return blurred.with_columns(url=pl.lit(None, pl.String))

    def _protect_comments(self, comments: pl.DataFrame, texts: "_Texts") -> pl.DataFrame:
        named = comments["author_name"].is_not_null()
        hashed = self.hash_columns(comments)
        nothing = {name: pl.lit(None, pl.String) for name in ("author_handle", "author_url", "url")}
        return self._blur_times(
            hashed.with_columns(
                author_name=pl.when(named).then(self.label("Author", pl.col("author_id"))),
                text=texts.masked,
                parent_evidence=_mask_evidence("parent_evidence"),
                **nothing,
            )
        )

    def _protect_threads(
        self, threads: pl.DataFrame, comments: pl.DataFrame, texts: "_Texts"
    ) -> pl.DataFrame:
        hosts = comments.filter(pl.col("is_host") & pl.col("author_id").is_not_null())
        hosts = hosts.unique("thread_id", keep="first", maintain_order=True)
        known = threads.join(
            hosts.select("thread_id", host_id="author_id"),
            on="thread_id",
            how="left",
            maintain_order="left",
        )
        # A host who wrote no comment has no id; the thread and the name give one.
        silent = pl.concat_str("thread_id", pl.lit("\x1f"), "host_name")
        known = known.with_columns(host_id=pl.coalesce("host_id", silent))
        host_id = self.hash_ids("author", known["host_id"])
        title = pl.lit(None, pl.String)
        if self.profile.text != "none":
            title = pl.lit(texts.mask("title"))
        hashed = self.hash_columns(threads).with_columns(
            host_name=pl.when(pl.col("host_name").is_not_null()).then(
                self.label("Author", pl.lit(host_id))
            ),
            title=title,
            url=pl.lit(None, pl.String),
        )
        return self._blur_times(hashed).sort("thread_id")

    def _protect_mentions(self, mentions: pl.DataFrame, texts: "_Texts") -> pl.DataFrame:
        if mentions.is_empty():
            return mentions
        places = texts.place(mentions)
        kind = pl.col("kind")
        is_person = pl.lit(masking.is_masked(mentions))
        masked_name = texts.mask("canonical_name")
        rows = mentions.with_columns(
            start_char=places["start_char"],
            end_char=places["end_char"],
            is_touched=places["is_touched"] | (masked_name != mentions["canonical_name"]),
            is_person=is_person,
            masked_name=masked_name,
            # Who is meant, not how they are written.
            meant=pl.when(kind == "participant")
            .then(self.hash_ids("author", mentions["target_author_id"]))
            .otherwise(None),
        )
        # What stands within a name is gone with it.
        rows = rows.with_row_index("number").filter(
            pl.lit(~places["is_covered"]) | pl.col("is_person")
        )
        rows = rows.with_columns(surface=texts.cut(rows))
        is_hidden = pl.col("is_person") | pl.col("is_touched") | pl.col("kind").is_in(_VERBATIM)
        is_hashed = is_hidden & pl.col("meant").is_null()
        hidden_id = rows.select(pl.when(is_hashed).then("canonical_id"))["canonical_id"]
        hashed_id = self.hash_ids("mention", hidden_id)
        label = pl.col("kind").replace_strict(_LABELS, default="Name") + pl.lit(" ")
        hidden_name = (
            pl.when("is_person")
            .then(label + pl.lit(hashed_id).str.head(LABEL_CHARS))
            .otherwise("surface" if self.profile.text != "none" else pl.lit(masking.BOX))
        )
        rows = rows.with_columns(
            canonical_id=pl.when(pl.col("meant").is_not_null())
            .then(pl.concat_str(pl.lit("participant:"), "meant"))
            .when(is_hidden)
            .then(pl.concat_str("kind", pl.lit(":"), pl.lit(hashed_id)))
            .otherwise("canonical_id"),
            canonical_name=pl.when(pl.col("meant").is_not_null())
            .then(self.label("Author", pl.col("meant")))
            .when(is_hidden)
            .then(hidden_name)
            .otherwise("canonical_name"),
        )
        rows = rows.unique(
            ["comment_id", "start_char", "end_char", "kind"], keep="first", maintain_order=True
        )
        return self.hash_columns(rows.select(mentions.columns))

    def _protect_candidates(self, candidates: pl.DataFrame, texts: "_Texts") -> pl.DataFrame:
        if self.profile.text == "none":
            return candidates.clear()
        is_name = pl.col("candidate_kind") == "name"
        is_known = pl.lit(texts.mask("candidate")) != pl.col("candidate")
        # What is around it may hold the half of a name.
        kept = candidates.filter(~is_name, ~is_known).with_columns(example="candidate")
        return self.hash_columns(kept)

    def _blur_times(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return `rows` with times as exact as the profile says."""
        if self.profile.time == "exact":
            return rows
        is_none = self.profile.time == "none"
        changed: dict[str, pl.Expr] = {}
        for name in {"published_at", "captured_at", "fetched_at"}.intersection(rows.columns):
            changed[name] = _null(rows, name) if is_none else pl.col(name).dt.truncate("1d")
        for name in {"created_at", "created_text", "response_s"}.intersection(rows.columns):
            changed[name] = _null(rows, name)
        if "created_on" in rows.columns:
            fine, none = pl.col("created_precision").is_in(["second", "minute"]), pl.lit("none")
            finest = pl.lit("day")
            changed["created_precision"] = (
                none if is_none else pl.when(fine).then(finest).otherwise("created_precision")
            )
            if is_none:
                changed["created_on"] = _null(rows, "created_on")
                changed["is_created_resolved"] = pl.lit(value=False)
        return rows.with_columns(**changed)


class _Texts:
    """The comments' texts, and where people are in them."""

    def __init__(self, built: BuiltRows, is_left_out: bool) -> None:
        self.is_left_out = is_left_out
        self.rows = built.comments.select("comment_id", "thread_id", "text").with_row_index("row")
        mentions = built.mentions.join(
            self.rows.select("comment_id", "row"), on="comment_id", maintain_order="left"
        )
        authors = pl.concat(
            [
                people.list_authors(built.comments),
                _list_hosts(built.threads),
            ]
        )
        called = calls.find_called(self.rows, authors)
        named = masking.list_named(self.rows, mentions, called)
        words = masking.list_words(authors, named)
        self.beside = {
            "title": built.threads.select("thread_id", text="title"),
            "canonical_name": built.mentions.select("thread_id", text="canonical_name"),
            "candidate": built.mention_candidates.select("thread_id", text="candidate"),
        }
        own = self.rows.select("thread_id", "text")
        # All at once: what is searched for is prepared once.
        every = pl.concat([own, *self.beside.values()]).with_row_index("row")
        self.found = masking.find_words(every, words)
        in_comments = self.found.filter(pl.col("row") < self.rows.height)
        self.spans = masking.find_people(self.rows, mentions, in_comments, called)
        empty = pl.Series([""], dtype=pl.String).new_from_index(0, self.rows.height)
        self.masked = empty if is_left_out else masking.replace(self.rows, self.spans)

    def mask(self, column: str) -> pl.Series:
        """Return one of the columns `beside` the comments with those masked who are known in the thread."""
        start = self.rows.height
        for name, rows in self.beside.items():
            if name == column:
                break
            start += rows.height
        own = self.found.filter(pl.col("row").is_between(start, start + rows.height - 1))
        spans = masking.merge(own.with_columns(pl.col("row") - start))
        return masking.replace(rows.with_row_index("row"), spans)

    def place(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """Return where `mentions` are after masking, as `masking.shift`."""
        placed = mentions.select("comment_id", "start_char", "end_char").join(
            self.rows.select("comment_id", "row"),
            on="comment_id",
            how="left",
            maintain_order="left",
        )
        return masking.shift(placed, self.spans)

    def cut(self, mentions: pl.DataFrame) -> pl.Series:
        """Return the masked words at the places of `mentions`."""
        if self.is_left_out:
            return pl.Series([""], dtype=pl.String).new_from_index(0, mentions.height)
        rows = mentions.select("comment_id", start="start_char", end="end_char").join(
            self.rows.select("comment_id", "row"),
            on="comment_id",
            how="left",
            maintain_order="left",
        )
        return masking.cut(self.rows.select("row", text=self.masked), rows)


def _list_hosts(threads: pl.DataFrame) -> pl.DataFrame:
    """Return the hosts of `threads` as `people.list_authors` returns authors."""
    return threads.filter(pl.col("host_name").is_not_null()).select(
        "thread_id",
        author_id=pl.concat_str(pl.lit("host "), "host_name"),
        author_name="host_name",
        author_handle=pl.lit(None, pl.String),
        is_host=pl.lit(value=True),
    )


def _mask_evidence(column: str) -> pl.Expr:
    """Return evidence without the name of whom a text addresses."""
    return pl.col(column).str.replace(rf"({ADDRESSED}).*$", "${1}" + masking.BOX)


def _null(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.lit(None, rows.schema[name])
