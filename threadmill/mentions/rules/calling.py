"""Forms of address: whether a name stands where somebody is called, quoted or spoken of."""

import polars as pl

from threadmill.mentions.rules.naming import (
    ONE_NAME,
    PREDICATES,
    REPLIES,
    SPEECH_VERBS,
    SPOKEN_TO,
    locate_names,
)
from threadmill.mentions.rules.persons import RANK
from threadmill.mentions.text.fold import fold
from threadmill.mentions.text.names import GIVEN_NAMES, ORDINARY_WORDS
from threadmill.mentions.text.spans import CONTEXT_CHARS, cut_surfaces

_ADDRESSING = (
    "hi|hello|hey|dear|thanks?|thank you|thx|cheers|ty|agreed?|agree with|with you|in reply to|replying to|sorry"
    "|congrats|congratulations|welcome|well said|well put|well done|well played|(?:good|great|fair) (?:point"
    "|question)"
    "|(?:good|nice|great) (?:catch|one|find|work|job)|exactly|yes|yeah|no|ok|okay|(?:ah |very )?nice|good luck|bravo"
    "|amen|rip|kudos to|props to|bless you|no rush|no worries|you['’]?re right|same here|true|right|wow|oh|ah|sure"
    "|cc|second(?:ing)?"
    # German
    "|danke(?:schön)?|vielen dank|besten dank|lieben dank|hallo|moin|servus|liebe[rs]?|stimmt|genau|ja|nein|ach|super"
    "|gute (?:frage|besserung|idee)|guter punkt|tut mir leid|glückwunsch|grüß dich|entschuldige|dir|euch"
    # Spanish
    "|(?:muchas |mil )?gracias|hola|buenas|buenos días|querid[oa]|sí|claro|exacto|perdona|perdón|oye|mira|ay|ánimo"
    "|enhorabuena|felicidades|genial|suerte|besos|un saludo|saludos"
    # French
    "|merci(?: beaucoup)?|bonjour|salut|chère?|oui|non|désolée?"
)
_CALLED = (
    rf"(?i)(?:(?:^|[.!?…\n]\s*|[(,\s])(?:{_ADDRESSING}|@)[,!:]?(?: again| nochmal| otra vez)?"
    r"(?: (?:for this|so much|very much|a lot|an dich|auch|sehr|dir))?,? ?(?:to |an |a )?|, ?|@)$"
)
"""What stands before somebody who is addressed."""
_THANKED = (
    r"(?i)(?:^|[^\p{L}])(?:thanks|thank you|danke|gracias|merci|hi|hello|hey|hola|hallo|dear|liebe[r]?"
    r"|querid[oa]) $"
)
_CALLED_FIRST = r"^\s*@?$|[.!?…] ?$| {2}$"
_FIRST_FOLLOW = rf"^(?:\s?[,:!–—-]| (?:{SPOKEN_TO})\b)"
_TEXT_STARTS = r"^\s*@?$"
_SURE_FOLLOW = rf"^(?:['’]s? | (?:{PREDICATES})\b)"
_REPLY_FOLLOW = rf"(?i)^ (?:{REPLIES})\b"
_CALL_ENDS = r"^\s?(?:[.!?,…;:)–—]|-\s|\s-|\n|$|\p{Extended_Pictographic})"
_TELLS = (
    r"(?i)^(?:['’]s (?:comment|post|point|question|reply|answer|suggestion|remark|idea|link|message|story"
    rf"|experience)|,? (?:{SPEECH_VERBS}))\b"
)
_ISOLATED_BEFORE = r"(?:^|[^\p{L}\p{N}_'’/@#.&-]|[\p{L}\p{N}][.] |\n)$"
_OTHER_NAME_BEFORE = (
    rf"\b(?:{RANK}|St|Saint|San|Santa|Mount|Lake|Fort|Port|New|North|South|East|West)\.? $"
    rf"|\b\p{{Lu}}\. $"
)
_NAME_BEFORE = r"(?:^|[^\p{L}])(\p{Lu}[\p{L}'’-]*) $"
_SURNAME_AFTER = r"^ (?:(?:van|von|de|del|di|da) )?\p{Lu}[\p{Ll}'’]"
_STARTS = r"^\s*$|[.!?…:] ?$|\n\s*$"
_MARKED_END = r"^[!?:,;.]"
_WITHIN = r"[\p{Ll},;] $"
"""Before a name within a sentence."""


