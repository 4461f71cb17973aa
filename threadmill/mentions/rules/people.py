"""People: authors of the thread by name, form of address or title, and others by name."""

import polars as pl

from threadmill.mentions.rules.identifiers import DOUBTFUL
from threadmill.mentions.text.fold import fold, normalize
from threadmill.mentions.text.names import GIVEN_NAMES, NOT_SURNAMES
from threadmill.mentions.text.occurrences import find_occurrences, keep_longest
from threadmill.mentions.text.spans import (
    AS_WRITTEN,
    CONTEXT_CHARS,
    NO_HITS,
    SPACED_WORD,
    UNSPACED,
    WORD,
    concat_hits,
    cut_surfaces,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)
from threadmill.sources.addressing import ADDRESS

_TITLE = "(?:Prof(?:essor)?|Dr|Doctor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame)"
_NAME_PART = r"\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*"
_TITLED_INITIAL = rf"{_TITLE}\.? \p{{Lu}}"
_RANK = (
    rf"(?:{_TITLE}|Lord|Lady|Baroness|President|Senator|Judge|Pope|King|Queen|Prince"
    r"|Princess)"
)
_TITLED = rf"{_RANK}\.? (?:\p{{Lu}}\.? ?){{0,2}}{_NAME_PART}(?: {_NAME_PART}){{0,2}}"
_INITIALS = rf"\p{{Lu}}(?:\. ?|\s)\p{{Lu}}(?:\. ?|\s){_NAME_PART}"
_GIVEN_NAMES = "|".join(sorted(GIVEN_NAMES, key=len, reverse=True))
_PARTICLES = "(?:(?:van|von|de|der|den|di|da|del|al|bin|el) )*"
_GIVEN = rf"(?:{_GIVEN_NAMES}) (?:\p{{Lu}}\.? )?{_PARTICLES}\p{{Lu}}[\p{{L}}'’-]+"
_SIGNS = (
    rf"{_RANK}\.? \p{{Lu}}|\p{{Lu}}(?:\. ?|\s)\p{{Lu}}(?:\. ?|\s)\p{{Lu}}"
    rf"|(?:{_GIVEN_NAMES}) {_PARTICLES}\p{{Lu}}"
)
"""Where somebody may be named by title, initials or given name: one test before three slower expressions."""
_CALLED = (
    r"(?i)(?:(?:^|[.!?…\n]\s*|[(\s])(?:hi|hello|hey|dear|thanks?|thank you|thx|cheers|ty|agreed?|agree with"
    r"|with you|in reply to|replying to|sorry|congrats|congratulations"
    r"|welcome|well said|well put|good point|great point|exactly|yes|yeah|no|ok|okay|nice|good luck|bravo|amen"
    r"|@)[,!:]?(?: again)?(?: (?:for this|so much|very much|a lot))?,? ?(?:to )?"
    r"|, ?|@)$"
)
_CALLED_FIRST = r"^\s*@?$|[.!?…] ?$| {2}$"
_SPOKEN_TO = "you|your|thanks|thank you|please"
_FIRST_FOLLOW = rf"^(?:\s?[,:!–—-]| (?:{_SPOKEN_TO})\b)"
_CALL_ENDS = r"^\s?(?:[.!?,…;:)–—]|-\s|\s-|\n|$)"
_SPEECH_VERBS = (
    "said|says|mentioned|wrote|writes|asked|asks|pointed out|suggested|suggests|replied|noted|notes|posted"
    "|commented|above|below"
)
_TELLS = (
    r"(?i)^(?:['’]s (?:comment|post|point|question|reply|answer|suggestion|remark|idea|link|message|story"
    rf"|experience)|,? (?:{_SPEECH_VERBS}))\b"
)
_NAME_START = rf"^[[\p{{Lu}}\p{{Lo}}]&&[^{UNSPACED}]]"
_NAME = rf"[[\p{{Lu}}\p{{Lo}}@]&&[^{UNSPACED}]]{SPACED_WORD}*"
_NAMES = (
    rf"{_NAME}(?:(?: {_NAME})+| (?:{_SPEECH_VERBS}|{_SPOKEN_TO})| [^@{WORD}]|[^ @{SPACED_WORD}]|$)"
)
"""Words that may be a name: several in a row, or one that isn't followed by any other word in lower case."""
_HEAVY_BYTES = 100_000
"""Above this length times number of names a comment is searched for all its names in one pass."""
_LEAST_NAMES = ("al", "bo", "cy", "di", "ed", "jo", "mo", "ty", "vi")
"""Names of two letters that aren't other words."""
_SHORT_NAME = r"^[\p{L}\p{M}.'_0-9-]{3,}$|^[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}]{2,}$"


