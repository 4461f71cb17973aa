"""Reddit: dumps with a comment or a post on each line (Pushshift, Arctic Shift)."""

import orjson
import polars as pl

from threadmill.read import rejects
from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.schema.frames import COMMENT, THREAD, Parsed, fill_columns
from threadmill.sources import nested
from threadmill.sources.contract import Format, Source
from threadmill.sources.nested import Rejects

FORMAT = "reddit_dump_ndjson"
GONE = ("[deleted]", "[removed]")
SITE = "https://www.reddit.com"
_NAMES = (
    "id author body created_utc edited is_submitter link_id parent_id permalink score score_hidden "
    "subreddit title num_comments"
)
PIECE_BYTES = 64 * 2**10
"""Shorter pieces of a dump in which a line is bad are read line by line."""
OBJECT = pl.Schema(dict.fromkeys(_NAMES.split(), pl.String))
"""What is read of a line; everything as text, as dumps of different years differ in types."""


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents have objects with Reddit's ids on their lines."""
    text = pl.col("text").str
    # A line may be long or broken, so neither its end nor the place of a key in it is tested.
    is_lines = text.contains(r'(?m)^[ \t]*\{[^\n]*"id"\s*:')
    is_own = text.contains(r'"(?:link_id|parent_id|is_self|num_comments)"\s*:')
    return documents.select(is_lines & is_own).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of dumps, or of parts of them.

    A line that isn't an object with an id is a reject; the rest goes on.
    """
    contents = documents["text"].cast(pl.Binary)
    rows = documents.select("path", "platform", "first_line", "line_count").iter_rows()
    parts = [
        _parse_chunk(path, platform, first_line, line_count, content)
        for (path, platform, first_line, line_count), content in zip(rows, contents, strict=True)
    ]
    return Parsed(*(pl.concat(frames) for frames in zip(*parts, strict=True)))


def _parse_chunk(
    path: str, platform: str, first_line: int, line_count: int | None, content: bytes
) -> Parsed:
    faulty = Rejects()
    objects = _read_objects(content, first_line, faulty, line_count)
    is_comment = objects["link_id"].is_not_null() & objects["title"].is_null()
    own, posts = objects, objects.clear()
    if not is_comment.all():
        own, posts = objects.filter(is_comment), objects.filter(~is_comment)
    comments = _build_comments(own).with_columns(path=pl.lit(path))
    threads = _build_threads(posts, own).with_columns(path=pl.lit(path))
    own_rejects = [reject._replace(source_path=path, platform=platform) for reject in faulty]
    return Parsed(
        fill_columns(threads, THREAD),
        fill_columns(comments, COMMENT),
        rejects.build_frame(own_rejects),
    )


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
        own_id = nested.read_id(nested.as_object(own).get("id"))
        if own_id is None:
            reason = "not an object with an id; a dump has one on each line"
            faulty.append(Reject("bad_line", reason, number, line[:EXCERPT_CHARS]))
            continue
        found.append((*(_write_plain(own.get(name)) for name in OBJECT), number))
    schema = pl.Schema([*OBJECT.items(), ("line", pl.Int64())])
    return pl.DataFrame(found, schema=schema, orient="row")


def _write_plain(value: object) -> str | None:
    if value is None or isinstance(value, list | dict):
        return None
    if isinstance(value, str):
        return nested.clean_text(value)
    return orjson.dumps(value).decode() if not isinstance(value, int) else str(value).lower()


def _build_comments(objects: pl.DataFrame) -> pl.DataFrame:
    body = pl.col("body").fill_null("")
    if objects["body"].str.contains(r"[\r\x00]").any():
        body = body.str.replace_all("\r\n?", "\n").str.replace_all("\0", "\ufffd", literal=True)
    cleaned = objects.with_columns(
        body=body.str.strip_chars(),
        author=_read_author(),
        parent=pl.when(pl.col("parent_id").str.contains("^t1_.")).then(
            pl.col("parent_id").str.slice(3)
        ),
    )
    body, author, parent = pl.col("body"), pl.col("author"), pl.col("parent")
    is_deleted = body.is_in(GONE)
    score = pl.col("score").cast(pl.Int64, strict=False)
    return cleaned.select(
        "line",
        native_id=pl.col("id").str.strip_prefix("t1_"),
        text=pl.when(is_deleted).then(pl.lit("")).otherwise(body),
        parent_native_id=parent,
        parent_status=pl.when(parent.is_null())
        .then(pl.lit("top_level"))
        .otherwise(pl.lit("explicit")),
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=pl.lit(SITE + "/user/") + author,
        created_at=_read_instant(),
        is_edited=pl.col("edited") != "false",
        is_deleted=is_deleted,
        is_host=_read_truth("is_submitter"),
        like_count=pl.when(_read_truth("score_hidden").fill_null(False))
        .then(None)
        .otherwise(score),
        url=_read_address(),
        thread_native_id=pl.col("link_id").str.strip_prefix("t3_"),
    )


def _build_threads(posts: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return a thread for each post and for each that comments name."""
    subreddit = pl.format("r/{}", "subreddit")
    own = posts.select(
        native_id=pl.col("id").str.strip_prefix("t3_"),
        title=pl.col("title").str.replace_all(r"\s+", " ").str.strip_chars(),
        url=_read_address(),
        published_at=_read_instant(),
        host_name=_read_author(),
        publication=subreddit,
        declared_comment_count=pl.col("num_comments").cast(pl.Int64, strict=False),
    )
    named = comments.select(
        native_id=pl.col("link_id").str.strip_prefix("t3_"), publication=subreddit
    )
    return (
        pl.concat([own, named], how="diagonal")
        .unique("native_id", keep="first", maintain_order=True)
        .with_columns(source_format=pl.lit(FORMAT))
    )


def _read_author() -> pl.Expr:
    author = pl.col("author").str.strip_chars()
    return pl.when(~author.is_in([*GONE, ""])).then(author)


def _read_truth(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(
        {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
    )


def _read_instant() -> pl.Expr:
    seconds = pl.col("created_utc").cast(pl.Float64, strict=False)
    is_good = (seconds > 0) & (seconds < nested.LATEST_S)
    whole = pl.when(is_good).then(seconds * 1_000_000).cast(pl.Int64, strict=False)
    return whole.cast(pl.Datetime("us"))


def _read_address() -> pl.Expr:
    path = pl.col("permalink")
    return pl.when(path.str.starts_with("/")).then(SITE + path)


SOURCE = Source(
    platform="reddit",
    name="dump",
    formats=(
        Format(
            FORMAT,
            "a comment or post on each line: .ndjson, RC_*.zst, RS_*.zst",
            "the dumps of Pushshift or Arctic Shift, packed as they are",
        ),
    ),
    parse=parse,
    recognise=recognise,
    reads_chunks=True,
)
