"""Substack: pages clipped as markdown, where links keep ids, profiles and full times.

`[![NAME's avatar](image)](profile)`, `[NAME](profile)`, `[Oct 7](…/comment/ID "Oct 7, 2025, 12:43 AM")`. The
picture may be missing or empty, links may be split over lines, and all may be glued on one line. Lines are
cut into pieces at such links, so that `blocks` reads them as it does other pages.
"""

import polars as pl

from threadmill.sources.nested import match_all
from threadmill.sources.substack import lines
from threadmill.sources.substack.lines import Kind, Lines
from threadmill.sources.substack.marks import CUT, FOLD, LIKE, REPLY, SHARE, TERMINATOR

FORMAT = "substack_markdown_clip"
MEANING = "a page clipped as markdown: links to profiles and comments, with ids and times"

_PERSON = r"https?://[^\s()<>]*(?:/profile/\d+|/@|/%40)[^\s()<>]*"
_COMMENT = r"https?://[^\s()<>]*/comment/\d+[^\s()<>]*"
_COMMENTS = r"https?://[^\s()<>]*/comments(?:[/?#][^\s()<>]*)?"
_PUBLICATION = r"https?://[^\s()<>]*utm_content=comment_metadata[^\s()<>]*"
_SCRIPT = r"javascript:[\w;.]*(?:\\?\([^()\\\n]*\\?\))?;?"
_TARGET = rf"(?:{_PERSON}|{_COMMENT}|{_COMMENTS}|{_PUBLICATION}|{_SCRIPT})"
_LABEL = rf"(?:\\.|[^\[\]\\\n{FOLD}])*"
_IMAGE = r"!\[(?:\\.|[^\]\\\n])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
_TITLE = r"(?:\s+\"[^\"\n]*\")?"
_MARKS = rf"{FOLD}?"
_LINK = rf"\[{_MARKS}(?:{_IMAGE}|{_LABEL}){_MARKS}\]\({_TARGET}{_TITLE}\)"
_BUTTONS = rf"(?:{TERMINATOR})?(?:{LIKE})?{REPLY}{SHARE}"
_PIECE = rf"(?:{_LINK}|{_IMAGE}(?:<{_PERSON}>)?|{_BUTTONS}|{TERMINATOR}|TopLatest(?:Discussions)?)".replace(
    "(?P<likes>", "(?:"
)
_SPLITS = (
    (
        rf"\[[ \t]*\n\s*({_IMAGE}|{_LABEL})[ \t]*\n\s*\]\(({_TARGET})",
        f"[{FOLD}${{1}}{FOLD}](${{2}}",
    ),
    (rf"\[[ \t]*\n\s*({_IMAGE}|{_LABEL})\]\(({_TARGET})", f"[{FOLD}${{1}}](${{2}}"),
    (rf"\[({_IMAGE}|{_LABEL})[ \t]*\n\s*\]\(({_TARGET})", f"[${{1}}{FOLD}](${{2}}"),
)
_CLAIM = (
    r"(?m)(?:avatar|头像)\]\(https?:|\]\(https?://[^\s()]*(?:/profile/\d|/@|/%40)[^\s()]*utm_source=comment\)"
    r"|^\[[^\]\n]*\]\(https?://[^\s()]*/comment/\d"
)
_ESCAPED = r"\\([\\`*_{}\[\]()<>#+\-.!|~])"


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold links to profiles or comments as markdown writes them."""
    return match_all(documents["text"], r"\]\(http", _CLAIM)


def prepare(texts: pl.Series) -> pl.Series:
    """Return `texts` with each link and button that may be furniture on a line of its own, marked by `CUT`."""
    if texts.str.contains(r"\[[ \t]*\n|\n\s*\]\(").any():
        for pattern, replacement in _SPLITS:
            texts = texts.str.replace_all(pattern, replacement)
    return texts.str.replace_all(_PIECE, f"{CUT}\n${{0}}{CUT}\n")


def read(texts: pl.Series) -> Lines:
    """Return the lines of `texts`, as from `prepare`, with what their links say."""
    rows = lines.split(texts)
    is_link = rows["bare"].str.contains(r"^!?\[")
    found = rows.select(place=pl.int_range(pl.len(), dtype=pl.UInt32), bare="bare").filter(is_link)
    links = _links(found)
    named = links.filter(pl.col("shown").is_not_null())
    bare = rows["bare"].scatter(named["place"], named["shown"])
    read = lines.read(rows.with_columns(bare=bare.fill_null("")))
    folds = pl.zeros(rows.height, pl.Int64, eager=True).scatter(links["place"], links["folds"])
    return _linked(Lines(read.rows.with_columns(folds=folds), read.marks), links)


def _links(found: pl.DataFrame) -> pl.DataFrame:
    """Return what each of the links `found` says; `shown` are its words if it may be furniture.

    It is `[label](target)`, `[![alt](image)](target)` or `![alt](image)<target>`.
    """
    folds = pl.col("bare").str.count_matches(FOLD, literal=True).cast(pl.Int64)
    cut = found.select(
        "place", folds=folds, bare=pl.col("bare").str.replace_all(FOLD, "", literal=True)
    )
    cut = cut.with_columns(pl.col("bare").str.splitn("](", 3).struct.unnest())
    is_lone = pl.col("field_0").str.starts_with("![")
    is_image = is_lone | pl.col("field_0").str.starts_with("[![")
    target = (
        pl.when(is_lone)
        .then(pl.col("field_1").str.splitn(")<", 2).struct.field("field_1").str.strip_suffix(">"))
        .when(is_image)
        .then(pl.col("field_2").str.strip_suffix(")"))
        .when(pl.col("field_2").is_null())
        .then(pl.col("field_1").str.strip_suffix(")"))
    )
    words = pl.col("field_0").str.strip_chars_start("![").str.replace_all(_ESCAPED, "${1}")
    parts = cut.select(
        "place",
        "folds",
        target.str.splitn('"', 2).struct.rename_fields(["url", "title"]).struct.unnest(),
        is_image=is_image,
        label=words.str.strip_chars(),
    ).with_columns(
        pl.col("url").str.strip_chars(), pl.col("title").str.strip_suffix('"').str.strip_chars()
    )
    return parts.with_columns(_targets(parts["url"])).with_columns(
        # An empty label would be no line; the address stands for it.
        shown=pl.when(
            pl.col("is_target")
            | (pl.col("is_image") & pl.col("label").str.contains("avatar|头像|profile picture"))
        ).then(pl.when(pl.col("label") == "").then("url").otherwise("label"))
    )


def _targets(urls: pl.Series) -> list[pl.Series]:
    """Return what each of `urls` leads to, and whether to anything that furniture links to."""
    is_web = urls.str.starts_with("http") & ~urls.str.contains(r"[\s()<>]")
    is_publication = is_web & urls.str.contains("utm_content=comment_metadata", literal=True)
    is_person = is_web & urls.str.contains(r"/profile/\d|/@|/%40")
    is_comment = is_web & urls.str.contains(r"/comment/\d")
    is_other = urls.str.starts_with("javascript:") | urls.str.contains(r"/comments(?:[/?#]|$)")
    is_target = is_publication | is_person | is_comment | is_other
    return [
        is_publication.fill_null(False).alias("is_publication"),
        (is_person & ~is_publication).fill_null(False).alias("is_person"),
        (is_comment & ~is_person).fill_null(False).alias("is_comment"),
        is_target.fill_null(False).alias("is_target"),
    ]


def _linked(read: Lines, links: pl.DataFrame) -> Lines:
    """Return `read` with the kinds that links alone give away, and what they say of people and comments."""
    links = links.with_columns(kind=read.rows["kind"].gather(links["place"]))
    kind, person, is_empty = pl.col("kind"), pl.col("is_person"), pl.col("label") == ""
    no_composer = kind != int(Kind.COMPOSER)
    said = kind.is_in([int(Kind.COLLAPSED), int(Kind.MORE), int(Kind.ACTIONS), int(Kind.TOMBSTONE)])
    links = links.with_columns(
        kind=pl.when(person & (is_empty | (pl.col("is_image") & no_composer)))
        .then(int(Kind.AVATAR))
        .when(person & (kind != int(Kind.AVATAR)) & no_composer)
        .then(int(Kind.NAME))
        .when("is_publication")
        .then(int(Kind.PUBLICATION))
        .when(pl.col("is_comment") & ~said)
        .then(int(Kind.META))
        .otherwise(kind)
        .cast(pl.UInt8),
        is_date=pl.col("is_comment") & ~said,
    )
    names = links.filter(kind == int(Kind.NAME))["place"]
    rows = read.rows.with_columns(
        kind=read.rows["kind"].scatter(links["place"], links["kind"]),
        mark=read.rows["mark"].scatter(names, 0),
    )
    own = links.filter(pl.col("is_person") | pl.col("is_date"))
    at = pl.int_range(1, own.height + 1, dtype=pl.UInt32, eager=True)
    link = pl.zeros(rows.height, pl.UInt32, eager=True).scatter(own["place"], at)
    return Lines(rows.with_columns(link=link), read.marks, _told(own))


def _told(links: pl.DataFrame) -> pl.DataFrame:
    """Return what links to people and comments say, after a row for lines that are none."""
    address = pl.col("url").str.splitn("?", 2).struct.field("field_0").str.splitn("#", 2)
    address = address.struct.field("field_0")
    links = links.with_columns(url=address)
    dates, people = links.filter("is_date"), links.filter("is_person")
    number = pl.col("url").str.extract(r"/comment/(\d+)")
    time = pl.coalesce(pl.when(pl.col("title") != "").then("title"), "label")
    named = pl.when(pl.col("kind") == int(Kind.NAME)).then("label")
    facts = [
        dates.select("place", "url", native_id=number, title_time=time),
        people.select(
            "place",
            link_name=named,
            author_url=pl.col("url").str.replace("%40", "@", literal=True),
            author_native_id=pl.col("url").str.extract(r"/profile/(\d+)"),
            author_handle=pl.col("url").str.extract(r"/(?:@|%40)([^/]+)"),
        ),
    ]
    told = pl.concat(facts, how="diagonal").sort("place").drop("place")
    return pl.concat([told.clear(1), told])
