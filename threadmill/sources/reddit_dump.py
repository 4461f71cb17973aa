"""Reddit: comments and posts as objects, on lines (Pushshift, Arctic Shift) or in a list (their APIs, bdfr)."""

import re
from collections.abc import Callable, Mapping

import orjson
import polars as pl

from threadmill.read import rejects
from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.schema.frames import COMMENT, THREAD, Parsed, fill_columns
from threadmill.sources import counts, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import Count
from threadmill.sources.nested import Rejects
from threadmill.sources.reddit_objects import (
    LIST,
    REQUEST,
    REQUEST_MARKS,
    XML,
    XML_MARKS,
    YAML,
    YAML_MARKS,
    list_objects,
)

FORMAT = "reddit_dump_ndjson"
GONE = ("[deleted]", "[removed]")
SITE = "https://www.reddit.com"
_NAMES = (
    "id author body created_utc edited is_submitter link_id parent_id permalink score score_hidden "
    "subreddit title num_comments"
)
NEITHER = (
    "neither a comment (with link_id, parent_id or body) nor a post (with title or num_comments)"
)
NUMBERED = re.compile(rb'"parent_id"\s*:\s*\d')
BODIES = {FORMAT: r'"body"\s*:\s*(?:[^n\s]|n[^u])', XML: "<body>"}
"""Regexes of a body that isn't null."""
UNEDITED = ("false", "False", "FALSE", "0", "0.0")
"""Pandas writes false as 0, and CSVs as Python does."""
NOTHING = ("", "null", "NaN", "nan", "None")
"""How scripts write that there is nothing."""
ID_MAX_CHARS = 7
"""Comments of 2026 have ids of 7 characters."""
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
PIECE_BYTES = 64 * 2**10
"""Shorter pieces of a dump in which a line is bad are read line by line."""
OBJECT = pl.Schema(dict.fromkeys(_NAMES.split(), pl.String))
"""What is read of a line; everything as text, as dumps of different years differ in types."""


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents have objects with Reddit's ids, on lines or in a list."""
    text = pl.col("text").str
    # A line may be long or broken, so neither its end nor the place of a key in it is tested.
    is_lines = text.contains(r'(?m)^[ \t]*\{[^\n]*"(?:id|name)"\s*:')
    is_list = text.contains(r"\A\s*[\[{]") & text.contains(r'"id"\s*:')
    is_own = text.contains(r'"(?:link_id|parent_id|is_self|num_comments)"\s*:')
    return documents.select((is_lines | is_list) & is_own).to_series()


