"""Mask people in texts.

Participants are masked by every way to write their names, others where a rule found them, and what leads to a person.
All of a thread follows from that thread alone. `█████` stands for each place, whatever was there.
"""

import polars as pl

from threadmill.mentions.rules.naming import (
    ONE_NAME,
    list_names,
    locate_names,
    split_names,
)
from threadmill.mentions.text.names import ALSO_WORDS, NICKNAME_WORDS, NOT_SURNAMES
from threadmill.mentions.text.spans import cut_surfaces, find_spans, keep_marked
from threadmill.privacy.addresses import leads_to_person

BOX = "█████"
PEOPLE = ("participant", "person", "handle", "email", "phone")
"""Kinds of mentions that are masked wherever they are found; of `url`, what leads to a person."""
QUOTATIONS = ("quote", "reported_speech", "scare_quote")
_LEAST_CHARS = 3
_RARE_CHARS = 6
"""A single word in small letters is masked as a name from this length on: shorter ones are mostly other words."""
_REAL_NAME = r"^\p{Lu}\p{L}+(?:[-'’]\p{L}+)*(?: \p{Lu}[\p{L}'’.-]*| (?:van|von|de|der|den|di|da|del|al|bin|el))+$"
_UNLIKE = r"[0-9_]|\p{Ll}\p{Lu}"
"""What a nickname has that no other word does."""
_USER = r"/?u/[A-Za-z0-9_-]{3,30}"
_AT, _DOT = r"\s?[\[(]\s?at\s?[\])]\s?", r"\s?[\[(]\s?(?:dot|\.)\s?[\])]\s?"
_SPELLED_MAIL = (
    rf"(?i)[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}._%+-]*{_AT}[\p{{L}}\p{{N}}.-]+(?:{_DOT}\p{{L}}+)*"
)
_NAME = r"\p{Lu}[\p{L}'’-]*\p{Ll}\p{L}*"
_RELATIVES = (
    "sister|brother|mother|mum|mom|father|dad|wife|husband|partner|son|daughter|aunt|auntie|uncle|cousin|nephew|niece"
    "|grandmother|grandma|grandfather|grandpa|granddaughter|grandson|friend|neighbour|neighbor|colleague|boss|girlfriend|boyfriend"
    "|fiancé|fiancée|roommate|flatmate|doctor|neurologist|gp|nurse|therapist|consultant|teacher|patient|client|student"
    "|landlord|landlady|maintainer|ex"
    "|schwester|bruder|mutter|mama|vater|papa|frau|mann|sohn|tochter|tante|onkel|oma|opa|freundin|freund|nachbarin"
    "|nachbar|kollegin|kollege|ärztin|arzt"
    "|hermana|hermano|madre|padre|esposa|esposo|marido|mujer|hija|hijo|tía|tío|abuela|abuelo|prima|primo|amiga|amigo"
    "|moglie|marito|figlia|figlio|nonna|nonno|zia|zio|sorella|fratello|cugina|cugino|amica|amico"
    "|sœur|frère|mère|père|femme|mari|fille|fils|tante|oncle|cousine|amie|ami|chef"
    "|irmã|irmão|mãe|pai|filha|filho|avó|avô|vizinha|vizinho"
    "|zus|broer|moeder|vader|man|dochter|zoon|vriendin|vriend|buurvrouw|buurman"
    "|siostra|brat|mama|tata|żona|mąż|córka|syn|babcia|dziadek|sąsiad|sąsiadka"
    "|syster|bror|mamma|pappa|fru|dotter|son|mormor|farmor|morfar|farfar|granne|kompis"
)
_OF = "my|his|her|our|their|your|the|meine?[nrm]?|mi|mia|mio|ma|mon|minha|meu|mijn|moja|mój|mojej|min|mitt"
_RELATED = (
    rf"(?i:\b(?:{_OF})(?: \p{{L}}+)? (?:{_RELATIVES})(?:-in-law)?,? |\b(?:oma|opa|tante|onkel|auntie) )"
    rf"{_NAME}(?: {_NAME}){{0,2}}"
)
"""Somebody after what they are to the writer: `my sister Noor Hadid`."""
_TOLD = (
    "met|married|asked|knew|know|told|named|called|thank|worked|spoke|talked|written"
    "|said|says|thinks|believes|wrote|writes|who"
)
_MET = (
    r"(?i:\b(?:met|married|asked|knew|knows?|told|named|called|thank|(?:worked|spoke|talked) (?:with|to)|written by) )"
    rf"{_NAME}(?: {_NAME}){{1,2}}"
)
_SAYING = rf"{_NAME}(?: {_NAME}){{1,2}}(?: (?:said|says|told|thinks|believes|wrote|writes|who)\b)"
_CUES = [
    *(f" {word}{end}" for word in _RELATIVES.split("|") for end in (" ", ",", "-in-law")),
    *(f" {word}" for word in _TOLD.split("|")),
    *("oma ", "opa ", "tante ", "Oma ", "Opa ", "Tante ", "nkel ", "untie "),
]
"""In the texts that may name somebody so: a first test."""
_NO_PERSON_END = (
    r"(?i)(?:street|road|avenue|university|college|hospital|institute|school|times|post|journal|church|center|centre"
    r"|company|group|foundation|society|association|clinic|day|park|city|county|court|press|news|house|party|union)$"
)
_TITLES = (
    "Dr",
    "Mr",
    "Mrs",
    "Ms",
    "Prof",
    "Professor",
    "Doctor",
    "Miss",
    "Sir",
    "Dame",
    "Lord",
    "Lady",
    "Aunt",
    "Uncle",
)
_SHIFT = 2**31


