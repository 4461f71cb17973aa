"""Find what an erasure removes: the comments, the places where names and words occur, and the tombstones."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from threadmill import paths, replies
from threadmill.errors import Mistake
from threadmill.mentions import read_packs
from threadmill.pipeline.taking_out import add_merged_ids, list_changed, read_all
from threadmill.privacy import words
from threadmill.privacy.scan import Needle
from threadmill.privacy.tombstones import Stone, Tombstones, name_scope
from threadmill.replies import evidence, frozen, priors
from threadmill.storage.parsed import Store
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads import build, captures, repeated_ids
from threadmill.wording import counted, did_you_mean

SENTENCE_CHARS = 40
"""Shorter sentences are no needles: others write them too."""
NAME_CHARS = 4
"""Shorter names are no needles: bytes of anything hold them by chance."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_PERSON = ("author_id", "author_name", "author_handle", "platform", "scope", "thread_id")
_WORDED = ("text", "author_name", "author_handle", "author_url", "url", "liker", "replier")
_TEXTS = ("comment_id", "thread_id", "merged_id", "path", "text", "url", "author_url")
_OWN = pl.Schema(dict.fromkeys(_TEXTS, pl.String))


class Wanted(NamedTuple):
    """What somebody asked to erase."""

    authors: tuple[str, ...] = ()
    """Names, handles or ids."""
    comments: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """What else the authors are called by others."""
    captured_before: datetime | None = None
    """Threads last captured before it leave too."""
    is_gone_at_source: bool = False
    """Whether comments that are gone at their source leave too."""


class Matched(NamedTuple):
    """What is erased."""

    lines: list[str]
    """What it is, in words, for whoever asked."""
    stones: list[Stone]
    needles: list[Needle]
    """What must not be found any more."""
    documents: list[str]
    """The raw files that hold it: documents, and what lies beside them."""
    frozen: pl.DataFrame
    """Parents that stay as they are, as `frozen.FROZEN`: all that did, and those of the threads concerned."""
    counts: dict[str, int]


class _Seen(NamedTuple):
    """Threads as they are built without the erasure."""

    built: build.BuiltRows
    frozen: pl.DataFrame
    orders: pl.DataFrame
    """As `captures.Merged` has them."""


def match(
    store: Store, wanted: Wanted, erased: Tombstones, jobs: int, kept: pl.DataFrame
) -> Matched:
    """Return what `wanted` means in the rows of `store`.

    Args:
        store: what every document says.
        wanted: what is to be erased.
        erased: what was erased before, and the key of tombstones.
        jobs: how many threads may work.
        kept: the parents that stay as they are already, as `frozen.FROZEN`.

    Raises:
        ValueError: something asked for isn't there, or a name is several authors'.
    """
    people = _list_people(store)
    authors = _resolve_authors(people, wanted.authors)
    hers = people.filter(pl.col("author_id").is_in(authors))
    rows = _read_threads(store, {*hers["thread_id"], *wanted.threads}, wanted.comments)
    is_whole = pl.col("thread_id").is_in(wanted.threads)
    whole = rows.comments.filter(is_whole)
    _refuse_unknown(wanted.threads, rows.threads["thread_id"], "thread")
    rest = IdentifiedRows(*(frame.filter(~is_whole) for frame in rows))
    seen = _build(rest, store, jobs, kept)
    own = _list_own(rest, seen, authors, wanted.comments)
    called = _list_names(hers, seen.built.mentions, wanted.also)
    said = _find_first_said(own, seen.built.comments)
    stones = [erased.make_thread(one) for one in wanted.threads]
    stems = rows.threads.filter(is_whole)["stem"].unique().sort()
    stones += [erased.make_capture(one) for one in stems]
    stones += [erased.make_author(one) for one in authors]
    stones += [
        erased.make_comment(*row)
        for row in own.select("comment_id", "thread_id", "merged_id")
        .unique()
        .sort("comment_id")
        .iter_rows()
    ]
    stones += [erased.make_name(*one) for one in called]
    stones += [erased.make_words(texts, thread_id) for thread_id, texts in said.items()]
    after = erased.with_more(stones)
    touched = {
        path for some in read_all(store) for path in list_changed(some, after.take_out(some))
    }
    documents = sorted({*touched, *own["path"], *whole["path"], *_list_sidecars(store, after)})
    sentences = _cut_sentences([*whole["text"], *(one for some in said.values() for one in some)])
    names = sorted({name for name, _, _ in called if len(name) >= NAME_CHARS})
    shared = _find_shared(store, after, names, sentences)
    count = own["merged_id"].n_unique() + whole["comment_id"].n_unique()
    return Matched(
        _describe(hers, wanted, count, documents, shared),
        stones,
        _list_needles(
            pl.concat([own, _as_own(whole)]),
            hers,
            [one for one in names if one not in shared],
            [one for one in sentences if one not in shared],
        ),
        documents,
        _rename_frozen(pl.concat([seen.frozen, _drop_known(kept, seen.frozen)]), after),
        {
            "authors": len(authors),
            "threads": len(wanted.threads),
            "comments": count,
            "documents": len(documents),
            "stand_elsewhere_too": len(shared),
        },
    )