def _recognise_by(marks: tuple[str, ...]) -> Callable[[pl.DataFrame], pl.Series]:
    return lambda documents: nested.match_all(documents["text"], *marks)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of dumps, or of parts of them.

    A line that isn't an object with an id is a reject; the rest goes on.
    """
    texts = documents["text"]
    rows = documents.select("path", "platform", "first_line", "line_count").iter_rows()
    parts = [
        _parse_chunk(path, platform, first_line, line_count, texts.slice(place, 1))
        for place, (path, platform, first_line, line_count) in enumerate(rows)
    ]
    return Parsed(*(pl.concat(frames) for frames in zip(*parts, strict=True)))


def _parse_chunk(
    path: str, platform: str, first_line: int, line_count: int | None, text: pl.Series
) -> Parsed:
    faulty = Rejects()
    content = text.cast(pl.Binary).item()
    own_format, lines = FORMAT, content
    if first_line == 1 and (listed := list_objects(content, frozenset(OBJECT), faulty)):
        own_format, lines = listed
        line_count = None
    objects = _read_objects(lines, first_line, faulty, line_count)
    if own_format != FORMAT:
        objects = objects.with_columns(line=pl.lit(None, pl.Int64))
    is_comment, is_post = _is_comment(), _is_post()
    comment_rows, posts = objects, objects.clear()
    if not objects.select(is_comment.all()).item():
        comment_rows, posts = objects.filter(is_comment), objects.filter(is_post)
        for line, own_id in objects.filter(~is_comment & ~is_post).select("line", "id").rows():
            faulty.append(Reject("bad_line", NEITHER, line, f"id {own_id}"))
    comment_rows = _find_threads(comment_rows)
    comments = _build_comments(comment_rows, posts, content).with_columns(path=pl.lit(path))
    threads = _build_threads(posts, comment_rows, comments).with_columns(
        path=pl.lit(path), source_format=pl.lit(own_format)
    )
    mark = BODIES.get(FORMAT if own_format == LIST else own_format)
    count = Count(text.str.count_matches(mark).item(), "objects with a body") if mark else None
    # A post may have a body too, and a broken line.
    spare = posts["body"].count() + faulty.count
    differs = counts.compare(count, comments["body"].count(), refused=spare)
    refused = [*faulty, *([differs._replace(line=first_line)] if differs else [])]
    return Parsed(
        fill_columns(threads, THREAD),
        fill_columns(comments, COMMENT),
        rejects.build_frame(
            reject._replace(source_path=path, platform=platform) for reject in refused
        ),
    )


def _is_comment() -> pl.Expr:
    """Return which objects are comments: they name what is above them, or have words and nothing that posts have."""
    is_below = pl.col("link_id").is_not_null() | pl.col("parent_id").is_not_null()
    return is_below | (
        pl.col("body").is_not_null() & pl.col("title").is_null() & pl.col("num_comments").is_null()
    )


def _is_post() -> pl.Expr:
    """Return which objects are posts; a title with a body may be a row of anything."""
    is_named = pl.col("title").is_not_null() & pl.col("body").is_null()
    return ~_is_comment() & (is_named | pl.col("num_comments").is_not_null())


def _find_threads(objects: pl.DataFrame) -> pl.DataFrame:
    """Return comments with their post's id as `thread`: as given, as the address or the parents above give it."""
    parent = pl.col("parent_id")
    found = objects.with_columns(
        thread=pl.coalesce(
            pl.col("link_id").str.strip_prefix("t3_"),
            pl.when(parent.str.starts_with("t3_")).then(parent.str.slice(3)),
            pl.col("permalink").str.extract(r"/comments/([0-9a-z]+)"),
        )
    )
    if not found["thread"].has_nulls():
        return found
    ids = found["id"].str.strip_prefix("t1_").to_list()
    threads = dict(zip(ids, found["thread"], strict=True))
    above = dict(zip(ids, found["parent_id"].str.strip_prefix("t1_"), strict=True))
    for own_id in ids:
        way = []
        here = own_id
        while here in threads and threads[here] is None and here not in way:
            way.append(here)
            here = above[here]
        threads |= dict.fromkeys(way, threads.get(here))
    return found.with_columns(thread=pl.Series([threads[one] for one in ids], dtype=pl.String))


