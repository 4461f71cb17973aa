"""Find whom a text speaks to by a word that no list of names has: short forms, nicknames and parts of handles.

A word is somebody's where it stands as a call does (`Thanks Thandi.`, `…, moth!`, `Al, you said`) and is made of the
name of somebody who writes in the thread, or where nothing but a name follows such a greeting.
"""

import polars as pl

from threadmill.mentions.rules.naming import ONE_NAME, split_names
from threadmill.mentions.text.fold import fold
from threadmill.mentions.text.names import ALSO_WORDS, NICKNAME_WORDS, split_words

_GREETED = (
    "thanks|thank you|thx|cheers|hi|hello|hey|dear|sorry|welcome|congrats|good morning|good evening"
    "|danke|hallo|hola|gracias|querid[oa]|merci|bonjour|salut|chère?|grazie|ciao|car[oa]|brav[oa]|obrigad[oa]|valeu"
    "|parabéns|oi|olá|bedankt|hoi|dzięki|cześć|hej|tack|kiitos"
)
"""After these a capitalised word by itself is a name."""
_TOLD = (
    "yes|yeah|yep|no|nope|ok|okay|oh|ah|wow|lol|omg|haha|ty|nice|exactly|agreed|good luck|well said|well put|hugs"
    "|love|ja|nein|nee|grüße an|gruß an|lieber?|sí|saludos|un abrazo|besos|oui|non|bises|sì|baci|sim|não"
    "|um abraço|dank je|dag|tak"
)
"""After these it is one if somebody in the thread is called so."""
_TITLES = ("Doc", "Doctor", "Prof", "Professor")
_NOBODY = frozenset(
    split_words("""
a again all alla alle allemaal allerseits alles amici amigas amigos amis any anyway also both but christ dear dieu dios
dir dank every everybody everyone euch fellas folks folkens freunde friends galera gente god goodness google guys
heaven her him his iedereen igen ihr it its jesus ladies lads leute lord love ma'am madam mama man many mate may
monde much only people pessoal ragazzi santa schön sehr siri sir so some sorry team that the them then there these they
this those to todas todos tous tout toutes tutte tutti very wszyscy wszystkim we what why world y'all you your zusammen
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december
""")
)
_LEAST_NAMES = ("al", "bo", "cy", "di", "ed", "jo", "mo", "ty", "vi")
_WORD = r"\p{L}[\p{L}\p{M}'’]*"
_OPENS = rf"(?:\A|[.!?…\n] ?)@?{_WORD}[,:]"
_CLOSES = rf", ?{_WORD}(?:[.!?…),]|\z| ?\p{{Extended_Pictographic}})"
_AFTER_GREETING = rf"(?:^|[\s.,!?(…])(?i:{_GREETED})(?: again| so much)?,? @?{_WORD}"
_AFTER_TOLD = rf"(?:^|[.!?,;(…\n] ?)(?i:{_TOLD}),? @?{_WORD}"
_START, _END = "\x1e", "\x1f"
"""Put around what a pattern matches."""
_SHORT_ENDS = r"(?:y|ie|i|a|o|u|ek|ka|ko|ke|je|s|chen|lein|ito|inho|ino)$"
"""How short forms and pet names end."""
_DOUBLED = r"(?:bb|dd|gg|ll|mm|nn|pp|rr|ss|tt|zz)(?:y|ie|i|e|o)$"
"""Pet names that keep but two letters of the name: `Immy`."""
_FROM_VERB = r"ly$"
_ENDS = r"^(?: ?(?:[.!?,…;:)–—]|$|\n)| [-:;]| ?\p{Extended_Pictographic}| (?:and|und|y|et|e|en|i|och) \p{Lu}| [&+])"
_ROW = {"row": pl.UInt32, "word": pl.String, "place": pl.String, "is_ended": pl.Boolean}


def find_called(texts: pl.DataFrame, authors: pl.DataFrame) -> pl.DataFrame:
    """Return row, thread_id, word, is_name: one row per text and word by which somebody is spoken to in it.

    `is_name` says that the word names somebody wherever the thread has it; others do in their text alone.

    Args:
        texts: row, thread_id, text; a text may be null.
        authors: as `people.list_authors`.
    """
    some = texts.filter(pl.col("text").is_not_null())
    asked = pl.concat([_find_set_apart(some), _find_greeted(some)]).unique()
    asked = asked.join(texts.select("row", "thread_id"), on="row").with_columns(
        folded=fold(pl.col("word")), is_cased=pl.col("word").str.contains(r"^[\p{Lu}\p{Lo}]")
    )
    asked = asked.filter(~pl.col("folded").is_in(_NOBODY))
    word = pl.col("word")
    is_title = word.is_in(_TITLES) & (pl.col("place") != "opens")
    is_greeted = (pl.col("place") == "greeted") & pl.col("is_ended") & pl.col("is_cased")
    is_greeted &= word.str.contains(r"\p{Ll}")
    named = _resolve(asked, authors)
    alone = asked.filter(is_title | is_greeted).with_columns(is_name=is_greeted & ~is_title)
    called = pl.concat([named, alone.select(named.columns)])
    is_name = pl.col("is_name") & (word.str.len_chars() > 3) & ~word.is_in(ALSO_WORDS)
    return (
        called.with_columns(is_name=is_name)
        .group_by("row", "thread_id", "word", maintain_order=True)
        .agg(pl.col("is_name").any())
    )


