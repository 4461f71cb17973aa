"""Substack: pages clipped as markdown, where links keep ids, profiles and full times.

`[![NAME's avatar](image)](profile)`, `[NAME](profile)`, `[Oct 7](…/comment/ID "Oct 7, 2025, 12:43 AM")`. The
picture may be missing or empty, links may be split over lines, and all may be glued on one line. Lines are
cut into pieces at such links, so that `blocks` reads them as it does other pages.
"""

import polars as pl

from flows.sources import lines
from flows.sources.lines import Kind, Lines
from flows.sources.marks import CUT, FOLD, LIKE, REPLY, SHARE, TERMINATOR

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
_PARTS = (
    rf"^(?:\[{_MARKS}(?:!\[(?P<alt>(?:\\.|[^\]\\])*)\]\(.*?\)|(?P<label>{_LABEL})){_MARKS}\]"
    rf"\((?P<url>{_TARGET})(?:\s+\"(?P<title>[^\"]*)\")?\)"
    rf"|!\[(?P<lone_alt>(?:\\.|[^\]\\])*)\]\([^<]*\)(?:<(?P<lone_url>[^>]*)>)?)$"
)
_CLAIM = (
    r"(?m)(?:avatar|头像)\]\(https?:|\]\(https?://[^\s()]*(?:/profile/\d|/@|/%40)[^\s()]*utm_source=comment\)"
    r"|^\[[^\]\n]*\]\(https?://[^\s()]*/comment/\d"
)
_ESCAPED = r"\\([\\`*_{}\[\]()<>#+\-.!|~])"


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold links to profiles or comments as markdown writes them."""
    return documents["text"].str.contains(_CLAIM)


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
    links = _links(rows.with_row_index("place").filter(is_link).select("place", "bare"))
    named = links.filter(pl.col("shown").is_not_null())
    bare = rows["bare"].scatter(named["place"], named["shown"])
    read = lines.read(rows.with_columns(bare=bare.fill_null("")))
    joined = read.rows.with_row_index("place").join(
        links.drop("bare"), on="place", how="left", maintain_order="left"
    )
    return Lines(_linked(joined).drop("place", "shown", "is_image"), read.marks)


def _links(found: pl.DataFrame) -> pl.DataFrame:
    """Return what each of the links `found` says; `shown` are its words if it may be furniture."""
    parts = found.select("place", "bare", part=pl.col("bare").str.extract_groups(_PARTS)).unnest(
        "part"
    )
    url = pl.coalesce("url", pl.col("lone_url").replace("", None))
    is_image = pl.col("alt").is_not_null() | pl.col("lone_alt").is_not_null()
    words = pl.coalesce("alt", "label", "lone_alt").str.replace_all(_ESCAPED, "${1}")
    address = url.str.replace(r"[?#].*$", "")
    is_person = url.str.contains(f"^{_PERSON}$")
    is_comment = url.str.contains(f"^{_COMMENT}$")
    is_publication = url.str.contains(f"^{_PUBLICATION}$")
    # An empty label would be no line; the address stands for it.
    shown = pl.when(words.str.strip_chars() == "").then(url).otherwise(words.str.strip_chars())
    is_avatar_like = is_image & words.str.contains("avatar|头像|profile picture")
    return parts.select(
        "place",
        "bare",
        shown=pl.when(url.is_not_null() | is_avatar_like).then(shown),
        is_image=is_image,
        is_person=is_person & ~is_publication,
        is_comment=is_comment & ~is_person,
        is_publication=is_publication,
        is_empty=words.str.strip_chars() == "",
        label=words.str.strip_chars(),
        url=pl.when(is_comment).then(address),
        native_id=pl.when(is_comment).then(address.str.extract(r"/comment/(\d+)")),
        author_url=pl.when(is_person).then(address.str.replace("%40", "@", literal=True)),
        author_native_id=pl.when(is_person).then(address.str.extract(r"/profile/(\d+)")),
        author_handle=pl.when(is_person).then(address.str.extract(r"/(?:@|%40)([^/]+)")),
        title_time=pl.when(is_comment).then(pl.col("title").str.strip_chars().replace("", None)),
        folds=pl.col("bare").str.count_matches(FOLD, literal=True).cast(pl.Int64),
    )


def _linked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with the kinds that links alone give away."""
    kind = pl.col("kind")
    person = pl.col("is_person").fill_null(False)
    said = kind.is_in([int(Kind.COLLAPSED), int(Kind.MORE), int(Kind.ACTIONS), int(Kind.TOMBSTONE)])
    date = pl.col("is_comment").fill_null(False) & ~said
    new = (
        pl.when(person & (pl.col("is_empty") | (pl.col("is_image") & (kind != int(Kind.COMPOSER)))))
        .then(int(Kind.AVATAR))
        .when(person & (kind != int(Kind.AVATAR)) & (kind != int(Kind.COMPOSER)))
        .then(int(Kind.NAME))
        .when(pl.col("is_publication").fill_null(False))
        .then(int(Kind.PUBLICATION))
        .when(date)
        .then(int(Kind.META))
        .otherwise(kind)
    )
    is_head = date.fill_null(False)
    return rows.with_columns(
        kind=new.cast(pl.UInt8),
        mark=pl.when(new == int(Kind.NAME)).then(0).otherwise("mark").cast(pl.UInt32),
        url=pl.when(is_head).then("url"),
        native_id=pl.when(is_head).then("native_id"),
        title_time=pl.when(is_head).then(pl.coalesce("title_time", "label")),
        link_name=pl.when(new == int(Kind.NAME)).then("label"),
        folds=pl.col("folds").fill_null(0),
    ).drop("is_person", "is_comment", "is_publication", "is_empty", "label")
