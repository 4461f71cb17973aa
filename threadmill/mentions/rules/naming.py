"""Names in texts: how people are written, and where a known name occurs as a whole word."""

import re

import polars as pl

from threadmill.mentions.text.fold import fold, normalize
from threadmill.mentions.text.names import (
    ALSO_WORDS,
    FAMOUS,
    FURTHER_NAMES,
    GIVEN_NAMES,
    NICKNAME_WORDS,
    NOT_PEOPLE,
    NOT_SURNAMES,
    ORDINARY_WORDS,
)
from threadmill.mentions.text.occurrences import find_occurrences, keep_longest
from threadmill.mentions.text.spans import AS_WRITTEN, SPACED_WORD, UNSPACED, WORD

TITLE = (
    r"(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms|Miss|Mx|Sir|Dame"
    r"|Frau"
    r"|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)"
)
"""A title before a name, with German ones in a row (`Frau Prof. Dr. med.`)."""
SPOKEN_TO = (
    "you|your|you['’]re|thanks|thank you|please|du|dein|deine|ihr|danke|wie|kannst|tú|tu|te|gracias|puedes|merci"
    "|vous"
)
SPEECH_VERBS = (
    "said|says|mentioned|wrote|writes|asked|asks|pointed out|suggested|suggests|replied|noted|notes|posted"
    "|commented|above|below|schrieb|schreibt|sagte?|meinte?|hat geschrieben|oben|dijo|dice|comentó|comenta|escribió"
)
PREDICATES = (
    "and|is|was|has|had|did|does|do|will|would|can|can['’]t|could|should|might|must|got|gave|made|makes|thinks"
    "|knows|took|won"
    "|went|came|puts?|found|shows?|showed|argues?|gets|hat|ist|war|wird|kann|tiene|es|fue|puede|quiere|cree|est|était"
)
REPLIES = (
    "yes|yeah|yep|yup|no|nope|nah|ouch|lol|haha+|wow|oh|ok|okay|thx|ty|sorry|same|agreed?|exactly|i|i['’]m|i['’]d"
    "|i['’]ve|i['’]ll"
    "|what|how|why|when|where|which|who|if|did|do|does|can|could|would|are|have|that['’]s|it['’]s|there['’]s|this"
    "|great|good|nice"
    "|congrats|welcome|hi|hello|so|well|right|true|ja|nein|ich|was|wo|warum|super|sí|no|qué|cómo|yo|oui|non|je"
)
"""What follows a name at the start of a text or sentence that speaks to somebody without a comma."""
_COMMON_VERBS = (
    "and|has|had|is|was|will|would|did|does|do|got|gave|made|can|could|should|thinks|knows|told|hat|ist|war|tiene"
    "|est[áa]"
)
_DEGREES = (
    r"(?i),? (?:m\.?d|ph\.?d|d\.?phil|mrcp|frcp|r\.?n|esq|j\.?d|m\.?sc|msc|mph|jr|sr|ii|iii)\.?$"
)
ONE_NAME = frozenset({*GIVEN_NAMES, *FURTHER_NAMES, *FAMOUS} - {*ALSO_WORDS})
"""Names that name somebody even alone."""
ANY_GIVEN = frozenset({*GIVEN_NAMES, *FURTHER_NAMES, *ALSO_WORDS, *FAMOUS} - {*NOT_PEOPLE})
"""Names that name somebody with a surname."""
_NAME_LIKE = (
    r"^\p{Lu}\p{Ll}+(?:-\p{Lu}?\p{Ll}+)?"
    r"(?: \p{Lu}(?:['’]?\p{Lu}?\p{Ll}+(?:\p{Lu}\p{Ll}+)?(?:-\p{Lu}?\p{Ll}+)?|\.)?)+$"
)
"""A display name of a real person: given name, and a surname or its initial."""
_NICKNAME_CHARS = 5
_HEAVY_BYTES = 100_000
"""Above this length times number of names a comment is searched for all its names in one pass."""
_LEAST_NAMES = ("al", "bo", "cy", "di", "ed", "jo", "mo", "ty", "vi")
"""Names of two letters that aren't other words."""
_SHORT_NAME = r"^[\p{L}\p{M}.'_0-9-]{3,}$|^[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}]{2,}$"
_NAME_START = rf"^[[\p{{Lu}}\p{{Lo}}]&&[^{UNSPACED}]]"
_FIRST_WORD = rf"^({SPACED_WORD}+)"
_SIGNS = {
    f"[{UNSPACED}]": "\x7f",
    r"[[\p{Lu}\p{Lo}]--[A-Z]]": "A",
    r"[\p{Ll}--[a-z]]": "\x03",
    rf"[[{WORD}]--[A-Za-z0-9_]]": "0",
}
"""Letters that aren't ASCII, and what stands for them in shapes of words."""
_CAPITALISED = r"[A-Z@][A-Za-z0-9_\x03]*"
_FOLLOWING = re.sub("[áóú]", r"\\x03", f"{SPEECH_VERBS}|{SPOKEN_TO}|{_COMMON_VERBS}")
_ASCII_REPLIES, _ASCII_PREDICATES = (
    re.sub("[^\x00-\x7f]", r"\\x03", words)
    for words in (REPLIES.replace("['’]", "'"), PREDICATES.replace("['’]", "'"))
)
_PHRASE = (
    rf"[a-z\x03,;:] {_CAPITALISED}(?: {_CAPITALISED})*"
    rf"|{_CAPITALISED}(?:(?: {_CAPITALISED})+| (?:{_FOLLOWING})|[^ @A-Za-z0-9_\x03\x7f]|$)"
)
"""Capitalised words in a row, or one that the signs or words beside it tell from the start of a sentence.

It reads shapes of words: with the letters of all scripts it would take ten times as long.
"""
_SMALL_FIRST = (
    r"\A(?:(?:[Ss]econding|[Tt]hanks|[Tt]hank you|[Hh]i|[Hh]ey|[Hh]ello|[Aa]gree with|[Yy]es|[Yy]eah|[Nn]o"
    r"|[Ss]orry|[Ll]ol),? )?"
    r"([a-z][A-Za-z0-9_\x03]{3,})[ ,!:.]"
)
_SMALL_LAST = r"(?:, |hanks? |gree with |econding |hi |hey |hello |thank you |@)([a-z][A-Za-z0-9_\x03]{3,})[.!?]*\z"
"""Where somebody may be called without a capital: by the first or last word of a text."""
_EDGE_CHARS = 40
_OPENING = rf"\A([A-Z][A-Za-z0-9_\x03]+)(?i: (?:{_ASCII_REPLIES}|{_ASCII_PREDICATES})(?-u:\b))"
"""A name that opens a text with nothing but a space after it."""
_COLUMNS = ["thread_id", "author_id", "author_name", "word", "is_full", "is_given"]


