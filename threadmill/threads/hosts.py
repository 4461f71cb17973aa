"""Find the author of the post where no sidecar names one, from what the page shows."""

import polars as pl

from threadmill.wording import did_you_mean

ANSWERED_MIN = 3
"""An author who answers fewer different people isn't taken for the host."""
LEAD = 1.5
"""So many times as many different people as the next does the host answer."""


def normalise_name(name: pl.Expr) -> pl.Expr:
    """Return `name` as the same for every way to write it: compatible forms, case, white space."""
    return (
        name.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    )


def find_hosts(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with `host_name` and `host_source`, both null where nothing or two people fit.

    The sidecar decides, else the source as `given_host`, else who is named most often in `Liked by …` and
    `N replies by …` together, nobody if two are as often; else, without such marks, where no source
    tells the tree and comments stand below what they answer, the author who answers most people and starts least.
    `comments` is sorted by thread and position.
    """
    likers = _list_likers(comments).with_columns(is_liker=pl.lit(True))
    repliers = comments.select("thread_id", name="replier", is_liker=pl.lit(False)).drop_nulls()
    named = _pick_most_frequent(pl.concat([likers, repliers]))
    rows = threads.join(named, on="thread_id", how="left", maintain_order="left")
    rows = rows.join(_list_answering(comments), on="thread_id", how="left", maintain_order="left")
    is_named = pl.col("named_count").is_not_null()
    is_preorder = ~pl.col("tells_tree") & ~pl.col("is_chronological").fill_null(False)
    answering = pl.when(~is_named & is_preorder).then("answering")
    name = pl.coalesce("host", "given_host", "named", answering)
    source = (
        pl.when(pl.col("host").is_not_null())
        .then(pl.lit("sidecar"))
        .when(pl.col("given_host").is_not_null())
        .then(pl.lit("source"))
        .when(is_named)
        .then(pl.when("is_liker").then(pl.lit("liked_by")).otherwise(pl.lit("replied_by")))
        .otherwise(pl.lit("answers"))
    )
    return rows.with_columns(
        host_name=name, host_source=pl.when(name.is_not_null()).then(source)
    ).drop("named", "named_count", "is_liker", "answering")


def _list_likers(comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per name shown as liking a comment: `thread_id, name`.

    Several are separated by commas, which names may hold too: a name that stands alone somewhere, or that
    an author of the thread has, is whole.
    """
    shown = comments.select("thread_id", name="liker").drop_nulls()
    authors = comments.select("thread_id", name="author_name").drop_nulls().unique()
    whole = shown.join(authors, on=["thread_id", "name"], how="semi")
    rest = shown.join(authors, on=["thread_id", "name"], how="anti")
    pieces = rest.with_columns(pl.col("name").str.split(", ")).explode(
        "name", empty_as_null=False, keep_nulls=False
    )
    return pl.concat([whole, pieces])


def _pick_most_frequent(names: pl.DataFrame) -> pl.DataFrame:
    """Return the most frequent of `names` in each thread as `named`, null for a tie, and `named_count`."""
    counts = (
        names.with_columns(same=normalise_name(pl.col("name")))
        .group_by("thread_id", "same")
        .agg(pl.len(), pl.col("name").min(), pl.col("is_liker").any())
        .sort("thread_id", "len", "same", descending=[False, True, False])
        .with_columns(next_best=pl.col("len").shift(-1).over("thread_id"))
    )
    best = counts.unique("thread_id", keep="first", maintain_order=True)
    is_tie = (pl.col("next_best") == pl.col("len")).fill_null(False)
    return best.select(
        "thread_id",
        "is_liker",
        named=pl.when(~is_tie).then("name"),
        named_count="len",
    )


def _list_answering(comments: pl.DataFrame) -> pl.DataFrame:
    """Return the author who answers by far most people in each thread, as `answering`.

    Whoever comes right after another's comment is taken to answer it. Who opened the thread is never
    the host: nobody comments first on a post of theirs more often than not.
    """
    author = normalise_name(pl.col("author_name"))
    before = author.shift(1).over("thread_id")
    turns = comments.select("thread_id", "author_name", "position", author=author, before=before)
    openers = turns.filter(pl.col("position") == 0).select("thread_id", "author")
    people = (
        turns.filter(pl.col("author") != pl.col("before"))
        .group_by("thread_id", "author")
        .agg(answered=pl.col("before").n_unique(), name=pl.col("author_name").min())
        .sort("thread_id", "answered", "author", descending=[False, True, False])
        .with_columns(next_best=pl.col("answered").shift(-1).over("thread_id").fill_null(0))
        .unique("thread_id", keep="first", maintain_order=True)
        .join(openers, on=["thread_id", "author"], how="anti", maintain_order="left")
    )
    leads = (pl.col("answered") >= ANSWERED_MIN) & (
        pl.col("answered") >= LEAD * pl.col("next_best")
    )
    return people.filter(leads).select("thread_id", answering="name")


def explain_lost_host(host: str, comments: pl.DataFrame) -> str | None:
    """Return a warning if nobody in `comments` of a thread is called `host`, as a sidecar says; else None."""
    columns = [name for name in ("author_name", "replier", "liker") if name in comments.columns]
    names = pl.concat([comments[name].rename("name") for name in columns]).drop_nulls().unique()
    pieces = pl.concat([names, names.str.split(", ").explode()]).drop_nulls()
    called = pieces.to_frame().select(normalise_name(pl.col("name"))).to_series()
    wanted = pl.select(normalise_name(pl.lit(host))).item()
    if names.is_empty() or wanted in called:
        return None
    known = names.sort().to_list()
    by_form = dict(zip((name.lower() for name in known), known, strict=True))
    otherwise = "write it as the page writes the author's name"
    hint = did_you_mean(host.lower(), by_form, otherwise)
    for form, name in by_form.items():
        hint = hint.replace(f'"{form}"', f'"{name}"')
    return f'nobody is called "{host}", the host; {hint}'


def mark_hosts(comments: pl.DataFrame, threads: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `is_host` and `is_liked_by_host`, by the hosts of `threads`.

    What a source says of a comment's author goes before the name, but not before a sidecar. Both are null in
    a thread in which nobody is called as its sidecar says: that may be a typo.
    """
    hosts = threads.select(
        "thread_id",
        "shows_likers",
        host=normalise_name(pl.col("host_name")),
        is_said=pl.col("host_source") == "sidecar",
    )
    joined = comments.join(hosts, on="thread_id", how="left", maintain_order="left")
    liker = normalise_name(pl.col("liker"))
    host = pl.col("host")
    is_liked = (liker == host) | pl.concat_str(pl.lit(", "), liker, pl.lit(", ")).str.contains(
        pl.concat_str(pl.lit(", "), host, pl.lit(", ")), literal=True
    )
    by_name = normalise_name(pl.col("author_name")) == host
    by_replier = normalise_name(pl.col("replier")) == host
    is_called = (by_name | is_liked | by_replier).fill_null(False)
    is_lost = pl.col("is_said") & ~is_called.any().over("thread_id")
    by_given_name = pl.when(~is_lost).then(by_name)
    is_known = host.is_not_null() & ~is_lost & pl.col("shows_likers")
    return joined.with_columns(
        is_host=pl.when("is_said").then(by_given_name).otherwise(pl.coalesce("is_host", by_name)),
        is_liked_by_host=pl.when(is_known).then(is_liked.fill_null(False)),
    ).drop("host", "shows_likers", "is_said")