def _list_people(store: Store) -> pl.DataFrame:
    """Return one row per author, way to write the name, and thread."""
    frames = [some.comments.select(_PERSON).unique() for some in read_all(store)]
    none = pl.DataFrame(schema=dict.fromkeys(_PERSON, pl.String))
    return pl.concat([none, *frames]).unique().drop_nulls("author_id").sort(_PERSON)


def _resolve_authors(people: pl.DataFrame, wanted: Collection[str]) -> list[str]:
    """Return the ids of the authors `wanted`, each by its id, handle or name.

    Raises:
        ValueError: there is none, or there are several.
    """
    known = people.with_columns(
        pl.col(name)
        .map_elements(words.fold, pl.String)
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .alias(f"{name}_folded")
        for name in ("author_name", "author_handle")
    )
    found = []
    for one in wanted:
        if one in people["author_id"]:
            found.append(one)
            continue
        folded = " ".join(words.fold(one).split())
        is_called = (pl.col("author_name_folded") == folded) | (
            pl.col("author_handle_folded").is_in([folded, folded.removeprefix("@"), f"@{folded}"])
        )
        ids = known.filter(is_called)["author_id"].unique().sort().to_list()
        if not ids:
            names = people["author_name"].drop_nulls().unique().to_list()
            hint = did_you_mean(one, names, "write the name as the page does, or the author_id")
            raise Mistake(f'author: nobody is called "{one}"; {hint}')
        if len(ids) > 1:
            raise Mistake(
                f'author: "{one}" is {len(ids)} authors, {", ".join(ids)}; give --author with the ids of those who are '
                'meant (threadmill sql "select author_id, thread_id, count(*) from comments group by all" says where '
                "each writes)"
            )
        found += ids
    return sorted(set(found))


def _refuse_unknown(wanted: Collection[str], known: Collection[str], what: str) -> None:
    for one in wanted:
        if one not in known:
            raise Mistake(f"{what}: there is no {one}; write its {what}_id")


def _read_threads(store: Store, threads: set[str], comments: Collection[str]) -> IdentifiedRows:
    """Return the rows of `threads` and of those that have one of `comments`.

    Raises:
        ValueError: one of `comments` isn't there.
    """
    frames: list[IdentifiedRows] = []
    seen: set[str] = set()
    for some in read_all(store):
        asked = some.comments.filter(pl.col("comment_id").is_in(list(comments)))
        seen.update(asked["comment_id"])
        ids = sorted({*threads, *asked["thread_id"]})
        frames.append(
            IdentifiedRows(*(rows.filter(pl.col("thread_id").is_in(ids)) for rows in some))
        )
    _refuse_unknown(comments, seen, "comment")
    if not frames:
        raise Mistake("nothing has been read yet; `threadmill run` reads the raw threads")
    return IdentifiedRows(*(pl.concat(part) for part in zip(*frames, strict=True)))