def _shape_given() -> pl.DataFrame:
    given = pl.DataFrame({"word": sorted(ANY_GIVEN)})
    return _add_shapes(given, "word")


def split_names(authors: pl.DataFrame) -> pl.DataFrame:
    """Return one row per thread and named author with the folded parts of the name, and what speaks for a real one."""
    people = (
        authors.filter(pl.col("author_id").is_not_null(), pl.col("author_name").is_not_null())
        .group_by("thread_id", "author_id", maintain_order=True)
        .agg(pl.col("author_name").first(), is_host=pl.col("is_host").fill_null(False).any())
    )
    # Many write in several threads, and each name is taken apart once.
    names = people.select("author_name").unique()
    name = pl.col("author_name").str.replace_all(r"\s+", " ").str.strip_chars()
    bare = name.str.replace(rf"^{TITLE}\.? ", "").str.replace(_DEGREES, "")
    names = names.with_columns(written=normalize(bare).str.strip_chars())
    written, first = pl.col("written"), pl.col("first")
    names = (
        names.with_columns(whole=fold(written), head=written.str.extract(r"^(\S+)", 1))
        .with_columns(
            first=pl.col("whole").str.extract(r"^(\S+)", 1),
            last=pl.col("whole").str.extract(r"(\S+)$", 1),
            is_single=~pl.col("whole").str.contains(" ", literal=True),
        )
        .with_columns(
            is_name=(first.str.contains(_SHORT_NAME) | first.is_in(_LEAST_NAMES))
            & ~first.is_in(NICKNAME_WORDS),
            is_real=written.str.contains(_NAME_LIKE)
            & ~pl.col("head").is_in(ALSO_WORDS)
            & ~first.is_in(NICKNAME_WORDS),
            # A nickname with a digit, an underscore or a capital inside is no other word, nor is a very long one.
            is_unlike=written.str.contains(r"[0-9_]|^\p{L}\S*\p{Ll}\p{Lu}\S*$|^\p{L}{14,}$")
            & (written.str.len_chars() >= _NICKNAME_CHARS),
        )
    )
    return people.join(names, on="author_name", how="left", maintain_order="left")