def _read_objects(
    content: bytes, first: int, faulty: Rejects, line_count: int | None = None
) -> pl.DataFrame:
    """Return the objects of `content` with their `line`, from `first`; `faulty` gets what is wrong with others.

    Lines are read at once; where that fails, in halves, so that a bad line costs the ones around it their
    speed and no others.
    """
    count = line_count or content.count(b"\n") + (not content.endswith(b"\n"))
    if (objects := _read_at_once(content, count)) is not None:
        return objects.with_columns(line=pl.int_range(first, first + count, dtype=pl.Int64))
    half = content.find(b"\n", len(content) // 2) + 1
    if len(content) < PIECE_BYTES or half in (0, len(content)):
        return _read_line_by_line(content.decode(), first, faulty)
    above = _read_objects(content[:half], first, faulty)
    below = _read_objects(content[half:], first + content.count(b"\n", 0, half), faulty)
    return pl.concat([above, below])


def _read_at_once(content: bytes, count: int) -> pl.DataFrame | None:
    """Return the objects of `content`, which has `count` lines, or None if any line isn't one."""
    try:
        objects = pl.read_ndjson(content, schema=OBJECT)
    except pl.exceptions.PolarsError:
        return None
    # Another number of rows means blank lines or worse.
    if objects.height != count or objects["id"].has_nulls() or _is_odd(objects):
        return None
    return objects


def _is_odd(objects: pl.DataFrame) -> bool:
    """Whether a text isn't one: Polars writes out objects where text is expected."""
    return bool(objects["id"].str.contains(r"[^0-9A-Za-z_]").any())


def _read_line_by_line(text: str, first: int, faulty: Rejects) -> pl.DataFrame:
    found: list[tuple[str | int | None, ...]] = []
    for number, line in enumerate(text.split("\n"), first):
        if not line.strip():
            continue
        try:
            own = nested.parse_json(line)
        except Unreadable as error:
            faulty.append(Reject("bad_line", error.reject.reason, number, line[:EXCERPT_CHARS]))
            continue
        own_id = _read_id(nested.as_object(own))
        if own_id is None:
            reason = "not an object with an id; a dump has one on each line"
            faulty.append(Reject("bad_line", reason, number, line[:EXCERPT_CHARS]))
            continue
        own["id"] = own_id
        found.append((*(_write_plain(own.get(name)) for name in OBJECT), number))
    schema = pl.Schema([*OBJECT.items(), ("line", pl.Int64())])
    return pl.DataFrame(found, schema=schema, orient="row")


def _read_id(own: Mapping[str, object]) -> str | None:
    """Return the id of an object; some have only a `name`, `t1_` and the id."""
    name = own.get("name")
    is_named = isinstance(name, str) and name.startswith(("t1_", "t3_"))
    return scalars.read_id(own.get("id")) or (scalars.read_id(name) if is_named else None)


def _write_plain(value: object) -> str | None:
    if value is None or isinstance(value, list | dict):
        return None
    if isinstance(value, str):
        return scalars.clean_text(value)
    return orjson.dumps(value).decode() if not isinstance(value, int) else str(value).lower()


def _build_comments(objects: pl.DataFrame, posts: pl.DataFrame, content: bytes) -> pl.DataFrame:
    body = _unescape(objects, "body").fill_null("")
    if objects["body"].str.contains(r"[\r\x00]").any():
        body = body.str.replace_all("\r\n?", "\n").str.replace_all("\0", "\ufffd", literal=True)
    cleaned = objects.with_columns(
        words=body.str.strip_chars(),
        author=_read_author(),
        own_id=pl.col("id").str.strip_prefix("t1_"),
    )
    cleaned = _find_parents(cleaned, posts, content)
    body = pl.col("words")
    author, parent = pl.col("author"), pl.col("parent")
    is_deleted = body.is_in(GONE)
    score = pl.col("score").cast(pl.Int64, strict=False)
    return cleaned.select(
        "line",
        "body",
        native_id="own_id",
        text=pl.when(is_deleted).then(pl.lit("")).otherwise(body),
        parent_native_id=parent,
        parent_status=pl.when(parent.is_not_null())
        .then(pl.lit("explicit"))
        .when("is_top")
        .then(pl.lit("top_level")),
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=pl.lit(SITE + "/user/") + author,
        created_at=_read_instant(),
        is_edited=~_drop_nothing("edited").is_in(UNEDITED),
        is_deleted=is_deleted,
        is_host=_read_truth("is_submitter"),
        like_count=pl.when(_read_truth("score_hidden").fill_null(False))
        .then(None)
        .otherwise(score),
        url=_read_address(),
        thread_native_id="thread",
    )


def _find_parents(comments: pl.DataFrame, posts: pl.DataFrame, content: bytes) -> pl.DataFrame:
    """Return `comments` with the id of their `parent`, and `is_top`: whether their parent is the post.

    A parent is named as `t1_…` or `t3_…`, as a whole number, which is the id in base 10, or by its bare id, which
    is looked for among comments, then posts. Without any, neither is known.
    """
    given = _drop_nothing("parent_id")
    found = comments.with_columns(
        parent=pl.when(given.str.contains("^t1_.")).then(given.str.slice(3)),
        is_top=given.str.contains("^t3_.").fill_null(False),
    )
    if (found["parent_id"].is_null() | found["parent"].is_not_null() | found["is_top"]).all():
        return found
    has_numbers = NUMBERED.search(content) is not None
    known, topics = set(comments["own_id"]), {*posts["id"].str.strip_prefix("t3_")}
    parents: list[str | None] = []
    tops: list[bool] = []
    for named, thread in comments.select("parent_id", "thread").iter_rows():
        parent, is_top = _read_parent(named, known, topics | {thread}, has_numbers)
        parents.append(parent)
        tops.append(is_top)
    return comments.with_columns(
        parent=pl.Series(parents, dtype=pl.String), is_top=pl.Series(tops, dtype=pl.Boolean)
    )


def _read_parent(
    named: str | None, comments: set[str], posts: set[str | None], is_number: bool
) -> tuple[str | None, bool]:
    """Return the comment that `named` means, or whether it means the post."""
    bare = (named or "").strip().removesuffix(".0")
    if bare in NOTHING:
        return None, False
    if bare.startswith(("t1_", "t3_")):
        return (bare[3:] or None, False) if bare.startswith("t1_") else (None, True)
    ways = [bare]
    if bare.isascii() and bare.isdigit() and len(bare) < 19:
        # No id has as many digits in base 36 yet.
        ways = [nested.write_base36(int(bare)), bare]
        if not is_number and len(bare) <= ID_MAX_CHARS:
            ways.reverse()
    for way in ways:
        if way in comments or way in posts:
            return (way, False) if way in comments else (None, True)
    return ways[0], False


def _unescape(objects: pl.DataFrame, column: str) -> pl.Expr:
    """Return the texts of `column` with `&`, `<` and `>` as people wrote them.

    Reddit escapes the three unless it is asked not to: a text that has one of them bare wasn't escaped.
    """
    text = pl.col(column)
    if not objects[column].str.contains_any(list(ENTITIES)).any():
        return text
    escaped = sum((text.str.count_matches(one, literal=True) for one in ENTITIES), pl.lit(0))
    is_bare = text.str.contains("[<>]") | (text.str.count_matches("&", literal=True) > escaped)
    return pl.when(is_bare).then(text).otherwise(text.str.replace_many(ENTITIES))


def _build_threads(
    posts: pl.DataFrame, objects: pl.DataFrame, comments: pl.DataFrame
) -> pl.DataFrame:
    """Return a thread for each post and for each that comments name."""
    subreddit = pl.format("r/{}", "subreddit")
    own = posts.select(
        native_id=pl.col("id").str.strip_prefix("t3_"),
        title=_unescape(posts, "title").str.replace_all(r"\s+", " ").str.strip_chars(),
        url=_read_address(),
        published_at=_read_instant(),
        host_name=_read_author(),
        publication=subreddit,
        declared_comment_count=pl.col("num_comments").cast(pl.Int64, strict=False),
    )
    first = objects.select("thread", "subreddit").unique(
        "thread", keep="first", maintain_order=True
    )
    named = first.select(native_id="thread", publication=subreddit)
    threads = pl.concat([own, named], how="diagonal").unique(
        "native_id", keep="first", maintain_order=True
    )
    # A dump stands by time: a parent that isn't given can only be known from names and quotes.
    is_lost = comments["parent_status"].is_null()
    if not is_lost.any():
        return threads.with_columns(is_chronological=pl.lit(None, pl.Boolean))
    lost = comments.filter(is_lost)["thread_native_id"].unique().implode()
    is_timed = pl.col("native_id").is_in(lost, nulls_equal=True)
    return threads.with_columns(is_chronological=pl.when(is_timed).then(True))


def _read_author() -> pl.Expr:
    author = pl.col("author").str.strip_chars()
    return pl.when(~author.is_in([*GONE, ""])).then(author)


def _drop_nothing(column: str) -> pl.Expr:
    """Return the text of `column`, null where it says that there is nothing."""
    return pl.when(~pl.col(column).is_in(NOTHING)).then(pl.col(column))


def _read_truth(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(
        {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
    )


def _read_instant() -> pl.Expr:
    seconds = pl.col("created_utc").cast(pl.Float64, strict=False)
    is_good = (seconds > 0) & (seconds < scalars.LATEST_S)
    whole = pl.when(is_good).then(seconds * 1_000_000).cast(pl.Int64, strict=False)
    return whole.cast(pl.Datetime("us"))


def _read_address() -> pl.Expr:
    path = pl.col("permalink")
    return pl.when(path.str.starts_with("/")).then(SITE + path)


SOURCE = (
    Source(
        platform="reddit",
        name="dump",
        formats=(
            Format(
                FORMAT,
                "a comment or post on each line: .ndjson, RC_*.zst, RS_*.zst",
                "the dumps of Pushshift or Arctic Shift, packed as they are",
            ),
            Format(
                LIST,
                'comments or posts in a list, [...] or {"data": [...]}, or a post with its comments',
                "the API of Arctic Shift or PullPush, a script with PRAW, bdfr archive",
            ),
        ),
        parse=parse,
        recognise=recognise,
        marks=(
            r'(?m)^[ \t]*[\[{][^\n]*"id"\s*:|\A\s*(?:\[|\{\s*"data"\s*:\s*\[)|"submission"\s*:',
            r'"(?:link_id|parent_id|name)"\s*:\s*"t[13]_|"subreddit"\s*:',
        ),
        reads_chunks=True,
    ),
    *(
        Source(
            platform="reddit",
            name=name,
            formats=(Format(own_format, meaning, hint),),
            parse=parse,
            recognise=_recognise_by(marks),
            marks=marks,
        )
        for name, own_format, meaning, hint, marks in (
            (
                "archive in XML",
                XML,
                "a post with its comments, or a comment, in XML",
                "bdfr archive --format xml",
                XML_MARKS,
            ),
            (
                "archive in YAML",
                YAML,
                "a post with its comments, or a comment, in YAML",
                "bdfr archive --format yaml",
                YAML_MARKS,
            ),
            (
                "data request",
                REQUEST,
                "comments.csv or posts.csv of one's own data",
                "reddit.com/settings/data-request; unpack it, take comments.csv",
                REQUEST_MARKS,
            ),
        )
    ),
)