def list_authors(comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per distinct thread_id, author_id, author_name, author_handle, is_host of `comments`."""
    columns = ["thread_id", "author_id", "author_name", "author_handle", "is_host"]
    return comments.select(columns).unique(maintain_order=True)


def keep_signed(capitalised: pl.DataFrame) -> pl.DataFrame:
    """Return those of the `capitalised` rows that may name somebody by title, initials or given name."""
    return keep_likely(capitalised, _SIGNS, "masked")


def find_participants(
    texts: pl.DataFrame, named_rows: pl.DataFrame, comments: pl.DataFrame, authors: pl.DataFrame
) -> pl.DataFrame:
    """Return the hits of the thread's `authors`; `named_rows` are the rows of `keep_signed`.

    A full name counts anywhere. A first name or a single name counts only where the thread has one such
    author and the text addresses or quotes the person. A title with an initial or a name counts where it
    fits the host, or else a single author.
    """
    people = _split_names(authors)
    if people.is_empty() or texts.is_empty():
        return NO_HITS
    place = comments.select("thread_id", own_author_id="author_id").with_row_index("row")
    return concat_hits(
        [_find_by_name(texts, place, people), _find_by_title(named_rows, place, people)]
    )


def _split_names(authors: pl.DataFrame) -> pl.DataFrame:
    """Return one row per thread and named author with the folded parts of the name."""
    people = (
        authors.filter(pl.col("author_id").is_not_null(), pl.col("author_name").is_not_null())
        .group_by("thread_id", "author_id", maintain_order=True)
        .agg(pl.col("author_name").first(), is_host=pl.col("is_host").fill_null(False).any())
    )
    name = pl.col("author_name").str.replace_all(r"\s+", " ").str.strip_chars()
    whole = fold(normalize(name.str.replace(rf"^{_TITLE}\.? ", "")))
    return people.with_columns(whole=whole).with_columns(
        first=pl.col("whole").str.extract(r"^(\S+)", 1),
        last=pl.col("whole").str.extract(r"(\S+)$", 1),
        is_single=~pl.col("whole").str.contains(" ", literal=True),
    )


def _find_by_name(texts: pl.DataFrame, place: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    names = _list_names(people)
    found = _locate_names(texts, _match_first_words(texts, place, names))
    if found.is_empty():
        return NO_HITS
    found = (
        found.join(place, on="row", maintain_order="left")
        .join(names, on=["thread_id", "word"])
        .filter(pl.col("own_author_id").ne_missing(pl.col("author_id")))
    )
    start, end = pl.col("start"), pl.col("end")
    around = {
        "before": found.select("row", start=pl.max_horizontal(start - CONTEXT_CHARS, 0), end=start),
        "after": found.select("row", start=end, end=end + CONTEXT_CHARS),
        "surface": found,
    }
    found = found.with_columns(**{name: cut_surfaces(texts, part) for name, part in around.items()})
    before, after = pl.col("before"), pl.col("after")
    called = before.str.contains(_CALLED) & after.str.contains(_CALL_ENDS)
    first = before.str.contains(_CALLED_FIRST) & after.str.contains(_FIRST_FOLLOW)
    quoted = after.str.contains(_TELLS)
    cased = pl.col("surface").str.contains(r"^[\p{Lu}\p{Lo}]") | before.str.contains(r"@$")
    found = found.filter(pl.col("is_full") | (cased & (called | first | quoted))).with_columns(
        found="surface"
    )
    return _make_participants(
        found, "participant_name", pl.when("is_full").then(0.97).otherwise(0.9)
    )


def _list_names(people: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, author_id, author_name, word, is_full: one row per way to write an author's name.

    As written and with initial capitals; the first name alone where the thread has only one such author.
    """
    written = normalize(pl.col("author_name").str.replace(rf"^{_TITLE}\.? ", "")).str.strip_chars()
    is_name = pl.col("first").str.contains(_SHORT_NAME) | pl.col("first").is_in(_LEAST_NAMES)
    with_written = people.with_columns(
        written=written, is_alone=pl.len().over("thread_id", "first") == 1
    )
    full = with_written.filter(~pl.col("is_single")).with_columns(is_full=pl.lit(True))
    short = with_written.filter("is_alone", is_name).with_columns(
        written=pl.col("written").str.extract(r"^(\S+)", 1), is_full=pl.lit(False)
    )
    both = pl.concat([full, short])
    titled = both.with_columns(word=pl.col("written").str.to_titlecase())
    titled = titled.filter(pl.col("word") != pl.col("written"))
    columns = ["thread_id", "author_id", "author_name", "word", "is_full"]
    ways = pl.concat([both.rename({"written": "word"}).select(columns), titled.select(columns)])
    # Some names are only spaces or punctuation, by which nobody can be addressed.
    return ways.filter(pl.col("word").str.contains(r"[\p{L}\p{N}]"))


def _match_first_words(
    texts: pl.DataFrame, place: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Return row, word: each name of a thread whose first word is in a text of that thread.

    A name begins with a capital or a letter without case, or a first name follows `@`; after it only a verb
    of speech may be in lower case. Only such words are compared. Names that begin otherwise, or in a
    script without spaces, are searched for.
    """
    first = pl.col("word").str.extract(rf"^({SPACED_WORD}+)", 1)
    names = names.select("thread_id", "word", "is_full", first=first)
    begins = pl.col("word").str.contains(_NAME_START) | ~pl.col("is_full")
    begins &= pl.col("first").is_not_null() & ~pl.col("word").str.contains(r"^\S+ [a-z]")
    plain, other = names.filter(begins), names.filter(~begins)
    matched = (
        texts.select("row", first=pl.col("normal").str.extract_all(_NAMES))
        .explode("first", empty_as_null=False)
        .with_columns(pl.col("first").str.extract_all(f"{SPACED_WORD}+"))
        .explode("first", empty_as_null=False)
        .join(plain.select("first").unique(), on="first", how="semi")
        .join(place.select("row", "thread_id"), on="row")
        .join(plain, on=["thread_id", "first"])
        .select("row", "word")
    )
    if not other.is_empty():
        read = texts.join(place.select("row", "thread_id"), on="row", maintain_order="left")
        read = read.join(other.select("thread_id").unique(), on="thread_id", how="semi")
        words = other["word"].unique().sort().to_list()
        found = read.select(
            "row", "thread_id", word=pl.col("normal").str.extract_many(words, overlapping=True)
        )
        found = found.explode("word", empty_as_null=False)
        found = found.join(other, on=["thread_id", "word"], how="semi").select("row", "word")
        matched = pl.concat([matched, found])
    return matched.unique()


def _locate_names(texts: pl.DataFrame, named_in: pl.DataFrame) -> pl.DataFrame:
    """Return row, start, end, word of each of `named_in` (row, word) that is a whole word in its row, the longest."""
    read = named_in.join(texts.select("row", "normal"), on="row")
    work = pl.col("normal").str.len_bytes().cast(pl.Int64) * pl.len().over("row")
    is_heavy = read.select(work > _HEAVY_BYTES).to_series()
    heavy = read.filter(is_heavy).select("row", "word")
    found = [_locate_by_splitting(read.filter(~is_heavy))]
    if not heavy.is_empty():
        rows = texts.join(heavy.select("row").unique(), on="row", how="semi")
        found.append(
            find_occurrences(
                rows,
                heavy["word"].unique(),
                "normal",
                keep=lambda found: found.join(heavy, on=["row", "word"], how="semi"),
            )
        )
    return keep_longest(pl.concat(found))


def _locate_by_splitting(read: pl.DataFrame) -> pl.DataFrame:
    """Return row, start, end, word of each whole-word occurrence of `word` in `normal`, given row, word, normal."""
    word, piece, after = pl.col("word"), pl.col("piece"), pl.col("after")
    length = word.str.len_chars().cast(pl.Int64)
    is_first = pl.col("pair") != pl.col("pair").shift(1).fill_null(2**32 - 1)
    is_next = pl.col("pair") == pl.col("pair").shift(-1)
    until = pl.col("until")
    # An empty piece lies between two adjacent matches: each is the context of the other.
    before = pl.when((piece == "") & ~is_first).then(word).otherwise("piece")
    pieces = (
        read.lazy()
        .select("row", "word", piece=pl.col("normal").str.split(word))
        .with_row_index("pair")
        .explode("piece")
        .with_columns(until=(piece.str.len_chars().cast(pl.Int64) + length).cum_sum())
        .with_columns(
            base=pl.when(is_first).then(until - piece.str.len_chars() - length).forward_fill(),
            before=before,
            after=piece.shift(-1),
            is_match=is_next,
            is_followed=is_next.shift(-1).fill_null(False),
        )
        .filter("is_match")
        .with_columns(
            after=pl.when((after == "") & pl.col("is_followed")).then(word).otherwise(after)
        )
        .filter(
            ~(
                pl.col("before").str.contains(f"{SPACED_WORD}$")
                & word.str.contains(f"^{SPACED_WORD}")
            ),
            ~(after.str.contains(f"^{SPACED_WORD}") & word.str.contains(f"{SPACED_WORD}$")),
            ~after.str.contains(r"^\p{M}"),
        )
        .select(
            "row",
            start=(until - length - pl.col("base")).cast(pl.Int32),
            end=(until - pl.col("base")).cast(pl.Int32),
            word="word",
        )
    )
    return pieces.collect(engine="in-memory", optimizations=AS_WRITTEN)


def _make_participants(found: pl.DataFrame, rule: str, confidence: pl.Expr | float) -> pl.DataFrame:
    made = make_hits(
        found,
        "participant",
        rule=rule,
        confidence=confidence,
        id=pl.col("author_id"),
        name=pl.col("author_name"),
    )
    return made.with_columns(target_author_id="id")


def _find_by_title(texts: pl.DataFrame, place: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of titles with a name or initial (`Prof G`) that fit the host or a single author."""
    found = find_spans(texts, rf"{_TITLE}\.? {_NAME_PART}|{_TITLED_INITIAL}", is_whole_word())
    if found.is_empty():
        return NO_HITS
    found = found.with_columns(
        word=fold(normalize(pl.col("found").str.extract(r"(\S+)$", 1).str.strip_chars("."))),
    ).join(place, on="row", maintain_order="left")
    parts = pl.concat(
        [
            people.select("thread_id", "author_id", "author_name", "is_host", word=part)
            for part in (
                pl.col("first"),
                pl.col("last"),
                pl.col("first").str.slice(0, 1),
                pl.col("last").str.slice(0, 1),
            )
        ]
    ).unique(["thread_id", "author_id", "word"], maintain_order=True)
    single = pl.len().over("thread_id", "word") == 1
    hosts = pl.col("is_host").sum().over("thread_id", "word") == 1
    parts = parts.filter(single | (hosts & pl.col("is_host")))
    found = found.join(parts, on=["thread_id", "word"], maintain_order="left").filter(
        pl.col("own_author_id").ne_missing(pl.col("author_id"))
    )
    return _make_participants(found, "participant_title", 0.93)


def find_persons(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of other people by name, given the rows of `keep_signed`.

    A name has a title, initials or a common given name.
    """
    if texts.is_empty():
        return NO_HITS
    titled = find_spans(texts, _TITLED)
    titled = titled.filter(is_whole_word())
    initials = find_spans(
        texts,
        _INITIALS,
        is_whole_word(),
        ~pl.col("before").str.contains(r"\p{Lu}[. ]+$"),
        ~pl.col("found").str.contains(r"^(?:I |A |\p{Lu} I )|^U[. ]+[KS]|^P[. ]+S[. ]"),
        pl.col("found").str.contains(r"\p{Ll}{2}"),
    )
    given = find_spans(
        texts,
        _GIVEN,
        is_whole_word(),
        ~pl.col("before").str.contains(r"[/@#_.-]$"),
        ~pl.col("found").str.extract(r"(\S+)$", 1).str.replace(r"['’]s?$", "").is_in(NOT_SURNAMES),
        pl.col("found").str.contains(r"\p{Ll}['’]?s?$"),
    )
    found = pl.concat(
        [
            titled.with_columns(rule=pl.lit(0.93)),
            initials.with_columns(rule=pl.lit(0.9)),
            given.with_columns(rule=pl.lit(0.88)),
        ]
    )
    found = found.with_columns(found=pl.col("found").str.replace(r"['’]s?$", "")).with_columns(
        end=(pl.col("start") + pl.col("found").str.len_chars()).cast(pl.Int32)
    )
    return make_hits(found, "person", rule="person_name", confidence=pl.col("rule"))


def resolve_handles(
    found: pl.DataFrame, comments: pl.DataFrame, authors: pl.DataFrame
) -> pl.DataFrame:
    """Return the handles of `found`, with the author in `authors` they name if the thread has exactly one.

    Handles that look like code and name no author are left out.
    """
    if found.is_empty():
        return found
    place = comments.select("thread_id").with_row_index("row")
    mentioned = place.join(found.select("row"), on="row", how="semi").select("thread_id").unique()
    named = authors.join(mentioned, on="thread_id", how="semi")
    named = named.with_columns(fold(pl.col("author_name", "author_handle")))
    asked = found.select(handle=fold(pl.col("id"))).unique()
    name = pl.col("author_name")
    named_by = [pl.col("author_handle"), name, name.str.replace_all(" ", "")]
    known = (
        pl.concat([named.select("thread_id", "author_id", handle=name) for name in named_by])
        .join(asked, on="handle", how="semi")
        .unique(["thread_id", "author_id", "handle"])
        .filter(pl.len().over("thread_id", "handle") == 1)
    )
    return (
        found.drop("target_author_id")
        .join(place, on="row", how="left", maintain_order="left")
        .with_columns(handle=fold(pl.col("id")))
        .join(known, on=["thread_id", "handle"], how="left", maintain_order="left")
        .with_columns(
            target_author_id="author_id",
            confidence=pl.when(pl.col("author_id").is_not_null())
            .then(0.99)
            .otherwise("confidence"),
        )
        .filter(pl.col("confidence") > DOUBTFUL)
        .select(found.columns)
    )


def add_answered_comments(found: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions `found`, with the comment that a name at the start of a comment answers.

    Where a branch has two levels, the source attaches every reply to its top comment. If a reply opens
    with somebody's name, the target is an earlier comment by that person in the branch: the latest one
    after an address (`ADDRESS`), else the only one. For how often that is right see
    `threadmill.measure.replies.two_levels`.
    """
    key = ["comment_id", "start_char", "end_char", "kind"]
    named = found.filter(
        pl.col("kind").is_in(["handle", "participant"]), pl.col("target_author_id").is_not_null()
    )
    if named.is_empty():
        return found
    capped = comments.filter(pl.col("parent_status") == "explicit", pl.col("depth") == 1)
    opening = (
        named.select(*key, "target_author_id")
        .join(capped.select("comment_id", "root_comment_id", "position", "text"), on="comment_id")
        .with_columns(address=pl.col("text").str.extract(f"({ADDRESS})").str.len_chars())
        .filter(pl.col("start_char") <= pl.max_horizontal("address", 1))
        .sort("position")
    )
    earlier = (
        comments.join(opening.select("root_comment_id").unique(), on="root_comment_id", how="semi")
        .sort("position")
        .select(
            "root_comment_id",
            "position",
            target_author_id="author_id",
            target="comment_id",
            is_first=pl.struct("root_comment_id", "author_id").is_first_distinct(),
        )
    )
    targets = opening.join_asof(
        earlier,
        on="position",
        by=["root_comment_id", "target_author_id"],
        allow_exact_matches=False,
        check_sortedness=False,
    ).filter(pl.col("address").is_not_null() | pl.col("is_first"))
    return (
        found.join(targets.select(*key, "target"), on=key, how="left", maintain_order="left")
        .with_columns(target_comment_id=pl.coalesce("target_comment_id", "target"))
        .drop("target")
    )