def _build(rows: IdentifiedRows, store: Store, jobs: int, kept: pl.DataFrame) -> _Seen:
    """Return the threads of `rows` as a run builds them."""
    vocabulary = paths.vocabulary_folder()
    contested = store.find_contested_ids(jobs)
    anchors = store.read_whole("anchors").select(list(evidence.SCHEMA))
    inferred: list[Any] = []

    def record(*arguments: Any) -> Any:
        inferred.append(frozen.keep_frozen(replies.infer, kept)(*arguments))
        return inferred[-1]

    built = build.build_threads(
        rows,
        read_packs(vocabulary),
        priors.read(vocabulary / priors.FILE),
        anchors,
        contested,
        record,
    )
    orders = captures.merge_captures(
        rows.threads, repeated_ids.settle_ids(rows.comments, contested).comments
    ).orders
    frames = [frozen.freeze(one.parents, one.candidates) for one in inferred]
    return _Seen(
        built,
        pl.concat([frozen.FROZEN.to_frame(), *frames]),
        orders,
    )


def _list_own(
    rows: IdentifiedRows, seen: _Seen, authors: list[str], comments: Collection[str]
) -> pl.DataFrame:
    """Return one row per comment that is erased and capture of it, as `_OWN`; `merged_id` is the same in all."""
    known = add_merged_ids(rows.comments, seen.orders)
    is_hers = pl.col("author_id").is_in(authors)
    published = seen.built.comments.filter(is_hers)["comment_id"]
    ids = pl.concat([published, pl.Series(list(comments), dtype=pl.String)])
    ids = pl.concat([ids, known.filter(pl.col("comment_id").is_in(list(comments)))["merged_id"]])
    # Of one comment alone the author stays.
    own = known.filter(is_hers | pl.col("merged_id").is_in(ids.implode()))
    return own.with_columns(author_url=pl.when(is_hers).then("author_url")).select(list(_OWN))


def _as_own(comments: pl.DataFrame) -> pl.DataFrame:
    none = pl.lit(None, pl.String)
    return comments.with_columns(merged_id="comment_id", author_url=none).select(list(_OWN))


def _list_names(
    hers: pl.DataFrame, mentions: pl.DataFrame, also: Collection[str]
) -> list[tuple[str, str, str | None]]:
    """Return each name of the authors with the scope where it means them, and the author whom it stands for."""
    found: dict[tuple[str, str], str | None] = {}
    meant = mentions.filter(pl.col("target_author_id").is_in(hers["author_id"].unique().to_list()))
    for thread_id, surface in (
        meant.select("thread_id", "surface").unique().sort("thread_id", "surface").iter_rows()
    ):
        found[surface.strip("@"), thread_id] = None
    for row in hers.iter_rows(named=True):
        scope = name_scope(row["platform"], row["scope"])
        for name in also:
            found[name, scope] = None
        for name in (row["author_handle"], row["author_name"]):
            if name:
                found[name.removeprefix("@"), scope] = row["author_id"]
    return [(name, scope, author) for (name, scope), author in sorted(found.items()) if name]


def _find_first_said(own: pl.DataFrame, comments: pl.DataFrame) -> dict[str, list[str]]:
    """Return the texts of erased comments by thread, without what others had said before: that is theirs."""
    found: dict[str, list[str]] = {}
    for (thread_id,), rows in own.group_by("thread_id", maintain_order=True):
        whole = comments.filter(pl.col("thread_id") == thread_id).sort("position")
        ids = set(rows["merged_id"])
        theirs: set[str] = set()
        said: list[str] = []
        for comment_id, text in whole.select("comment_id", "text").iter_rows():
            if comment_id in ids:
                versions = rows.filter(merged_id=comment_id)["text"].unique(maintain_order=True)
                said += [_cut_out(one, theirs) for one in versions]
            else:
                theirs.update(run for _, run in words.list_runs(text))
        found[str(thread_id)] = said
    return found