def _find_set_apart(texts: pl.DataFrame) -> pl.DataFrame:
    """Return words that a comma or the end of a sentence sets apart from both sides."""
    found = [
        texts.select("row", word=pl.col("text").str.extract_all(pattern))
        .filter(pl.col("word").list.len() > 0)
        .explode("word")
        .with_columns(pl.col("word").str.extract(rf"({_WORD})"), place=pl.lit(place))
        for place, pattern in (("opens", _OPENS), ("closes", _CLOSES))
    ]
    return pl.concat(found).with_columns(is_ended=pl.lit(value=True)).select(list(_ROW))


def _find_greeted(texts: pl.DataFrame) -> pl.DataFrame:
    """Return words after greetings, thanks and the like."""
    # One quick test before a slower expression.
    rows = texts.filter(pl.col("text").str.contains(f"{_AFTER_GREETING}|{_AFTER_TOLD}"))
    if rows.is_empty():
        return pl.DataFrame(schema=_ROW)
    found = []
    for place, pattern in (("greeted", _AFTER_GREETING), ("told", _AFTER_TOLD)):
        marked = pl.col("text").str.replace_all(pattern, f"{_START}${{0}}{_END}")
        pieces = rows.select("row", piece=marked.str.split(_START)).explode("piece")
        pieces = pieces.filter(pl.col("piece").str.contains(_END, literal=True))
        piece = pl.col("piece")
        found.append(
            pieces.select(
                "row",
                word=piece.str.extract(rf"({_WORD}){_END}"),
                place=pl.lit(place),
                is_ended=piece.str.extract(rf"{_END}((?s:.*))$").str.contains(_ENDS),
            )
        )
    # A text may have such marks of its own.
    return pl.concat(found).drop_nulls("word")


def _resolve(asked: pl.DataFrame, authors: pl.DataFrame) -> pl.DataFrame:
    """Return those of `asked` that are made of the name of somebody in their thread, with `is_name`."""
    own = asked.select("thread_id").unique()
    parts = _list_parts(authors.join(own, on="thread_id", how="semi"))
    start = pl.col("folded").str.head(2)
    pairs = asked.with_columns(start=start).join(
        parts.with_columns(start=pl.col("part").str.head(2)), on=["thread_id", "start"]
    )
    word, part = pl.col("folded"), pl.col("part")
    size, other = word.str.len_chars(), part.str.len_chars()
    is_cased, is_first = pl.col("is_cased"), pl.col("is_first")
    is_least = word.is_in(_LEAST_NAMES) | ((size == 2) & (pl.col("place") != "opens"))
    is_short = part.str.starts_with(word) & (
        (size >= 4) | (is_first & is_cased & ((size == 3) | is_least))
    )
    is_pet = (
        (is_cased & (size >= 4) & (size <= other + 3))
        & is_first
        & ((word.str.head(3) == part.str.head(3)) | ((size <= 5) & word.str.contains(_DOUBLED)))
        & word.str.contains(_SHORT_ENDS)
        & ~word.str.contains(_FROM_VERB)
    )
    is_longer = is_cased & word.str.starts_with(part) & (other >= 4) & (size <= other + 4)
    is_same = (word == part) & (size >= 3)
    is_common = word.is_in(NICKNAME_WORDS) & (pl.col("place") == "opens")
    named = pairs.filter(is_same | is_short | is_pet | is_longer, ~is_common)
    return named.select("row", "thread_id", "word", is_name=is_first & is_cased).unique()


def _list_parts(authors: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, part, is_first: what the names and handles of a thread are made of, in small letters."""
    people = split_names(authors)
    firsts = people.select("thread_id", part="first", is_first=pl.lit(value=True))
    both = pl.concat(
        [
            authors.select("thread_id", name="author_name"),
            authors.select("thread_id", name="author_handle"),
        ]
    ).drop_nulls()
    spaced = pl.col("name").str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    others = both.select("thread_id", part=fold(spaced).str.extract_all(r"[\p{L}\p{M}]{3,}"))
    others = others.explode("part").with_columns(
        is_first=pl.col("part").str.to_titlecase().is_in(ONE_NAME)
    )
    return pl.concat([firsts, others]).drop_nulls().unique()