def list_words(authors: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, word: one row per way to write somebody of a thread that is masked wherever it stands in it.

    `authors` has thread_id, author_id, author_name, author_handle, is_host; `named` thread_id, word: people as the
    thread names them.
    """
    people = split_names(authors)
    written, whole = pl.col("written"), pl.col("whole")
    is_several = ~pl.col("is_single")
    names = authors.select("thread_id", word=pl.col("author_name").str.strip_chars())
    names = pl.concat([names, people.select("thread_id", word="written")]).drop_nulls()
    names = names.filter(_stands_for_somebody(pl.col("word")))
    handles = authors.select(
        "thread_id", word=pl.col("author_handle").str.strip_chars().str.strip_prefix("@")
    ).drop_nulls()
    handles = handles.filter(pl.col("word").str.len_chars() >= _LEAST_CHARS)
    loose = people.filter(is_several | written.str.contains(_UNLIKE)).select(
        "thread_id", word=whole
    )
    is_real = written.str.contains(_REAL_NAME)
    first = written.str.extract(r"^(\S+)", 1).str.strip_chars(".,")
    last = written.str.extract(r"(\S+)$", 1).str.strip_chars(".,")
    is_given = first.str.to_titlecase().is_in(ONE_NAME)
    firsts = people.filter(is_given | (is_real & ~first.is_in(ALSO_WORDS))).select(
        "thread_id", word=first.str.to_titlecase(), is_given=is_given
    )
    lasts = people.filter(is_real, ~last.is_in([*NOT_SURNAMES, *ALSO_WORDS])).select(
        "thread_id", word=last
    )
    parts = list_names(people).filter("is_given").select("thread_id", "word")
    part = pl.col("word").str.extract_all(rf"^{_NAME}|{_NAME}$")
    called = pl.concat([named, named.with_columns(part).explode("word")]).filter(
        pl.col("word").str.contains(r"^\p{Lu}"),
        ~pl.col("word").is_in([*ALSO_WORDS, *NOT_SURNAMES, *_TITLES]),
    )
    calm = [names, handles, firsts.drop("is_given"), lasts, parts, called]
    given = firsts.filter("is_given", pl.col("word").str.len_chars() > _LEAST_CHARS)
    lower = pl.concat([loose, handles, given.drop("is_given")])
    ways = [
        *calm,
        lower.with_columns(pl.col("word").str.to_lowercase()),
        pl.concat([names, *calm[2:4]]).with_columns(pl.col("word").str.to_uppercase()),
    ]
    words = pl.concat(ways).with_columns(pl.col("word").str.replace_all("’", "'", literal=True))
    curly = words.filter(pl.col("word").str.contains("'", literal=True))
    curly = curly.with_columns(pl.col("word").str.replace_all("'", "’", literal=True))
    return (
        pl.concat([words, curly])
        .filter(
            pl.col("word").str.len_chars() >= _LEAST_CHARS,
            pl.col("word").str.contains(r"[\p{L}\p{N}]"),
        )
        .unique()
    )


def _stands_for_somebody(name: pl.Expr) -> pl.Expr:
    """Return whether a name as shown is masked wherever it stands, and no word that stands for many other things."""
    is_rare = name.str.len_chars() >= _RARE_CHARS
    is_other = name.str.to_lowercase().is_in(NICKNAME_WORDS) | name.is_in(ALSO_WORDS)
    is_written = name.str.contains(r"^[\p{Lu}\p{Lo}]") | name.str.contains(_UNLIKE)
    return name.str.contains(r"\s") | ((is_written | is_rare) & ~is_other)


def list_named(texts: pl.DataFrame, mentions: pl.DataFrame, called: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, word: people as `mentions` (thread_id, kind, surface) and the words around names tell them.

    Those of `called`, as from `calls.find_called`, count where their word is a name.
    """
    found = mentions.filter(is_masked(mentions), pl.col("kind").is_in(["participant", "person"]))
    names = called.filter("is_name").select("thread_id", "word")
    mentioned = found.select("thread_id", word="surface")
    return pl.concat([mentioned, names, _find_related(texts)]).unique()


def _find_related(texts: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, word of those who are named with what they are to the writer, or with what they do."""
    rows = keep_marked(texts.filter(pl.col("text").is_not_null()), _CUES, "text")
    rows = rows.select("row", masked="text")
    name = rf"({_NAME}(?: {_NAME}){{0,2}})"
    before = [find_spans(rows, pattern) for pattern in (_RELATED, _MET)]
    after = find_spans(rows, _SAYING)
    said = [one.select("row", word=pl.col("found").str.extract(f"{name}$")) for one in before]
    said.append(after.select("row", word=pl.col("found").str.extract(f"^{name}")))
    words = pl.concat(said).filter(~pl.col("word").str.contains(_NO_PERSON_END))
    return words.join(texts.select("row", "thread_id"), on="row").select("thread_id", "word")


def find_people(
    texts: pl.DataFrame, mentions: pl.DataFrame, named: pl.DataFrame, called: pl.DataFrame
) -> pl.DataFrame:
    """Return row, start, end of each place in `texts` that names or leads to somebody; none overlap, in order.

    Args:
        texts: row, thread_id, text; a text may be null.
        mentions: comment_id, row, start_char, end_char, kind, surface.
        named: where `find_words` found names in `texts`.
        called: row, word: as `calls.find_called` found them.
    """
    found = mentions.filter(is_masked(mentions))
    found = found.select("row", start="start_char", end="end_char")
    places = [found, named, _find_written(texts)]
    if not called.is_empty():
        located = locate_names(texts.select("row", normal="text"), called.select("row", "word"))
        places.append(located.select("row", "start", "end"))
    return merge(pl.concat(places))


def is_masked(mentions: pl.DataFrame) -> pl.Series:
    """Return which of `mentions` (comment_id, start_char, end_char, kind, surface) are masked wholly.

    The authors of a cited publication aren't.
    """
    kind = pl.col("kind")
    cited = mentions.filter(kind == "citation").select(
        "comment_id", begin="start_char", stop="end_char"
    )
    within = (
        mentions.select("comment_id", "start_char", "end_char", "kind")
        .with_row_index("number")
        .filter(kind == "person")
        .join(cited, on="comment_id")
        .filter(pl.col("start_char") >= pl.col("begin"), pl.col("end_char") <= pl.col("stop"))
    )
    is_cited = pl.int_range(pl.len(), dtype=pl.UInt32).is_in(within["number"].implode())
    is_person = kind.is_in(PEOPLE) & ~is_cited
    leads = (kind == "url") & leads_to_person(pl.col("surface"))
    return mentions.select(masked=is_person | leads)["masked"]


def find_words(texts: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Return row, start, end of each of the `words` of its thread in `texts` (row, thread_id, text)."""
    some = texts.filter(pl.col("text").is_not_null()).join(
        words.select("thread_id").unique(), on="thread_id", how="semi"
    )
    if some.is_empty():
        return _NO_SPANS
    patterns = words["word"].unique().sort().to_list()
    # Numbers instead of texts: what follows takes a third of the time.
    known = pl.Enum(patterns)
    threads = words.select("thread_id").unique(maintain_order=True).with_row_index("thread")
    sought = words.join(threads, on="thread_id").select(
        "thread", word=pl.col("word").cast(known).to_physical()
    )
    held = (
        some.join(threads, on="thread_id", maintain_order="left")
        .select("row", "thread", word=pl.col("text").str.extract_many(patterns, overlapping=True))
        .filter(pl.col("word").list.len() > 0)
        .explode("word")
        .with_columns(pl.col("word").cast(known).to_physical())
        .join(sought, on=["thread", "word"], how="semi")
        .unique(["row", "word"])
        .select("row", "word")
    )
    held = held.with_columns(word=pl.Series(patterns).gather(held["word"]))
    if held.is_empty():
        return _NO_SPANS
    located = locate_names(some.select("row", normal="text"), held)
    return located.select("row", "start", "end")


def _find_written(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the places of `u/name` and of mail addresses written with words."""
    rows = texts.filter(pl.col("text").is_not_null()).select("row", masked="text")
    users = find_spans(
        keep_marked(rows, ["u/"]), _USER, ~pl.col("before").str.contains(r"[\p{L}\p{N}/.]$")
    )
    mail = find_spans(keep_marked(rows, ["[at]", "(at)", "[ at ]", "( at )"]), _SPELLED_MAIL)
    return pl.concat([users, mail]).select("row", "start", "end")


def merge(found: pl.DataFrame) -> pl.DataFrame:
    """Return the places `found` in order, those that overlap as one."""
    if found.is_empty():
        return _NO_SPANS
    row = pl.col("row").cast(pl.Int64) * _SHIFT
    until = (row + pl.col("end")).cum_max()
    return (
        found.sort("row", "start", "end")
        .with_columns(is_new=(row + pl.col("start")) >= until.shift(1).fill_null(-1))
        .with_columns(place=pl.col("is_new").cum_sum())
        .group_by("place", maintain_order=True)
        .agg(pl.col("row").first(), pl.col("start").first(), pl.col("end").max())
        .select(_NO_SPANS.columns)
    )


def replace(texts: pl.DataFrame, spans: pl.DataFrame) -> pl.Series:
    """Return `text` of `texts` (row, text) with `BOX` at each of `spans`, as from `merge`."""
    if spans.is_empty():
        return texts["text"]
    gaps = spans.select(
        "row",
        start=pl.col("end").shift(1).over("row").fill_null(0),
        end="start",
    )
    tails = spans.group_by("row", maintain_order=True).agg(
        start=pl.col("end").last(), end=pl.lit(_SHIFT - 1, pl.Int32)
    )
    own = texts.join(tails.select("row"), on="row", how="semi")
    heads = gaps.select("row", piece=cut_surfaces(own, gaps, "text") + BOX)
    joined = heads.group_by("row", maintain_order=True).agg(pl.col("piece").str.join(""))
    joined = joined.select("row", masked=pl.concat_str("piece", cut_surfaces(own, tails, "text")))
    masked = texts.select("row", "text").join(joined, on="row", how="left", maintain_order="left")
    return masked.select(text=pl.coalesce("masked", "text"))["text"]


def cut(texts: pl.DataFrame, places: pl.DataFrame) -> pl.Series:
    """Return the words of `texts` (row, text) at each of `places` (row, start, end)."""
    return cut_surfaces(texts, places, "text")


def shift(places: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return `places` (row, start_char, end_char) as they are after `replace`, with is_covered and is_touched.

    A place that begins or ends within a masked one does so with it. `is_covered` is a place wholly within one,
    `is_touched` one that shares a code point with any.
    """
    row = pl.col("row").cast(pl.Int64) * _SHIFT
    start, end = pl.col("start_char"), pl.col("end_char")
    change = len(BOX) - (pl.col("end") - pl.col("start"))
    moved = spans.select(
        at=row + pl.col("start"),
        span_row="row",
        span="start",
        until="end",
        before=change.cum_sum().over("row") - change,
        after=change.cum_sum().over("row"),
    ).sort("at")
    asked = places.select("row", "start_char", "end_char").with_row_index("place")
    begins = _look_up(asked.with_columns(at=row + start), moved)
    ends = _look_up(asked.with_columns(at=row + end - 1), moved)
    begins = begins.select(
        begin=pl.when(pl.col("span").is_null())
        .then(start)
        .when(start < pl.col("until"))
        .then(pl.col("span") + pl.col("before"))
        .otherwise(start + pl.col("after")),
        within=pl.when(start < pl.col("until")).then("span"),
    )
    ends = ends.select(
        "start_char",
        stop=pl.when(pl.col("span").is_null())
        .then(end)
        .when(end <= pl.col("until"))
        .then(pl.col("span") + pl.col("before") + len(BOX))
        .otherwise(end + pl.col("after")),
        ends_within=pl.when(end <= pl.col("until")).then("span"),
        until="until",
    )
    return pl.concat([begins, ends], how="horizontal").select(
        start_char=pl.col("begin").cast(pl.Int32),
        end_char=pl.col("stop").cast(pl.Int32),
        is_covered=(pl.col("within") == pl.col("ends_within")).fill_null(False),
        is_touched=(pl.col("until") > pl.col("start_char")).fill_null(False),
    )


def _look_up(asked: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Return `asked`, in order, each with the last of `moved` in its row that starts before or `at` it, if any."""
    near = asked.sort("at").join_asof(moved, on="at", strategy="backward").sort("place")
    is_own = pl.col("span_row") == pl.col("row")
    return near.with_columns(pl.when(is_own).then(name).alias(name) for name in ("span", "until"))


_NO_SPANS = pl.DataFrame(schema={"row": pl.UInt32, "start": pl.Int32, "end": pl.Int32})