def _cut_out(text: str, runs: set[str]) -> str:
    """Return `text` with a line end instead of each run of words that is among `runs`."""
    cut = words.cut_words(text)
    quoted = {
        number
        for first, run in words.list_runs(text)
        if run in runs
        for number in range(first, first + words.RUN_WORDS)
    }
    pieces, at = [], 0
    for number in sorted(quoted):
        pieces += [text[at : cut[number].start], "\n"]
        at = cut[number].end
    return "".join([*pieces, text[at:]])


def _list_sidecars(store: Store, after: Tombstones) -> list[str]:
    """Return the files beside documents that hold what is erased."""
    said = store.read_whole("beside").drop_nulls("text")
    return [
        file
        for file, text in said.select("file", "text").iter_rows()
        if after.mask_sentence(text) != text
    ]


def _find_shared(
    store: Store, after: Tombstones, names: list[str], sentences: list[str]
) -> set[str]:
    """Return those of `names` and `sentences` that are left elsewhere: others may be called the same, or say so too."""
    wanted = [*names, *sentences]
    rules = {name: re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in names}
    rules |= {sentence: re.compile(re.escape(sentence)) for sentence in sentences}
    shared: set[str] = set()
    for some in read_all(store) if wanted else ():
        left = after.take_out(some).comments
        for column in _WORDED:
            said = left[column].drop_nulls()
            for text in said.filter(said.str.contains_any(wanted)):
                shared.update(
                    one for one, rule in rules.items() if one in text and rule.search(text)
                )
    return shared


def _cut_sentences(texts: list[str]) -> list[str]:
    """Return the sentences that are long enough to be somebody's own, each once."""
    cut = {part.strip() for text in texts for part in _SENTENCE_END.split(text)}
    return sorted(
        one
        for one in cut
        if len(one) >= SENTENCE_CHARS and len(words.cut_words(one)) >= words.RUN_WORDS
    )


def _list_needles(
    own: pl.DataFrame, hers: pl.DataFrame, names: list[str], sentences: list[str]
) -> list[Needle]:
    """Return what must not be found any more: ids, addresses, names, and sentences."""
    ids = [*hers["author_id"].unique(), *own["comment_id"].unique(), *own["merged_id"].unique()]
    addresses = [*own["url"].drop_nulls().unique(), *own["author_url"].drop_nulls().unique()]
    kinds = {
        "id": sorted(set(ids)),
        "address": sorted(set(addresses)),
        "name": names,
        "sentence": sentences,
    }
    return [
        Needle(f"{kind} {number}", text, kind != "sentence", kind in ("id", "address"))
        for kind, found in kinds.items()
        for number, text in enumerate(found, 1)
    ]


def _drop_known(kept: pl.DataFrame, newer: pl.DataFrame) -> pl.DataFrame:
    return kept.join(newer, on="comment_id", how="anti", maintain_order="left")


def _rename_frozen(rows: pl.DataFrame, erased: Tombstones) -> pl.DataFrame:
    """Return frozen `rows` with what stands for erased comments."""
    columns = ("comment_id", "parent_comment_id", "candidate_id")
    return rows.with_columns(erased.rename(rows[name]) for name in columns)


def _describe(
    hers: pl.DataFrame, wanted: Wanted, count: int, documents: list[str], shared: set[str]
) -> list[str]:
    lines = [
        f"{author_id}, called {', '.join(names.drop_nulls().unique().sort())}: in "
        f"{counted(threads.n_unique(), 'thread')}"
        for author_id, names, threads in _group_people(hers)
    ]
    lines += [f"comment {one}" for one in wanted.comments]
    lines += [f"thread {one}, whole" for one in wanted.threads]
    lines.append(f"{counted(count, 'comment')}, in {counted(len(documents), 'raw file')}:")
    lines += [f"  {path}" for path in documents]
    if shared:
        one = "name or sentence stands"
        many = "names or sentences stand"
        lines.append(
            f"{counted(len(shared), one, many)} elsewhere too, as somebody else's, and isn't looked for"
        )
    return lines


def _group_people(hers: pl.DataFrame) -> Iterator[tuple[str, pl.Series, pl.Series]]:
    for (author_id,), rows in hers.group_by("author_id", maintain_order=True):
        yield str(author_id), rows["author_name"], rows["thread_id"]