def list_names(people: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, author_id, author_name, word, is_full, is_given: one row per way to write an author's name.

    As written and with initial capitals; the first name alone, or one part of a nickname (`Ann_from_Rome`),
    where the thread has only one such author. `is_given` says that it is a name wherever it stands.
    """
    head = pl.col("head")
    known = people.with_columns(is_alone=pl.len().over("thread_id", "first") == 1)
    full = known.filter(~pl.col("is_single") | pl.col("is_unlike")).with_columns(
        is_full=pl.lit(True), is_given=pl.lit(True)
    )
    short = known.filter("is_alone", "is_name").with_columns(
        written=head, is_full=pl.lit(False), is_given=head.is_in(ONE_NAME) | pl.col("is_real")
    )
    bare = pl.col("written").str.replace(r"(?: \p{Lu}\.?)+$", "")
    whole = full.with_columns(written=bare).filter(
        pl.col("written").str.contains(" ", literal=True), bare != full["written"]
    )
    parts = _split_nicknames(known)
    small = parts.with_columns(written=fold(pl.col("written")), is_given=pl.lit(False)).filter(
        pl.col("written").str.len_chars() >= _NICKNAME_CHARS,
        ~pl.col("written").is_in(ORDINARY_WORDS),
    )
    both = pl.concat([full, whole, short, _list_lasts(known), parts, small])
    titled = both.with_columns(word=pl.col("written").str.to_titlecase())
    titled = titled.filter(pl.col("word") != pl.col("written"))
    ways = pl.concat([both.rename({"written": "word"}).select(_COLUMNS), titled.select(_COLUMNS)])
    # Some names are only spaces or punctuation, by which nobody can be addressed.
    return ways.filter(pl.col("word").str.contains(r"[\p{L}\p{N}]"))


def _list_lasts(people: pl.DataFrame) -> pl.DataFrame:
    """Return the surnames that only one author of a thread has, and given names after them (`Chen Yu-Ting`)."""
    last = pl.col("written").str.extract(r"(\S+)$", 1)
    known = people.with_columns(last_word=last).filter(
        "is_real", ~pl.col("is_single"), pl.len().over("thread_id", "last") == 1
    )
    word, is_one = pl.col("last_word"), pl.col("head").is_in(ANY_GIVEN)
    given = known.filter(~is_one, word.str.contains(r"^\p{Lu}\p{Ll}+-\p{L}\p{Ll}+$"))
    surnames = known.filter(
        word.str.contains(r"^\p{Lu}\p{Ll}{3,}$"),
        ~word.is_in([*ANY_GIVEN, *NOT_SURNAMES, *NOT_PEOPLE]),
    )
    lasts = pl.concat(
        [given.with_columns(is_given=pl.lit(True)), surnames.with_columns(is_given=pl.lit(False))]
    )
    lasts = lasts.with_columns(written=word, is_full=pl.lit(False))
    return lasts.select(*people.columns, "is_full", "is_given")


def _split_nicknames(people: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of nicknames (`Ann_from_Rome`, `ChefBob`, `bob-w`) that only one author of a thread has."""
    spaced = pl.col("written").str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    is_word = pl.col("written").str.contains(r"^\p{L}\p{Ll}+$")
    is_real = pl.col("written").str.contains(_NAME_LIKE) & pl.col("head").is_in(ONE_NAME)
    parts = (
        people.filter(~is_real, ~is_word)
        .with_columns(written=spaced.str.extract_all(r"\p{L}{3,}"))
        .explode("written", empty_as_null=False)
        .with_columns(folded=fold(pl.col("written")))
        .filter(pl.col("is_single") | pl.col("written").str.to_titlecase().is_in(ONE_NAME))
    )
    parts = parts.filter(~pl.col("folded").is_in(NICKNAME_WORDS)).unique(
        ["thread_id", "author_id", "folded"], keep="first", maintain_order=True
    )
    firsts = people.select("thread_id", "author_id", folded="first")
    used = pl.concat([firsts, parts.select(firsts.columns)]).unique()
    single = used.filter(pl.len().over("thread_id", "folded") == 1)
    parts = parts.join(single, on=["thread_id", "author_id", "folded"], how="semi")
    titled = pl.col("written").str.to_titlecase()
    parts = parts.with_columns(
        written=titled,
        is_full=pl.lit(False),
        is_given=titled.is_in(ONE_NAME)
        & (titled.is_in(ONE_NAME).cum_sum().over("thread_id", "author_id") == 1),
    )
    return parts.drop("folded").select(*people.columns, "is_full", "is_given")


def list_own_words(people: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, author_id, word, is_first: one row per distinct word of an author's name, folded."""
    spaced = pl.col("written").str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    words = people.select("thread_id", "author_id", word=fold(spaced).str.extract_all(r"\p{L}+"))
    words = words.with_columns(place=pl.int_ranges(pl.col("word").list.len()))
    words = words.explode("word", "place", empty_as_null=False)
    return words.with_columns(is_first=pl.col("place") == 0).unique(
        ["thread_id", "author_id", "word"], keep="first", maintain_order=True
    )


def list_surnames(found: pl.DataFrame, place: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the surnames of the persons `found`, as `list_names` does: the thread names them again without more.

    So may given names, except where one of the `people` has it. `author_id` is the id of the person, and is null
    where two have the name.
    """
    name = pl.col("name")
    surname = pl.coalesce(
        name.str.extract(r" ([\p{Lu}][\p{L}'’-]{2,})$", 1),
        pl.when(rule="person_related").then(name.str.extract(r"^(\S{3,})$", 1)),
    )
    persons = found.filter(kind="person").join(
        place.select("row", "thread_id"), on="row", maintain_order="left"
    )
    given = persons.filter(~name.str.contains(rf"^{TITLE}\b")).with_columns(
        word=normalize(name.str.extract(r"^(\p{Lu}\p{Ll}{2,}) (?:\p{Lu}\.? )?\p{Lu}\p{L}+$", 1))
    )
    given = given.filter(~pl.col("word").is_in(ONE_NAME)).join(
        people.with_columns(word="head"), on=["thread_id", "word"], how="anti"
    )
    surnames = persons.with_columns(word=normalize(surname)).filter(
        ~pl.col("word").is_in([*NOT_SURNAMES, *ONE_NAME]), pl.col("word").str.contains(r"\p{Ll}$")
    )
    return (
        pl.concat([surnames, given])
        .select("thread_id", "id", "name", "word")
        .drop_nulls("word")
        .group_by("thread_id", "word", maintain_order=True)
        .agg(
            author_id=pl.when(pl.col("id").n_unique() == 1).then(pl.col("id").first()),
            author_name=pl.col("name").first(),
        )
        .with_columns(is_full=pl.lit(False), is_given=pl.lit(True))
        .select(_COLUMNS)
    )


def split_words(texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return row, shape of the words of `texts` that may name somebody, and row, word of the given names among them.

    Such a word has a capital and is within a sentence, beside another such word, or before a mark or a common verb;
    or it is a common given name that opens the text, or it follows `@`.
    """
    shapes = _add_shapes(texts.select("row", "normal"), "normal")
    phrases = shapes.select("row", phrase=pl.col("shape").str.extract_all(_PHRASE)).explode(
        "phrase", empty_as_null=False
    )
    words = phrases.select("row", shape=pl.col("phrase").str.extract_all(_CAPITALISED))
    words = words.explode("shape", empty_as_null=False)
    opening = shapes.select("row", pl.col("shape").str.extract(_OPENING, 1))
    given = shapes.select("row", pl.col("shape").str.extract(r"\A([A-Z][A-Za-z\x03]+)", 1))
    opening = pl.concat(
        [opening.drop_nulls(), given.filter(pl.col("shape").is_in(_ONE_NAME_SHAPES))]
    )
    words = words.with_columns(pl.col("shape").str.strip_prefix("@"))
    edge = [
        shapes.select("row", pl.col("shape").str.extract(_SMALL_FIRST, 1)),
        shapes.select("row", pl.col("shape").str.tail(_EDGE_CHARS).str.extract(_SMALL_LAST, 1)),
    ]
    words = pl.concat([words, *(each.drop_nulls() for each in edge)])
    words = pl.concat([words, opening]).unique()
    return words, words.join(_GIVEN, on="shape").select("row", "word")


def _add_shapes(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return `rows`, in any order, with `shape`: the text of `column` with a sign of ASCII for each letter that isn't.

    One quick expression reads all scripts then.
    """
    rows = rows.with_columns(shape=column)
    shape = pl.col("shape")
    is_ascii = shape.str.len_bytes() == shape.str.len_chars()
    other = rows.filter(~is_ascii)
    for letters, sign in _SIGNS.items():
        other = other.with_columns(shape.str.replace_all(letters, sign))
    return pl.concat([rows.filter(is_ascii), other])


def match_names(
    words: pl.DataFrame, texts: pl.DataFrame, place: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Return row, word: each name of a thread whose first word is in a text of that thread.

    A name begins with a capital or a letter without case, or a first name follows `@`. Only such `words`
    (row, shape, as from `split_words`) are compared. Names that begin otherwise, or in a script without spaces, are
    searched for.
    """
    first = pl.col("word").str.extract(_FIRST_WORD, 1)
    names = names.select("thread_id", "word", "is_full", first=first).unique(maintain_order=True)
    begins = pl.col("word").str.contains(_NAME_START) | ~pl.col("is_full")
    begins &= pl.col("first").is_not_null() & ~pl.col("word").str.contains(r"^\S+ [a-z]")
    plain, other = _add_shapes(names.filter(begins), "first"), names.filter(~begins)
    matched = (
        words.join(plain.select("shape").unique(), on="shape", how="semi")
        .join(place.select("row", "thread_id"), on="row")
        .join(plain, on=["thread_id", "shape"])
        .select("row", "word")
    )
    if not other.is_empty():
        read = texts.join(place.select("row", "thread_id"), on="row", maintain_order="left")
        read = read.join(other.select("thread_id").unique(), on="thread_id", how="semi")
        sought = other["word"].unique().sort().to_list()
        found = read.select(
            "row", "thread_id", word=pl.col("normal").str.extract_many(sought, overlapping=True)
        )
        found = found.explode("word", empty_as_null=False)
        found = found.join(other, on=["thread_id", "word"], how="semi").select("row", "word")
        matched = pl.concat([matched, found])
    return matched.unique()


def locate_names(texts: pl.DataFrame, named_in: pl.DataFrame) -> pl.DataFrame:
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


_GIVEN = _shape_given()
"""Given names with their shapes."""
_ONE_NAME_SHAPES = _GIVEN.filter(pl.col("word").is_in(ONE_NAME))["shape"].unique().implode()