def locate_named(
    texts: pl.DataFrame, place: pl.DataFrame, matched: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per place of a name in `matched` (row, word) and owner in `names`, with what speaks for it.

    `is_called` says that somebody is spoken to or quoted there, or named in full, `is_alone` that no other part of a
    name is beside it, `is_named` that the owner is meant.
    """
    found = locate_names(texts, matched)
    if found.is_empty():
        return found
    found = _add_context(texts, found.join(place, on="row", maintain_order="left"))
    found = found.join(names, on=["thread_id", "word"], how="left", maintain_order="left")
    before, after = pl.col("before"), pl.col("after")
    # Step by step, because an expression that is used several times is computed as often.
    found = found.with_columns(
        begins=before.str.contains(_TEXT_STARTS),
        starts=before.str.contains(_STARTS),
        goes_on=after.str.contains(_SURE_FOLLOW),
        is_word=fold(pl.col("word")).is_in(ORDINARY_WORDS),
        is_small=pl.col("surface").str.contains(r"^\p{Ll}"),
    ).with_columns(
        is_addressed=(before.str.contains(_CALLED) & after.str.contains(_CALL_ENDS))
        | (before.str.contains(_THANKED) & ~after.str.contains(_SURNAME_AFTER))
        | (before.str.contains(_CALLED_FIRST) & after.str.contains(_FIRST_FOLLOW))
        | (pl.col("begins") & pl.col("is_given") & pl.col("goes_on"))
        | (pl.col("begins") & ~pl.col("is_word") & after.str.contains(_REPLY_FOLLOW)),
    )
    is_capital = pl.col("surface").str.contains(r"^[\p{Lu}\p{Lo}]")
    is_called_small = (
        pl.col("is_small") & pl.col("is_addressed") & ~pl.col("word").is_in(ORDINARY_WORDS)
    )
    found = found.with_columns(
        cased=is_capital | before.str.contains(r"@$") | is_called_small
    ).with_columns(
        is_called=pl.col("is_full")
        | (pl.col("cased") & (pl.col("is_addressed") | after.str.contains(_TELLS))),
        is_alone=pl.col("cased") & _stands_alone(),
        found="surface",
    )
    is_one = pl.col("word").is_in(ONE_NAME)
    is_known = pl.col("is_called").any().over("thread_id", "author_id", "word")
    is_person = pl.col("kind") == "person"
    is_named = pl.col("is_called") | (
        pl.col("is_alone")
        & (
            (is_one & pl.col("is_given"))
            | ((pl.col("is_given") | is_known) & before.str.contains(_WITHIN))
            | (pl.col("is_given") & pl.col("starts") & pl.col("goes_on"))
            | (is_person & pl.col("starts") & after.str.contains(_MARKED_END))
        )
    )
    return found.with_columns(is_named=is_named)


def _add_context(texts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` with the surface, and with the text before and after."""
    start, end = pl.col("start"), pl.col("end")
    around = {
        "before": found.select("row", start=pl.max_horizontal(start - CONTEXT_CHARS, 0), end=start),
        "after": found.select("row", start=end, end=end + CONTEXT_CHARS),
        "surface": found,
    }
    return found.with_columns(**{name: cut_surfaces(texts, part) for name, part in around.items()})


def _stands_alone() -> pl.Expr:
    """Return whether no other part of a name is beside a name, given `before` and `after`."""
    before, after = pl.col("before"), pl.col("after")
    name_before = before.str.extract(_NAME_BEFORE, 1).is_in([*ONE_NAME, *GIVEN_NAMES])
    return (
        before.str.contains(_ISOLATED_BEFORE)
        & ~before.str.contains(_OTHER_NAME_BEFORE)
        & ~name_before.fill_null(value=False)
        & ~after.str.contains(_SURNAME_AFTER)
        & ~after.str.contains(r"^ vs?\.? ")
        & ~before.str.contains(r" vs?\.? $")
        & ~after.str.contains(r"^(?:[-_/@&]|['’]s \p{Lu}|\.\p{L})")
    )
