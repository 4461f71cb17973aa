"""Ages: stated as such, and by what stands around a number."""

import polars as pl

from threadmill.mentions.rules.foreign_ages import FOREIGN_UNITS_FOLLOW, find_foreign_ages
from threadmill.mentions.rules.kin import KIN
from threadmill.mentions.rules.units import COUNT
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    NO_SPANS,
    concat_hits,
    drop_head,
    find_spans,
    is_whole_word,
    keep_having,
    keep_likely,
    make_hits,
)

_AGE = (
    r"(?i)(?:(?:over|under|above|below|by|at|around|from) the age of|aged|age of|age) (?:about "
    r"|around )?[0-9]{1,3}(?:\s?[-–]\s?[0-9]{2})?"
    r"|[0-9]{1,3}(?:\s?[-–]\s?[0-9]{1,3})?[- ]?(?:years?|yrs?|months?|weeks?)[- ](?:old|of age)"
    rf"|{COUNT}(?:[- ]{COUNT})?[- ](?:years?|months?)[- ]old"
    r"|[0-9]{1,2} ?y/?o"
    r"|(?:early|mid|late)(?:[- ]to[- ](?:mid|late))?[- ]?(?:(?:[2-9]0)['’]?s|teens|twenties|thirties|forties"
    r"|fifties|sixties|seventies|eighties|nineties)"
    r"|(?:in |into )(?:my|his|her|their|your|our) (?:[2-9]0['’]?s|teens|twenties|thirties|forties|fifties|sixties"
    r"|seventies|eighties|nineties)"
    r"|[0-9]{2} (?:at|when) (?:diagnosis|onset|diagnosed|first diagnosed)"
)
_AGE_IS = (
    r"(?i)(?:I['’]?m|I am|he['’]s|she['’]s|you['’]re|(?:he|she|I|you|who) (?:is|was|were|are)"
    r"|(?:am|is|was|are) (?:now|only|just)|(?:I|he|she|just|recently)(?: (?:just|recently|have|has))? turned"
    r"|turning) (?:now |only |just |nearly |almost )?[1-9][0-9]"
    r"|\p{L}+(?:['’]s|['’]?m|['’]re| is| was| am| are| were) (?:pushing|approaching|nearing) [2-9][0-9]"
)
_WHEN = (
    r"(?i)\b(?:when|since) (?:I|he|she|we|they) (?:was|were) (?:(?:like|about|around|only|just|maybe|barely"
    r"|almost) )*"
    r"[1-9][0-9]?(?: or [1-9][0-9]?)?"
)
_SOMEBODY_IS = (
    rf"(?i)\b(?:(?:{KIN}|mine|youngest|oldest|eldest|middle one)(?:['’]s| is| was| are| were|(?: just)? turned|"
    rf" turns)"
    r"|(?:Dr|Prof|Mr|Mrs|Ms|Frau|Herr)\.? [\p{L}'’-]+ (?:is|was|turned)) (?:now |only |just |nearly |almost"
    r" )?[1-9][0-9]"
)
_SUPPOSED = (
    rf"(?i)(?:\b(?:he|she|I|you|who|{KIN})(?:['’]d|['’]ll| would| must| will| might| could| should)(?: probably|"
    rf" still)?"
    r"|\b(?:[Mm]ust|[Ww]ould|[Ww]ill))(?: now| only)? (?:be|have been) (?:about |around |almost |nearly |at least "
    r"|like |over "
    r")?[1-9][0-9](?: or [1-9][0-9])?"
)
_IS_SPELT = (
    rf"(?i)\b(?:I|he|she|who|{KIN}|mine|youngest|oldest|eldest)(?:['’]s|['’]m| is| am| was| are| were| turned)"
    rf" (?:only |just "
    r"|about |nearly |almost |like |maybe )?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir"
    r"|four|fif"
    r"|six|seven|eigh|nine)teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:-(?:one|two|three|four|five"
    r"|six|seven"
    r"|eight|nine))?)"
)
_SPELT_ENDS = (
    r"(?i)^(?:\s*$|\s?[.,;!?)…—–](?:[^\p{N}]|$)| (?:when|and (?:I|he|she|my|we|a|the)|or so|at the time|then"
    r"|now|in)\b)"
)
_SPELT_SIGNS = (
    r"(?:was|is|'m|am|'s|were|are|turned) (?:only |just )?(?:t(?:wo|hr|en|we|hi)|f(?:our|i[vf])|si[xe]|seve"
    r"|eigh|nine|elev)"
)
"""How an age in words is said, in folded text."""
_IS_SIGNS = (
    r"(?:m|'s|'re|is|was|were|are|turn(?:ed|s|ing)|now|only|just|nearly|almost|about|like|around|maybe|barely|pushing"
    r"|aching|earing) [1-9]"
)
"""How somebody's age is said, in folded text."""
_AGE_AT = r"(?i)at (?:just |only )?(?:1[0-9]|[2-9][0-9])"
_YOUNG_AT = r"(?i)at (?:just |only )?[3-9]"
_YOUNG_BEFORE = (
    r"(?i)\b(?:diagnosed|orphaned|adopted|emigrated|immigrated|came over|learned|learnt"
    r"|taught)\b[^.!?\n]{0,40}$"
)
_AGE_WAS = r"(?i)ages? [^.!?\n]{0,60}?(?:was|were|is|:) [1-9][0-9]"
_UNITS_FOLLOW = (
    r"^(?:[0-9%°º]|[.,:/-][0-9]|\s?(?:%|percent|per cent|(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?"
    r"|mins?"
    r"|seconds?|secs?|ms|s|h|am|pm|o['’]clock|mph|kph|km|miles?|metres?|meters?|m|cm|mm|feet|foot|ft|inch(?:es)?"
    r"|kg|g|mg"
    r"|ml|lbs?|stone|pounds?|dollars?|euros?|degrees?|[cf]|fps|hz|khz|mhz|gb|mb|kb|k|x|px|points?|times|times?|people"
    r"|patients|comments|lines|out|of|st|nd|rd|th|per|to|different|more|other)\b))"
)
_CLAUSE_FOLLOWS = (
    r"(?i)^(?:\s*$|\s?[.,;:!?)\]…\"”—–-](?:\D|$)|\s+(?:and|but|or|so|with|when|who|which|that|i|he|she"
    r"|they|we|my|his|her|from|after"
    r"|due|because|having|now|then"
    r"|myself|himself|herself|too|already|today|still|at the time|at that (?:time|point)|back then|in"
    r"|years?[- ]old|this|next|last|were|was|is"
    r"|had|has|if|it|the)\b|\n)"
)
_NOT_AN_AGE = (
    r"(?i)\b(?:page|line|level|chapter|volume|speed|rate|running|run|runs|set|capped|caps?|priced|valued"
    r"|score[ds]?|stands?|sits?|arriv\w+|starts?|fps|temperature|port|room|number|version|step|index|offset|row"
    r"|column)\s*(?:is |was |it )?$"
)

_WHO = (
    rf"{KIN}|grand(?:ma|pa|mother|father)|gran|nan|nana|granny|step(?:mom|mum|dad|mother|father|son|daughter)"
    r"|(?:mother|father|sister|brother|son|daughter)-in-law|[mfsb]il|hubby|spouse|room-?mate|flat-?mate|co-?worker"
    r"|colleague|boss|neighbou?r|landlord|landlady|ex|he|him|she|her|they|them"
)
"""Who may have an age in parentheses; pronouns say too little elsewhere."""
_PARENS = (
    r"\((?:[1-9][0-9]?|1[01][0-9]|[1-9]½|[1-9] 1/2)(?: ?[mfMF]|(?:,? (?:years?|yrs?|months?|weeks?"
    r"|Jahre?|Monate?|Wochen?|años?|meses|mes|semanas?)(?: old| alt)?))?\)"
)
"""A number alone in parentheses, with sex or unit: an age after a name or a person."""
_SEX = r"(?:[1-9][0-9] ?[MF]|[MF] ?[1-9][0-9])"
_SEXED_BEFORE = rf"(?i)(?:\b(?:{KIN}|my|ex|a|am|both|and|an?)\W{{1,2}}|[(\[/]|^\s*)$"
_SEXED_AFTER = r"^(?:[\s,.)\]/;:!?]|$)"
_SEX_SMALL = r"[1-9][0-9] ?[mf]"
_SMALL_BEFORE = (
    r"(?i)\b(?:i|me|he|him|she|her|bf|gf|ex|husband|wife|boyfriend|girlfriend|partner|fianc[eé]e?|brother|sister|mom"
    r"|mum|dad|mother|father|son|daughter|friend|room-?mate)[ ,(/]{1,2}$"
)
"""Who `34f` may be the age of: metres and millions stand elsewhere."""
_IS_SEXED = r"(?i)\b(?:(?:he|she|who) is|(?:he|she)['’]s|i am|i['’]?m) $"
_NOT_SEXED = r"(?i)\b(?:at|to|of|below|above|around|about|is|was|it['’]?s|hit|hits|reached|outside|line|row|model)\s$"
_PERSON = (
    r"(?i)(?:\b(?:i|me|my|he|him|his|she|her|we|our|who|born|diagnosed|diagnosis|died|dies|retired?|married"
    r"|pregnan\w+"
    rf"|menopause|onset|{KIN})\b[^.!?\n]*|(?-i:\p{{Lu}})\p{{Ll}}+ (?:got|won|became|died|joined|retired|started"
    rf"|quit|left"
    r"|wrote|published|founded|learned|learnt|married|passed)\b[^.!?\n]*|(?:^|[.!?\n]\s*)(?:even |and |but |so "
    r"|especially )?)$"
)
"""Somebody whose age a bare number may be, earlier in the sentence."""
_MONTHS_AT = (
    r"(?i)at (?:about |around |just |only |nearly )?(?:[1-9][0-9]?(?:\s?[-–]\s?[0-9]{1,2})?"
    r"|a) (?:months?|weeks?|days?)(?: old)?"
)
_CHILD = (
    r"(?i)\b(?:(?:grand)?(?:son|daughter|kids?|child|children)|nephew|niece|brother|sister|baby|babies|toddlers?"
    r"|twins?"
    r"|infants?|newborn|boy|mine|ours|diagnosed|born|came home"
    r"|girl|he|she|walk\w*|crawl\w*"
    r"|talk\w*|teeth\w*|wean\w*|breastfe\w+|vaccin\w+|sleep\w*|puppy|kitten)\b[^.!?\n]*$"
)
_LIMIT = (
    r"(?i)(?:people|adults?|women|men|patients?|children|kids?|babies|infants|toddlers|those|anyone|anybody|someone"
    r"|everyone|males?|females?|girls|boys|drivers|workers|voters) (?:who are |aged )?(?:over|under"
    r"|above|below|older than"
    r"|younger than) (?:the )?[1-9][0-9]?"
)
_APPOSED = r", [1-9][0-9]?"
_APPOSED_BEFORE = (
    rf"(?i)(?:\b(?:my|our|his|her|their|your|mein\w*|unser\w*|mi|mis|nuestr[oa]s?|ma|mon|mes|a|the) (?:\p{{L}}+"
    rf" )?(?:{KIN})"
    rf"(?: \p{{Lu}}\p{{Ll}}+)?|(?:^|[.!?\n]\s*)me|(?-i:\p{{Lu}}\p{{Ll}}+(?: \p{{Lu}}\.)? \p{{Lu}}\p{{L}}+))$"
)
"""Who may have an age between commas: `my daughter, 9, has it`."""
_AFTER_AGE = r"(?i)(?:after|before|until|till|by|past|to) [2-9][0-9]"
_OF_LIFE = (
    r"(?i)\b(?:born|diagnos\w+|onset|begins?|began|start(?:ed|s)|symptoms?|die[ds]?|dying|lives?|lived|retire\w*"
    r"|marr(?:y"
    r"|ied)|pregnan\w+|menopause|gave (?:me|him|her|us)|kids|children|disease|cancer|relaps\w+)\b[^.!?\n]{0,60}$"
)
"""What happens at an age: `it began after 30`."""
_LIST = r"[1-9][0-9]?(?:, [1-9][0-9]?)*,? (?:and|und|y|&) [1-9][0-9]?(?: months?| weeks?| Monate?n?| meses)?"
_LISTED_BEFORE = (
    rf"(?i)(?:\b(?:aged|ages)|\b(?:{KIN})\b[^.!?\n]{{0,50}}\b(?:are|were|sind|waren|tienen|de)(?: now"
    rf"| heute| jetzt| schon| ya)?"
    rf"|\b(?:{KIN})(?:,| are| aged)?) \(?$"
)
_SMALL = r"[1-9](?:½| 1/2|\.5)?"
_SMALL_IS_BEFORE = (
    rf"(?i)\b(?:{KIN}|youngest|oldest|eldest|mine)(?:['’]s| is| are| was| were|(?: just)? turned| turns)(?: now|"
    rf" only| just"
    r"| nearly| almost| about)? $"
)
_IS_ONE_DIGIT = (
    r"(?i)(?:(?:he|she|(?:son|daughter|boy|girl|kid)) ?(?:['’]s|is|was|turned|turns)|(?:he|she|they"
    r"|kids|children)(?: (?:are|were))"
    r"|turning) (?:now |only |just |nearly |almost |about )?[1-9]"
)
_AGE_WORDS = (
    "aged", " age", "old", "y/o", "0s", "0's", "0’s", "teens", "twenties", "rties", "fties", "xties", "nties",
    "hties", "diagnos", "onset", "of age",
)  # fmt: skip
_AT_WORDS = (*(f"at {digit}" for digit in range(1, 10)), "at just", "at only")


def find_ages(texts: pl.DataFrame, numbered: pl.DataFrame, foreign: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of ages; the id is the number, or the words where there is none.

    `foreign` are the rows with units of other languages, or their verbs of age.
    """
    spelt = keep_signs(texts, "spelt_ages")
    plain, decades = _find_stated_ages(pl.concat([numbered, spelt]).unique("row").sort("row"))
    units = pl.col("after").str.contains("(?i)" + _UNITS_FOLLOW)
    ends = [is_whole_word(), pl.col("after").str.contains(_CLAUSE_FOLLOWS), ~units]
    at_rows = keep_having(numbered, _AT_WORDS)
    at = find_spans(
        at_rows,
        _AGE_AT,
        *ends,
        ~pl.col("before").str.contains(_NOT_AN_AGE),
        pl.col("before").str.contains(_PERSON),
    )
    young = find_spans(at_rows, _YOUNG_AT, *ends, pl.col("before").str.contains(_YOUNG_BEFORE))
    stated = keep_likely(numbered, _IS_SIGNS)
    was = find_spans(keep_likely(numbered, "ages? "), _AGE_WAS, is_whole_word(), ~units)
    rules = {
        ("age", 0.97): plain,
        ("age_is", 0.93): pl.concat(
            [
                find_spans(stated, _AGE_IS, *ends),
                find_spans(stated, _IS_ONE_DIGIT, *ends),
                drop_head(find_spans(stated, _WHEN, *ends), r"(?i)^(?:when|since) "),
                drop_head(find_spans(stated, _SOMEBODY_IS, *ends), r"(?s)^.*\s"),
                drop_head(
                    find_spans(
                        keep_likely(numbered, "be(?:en)? [a-z ]{0,10}[1-9]"),
                        _SUPPOSED,
                        *ends,
                        pl.col("found").str.contains(r"(?i)^(?:must|would|will)").not_()
                        | pl.col("before").str.contains(r"(?:^|[.!?\n] ?)$"),
                    ),
                    r"(?i)^.* (?:be|have been) ",
                ),
                find_spans(stated, _SMALL, *ends, pl.col("before").str.contains(_SMALL_IS_BEFORE)),
                find_spans(
                    keep_likely(keep_signs(texts, "small_numbers"), _SPELT_SIGNS),
                    _IS_SPELT,
                    is_whole_word(),
                    pl.col("after").str.contains(_SPELT_ENDS),
                ),
            ]
        ).unique(["row", "end"], keep="first", maintain_order=True),
        ("age_at", 0.85): pl.concat([at, young]),
        ("age_was", 0.85): drop_head(was, r"(?s)^.*\s"),
        ("age_young", 0.96): _find_young_ages(at_rows),
        ("age_bracket", 0.96): _find_bracketed(numbered),
        ("age_limit", 0.96): _find_limits(numbered),
        ("age_foreign", 0.96): find_foreign_ages(foreign),
        ("age_list", 0.96): _find_lists(numbered),
        ("age_apposed", 0.85): _find_apposed(numbered),
        ("age_reached", 0.8): _find_reached(numbered, ends),
    }
    number = pl.col("found").str.extract(r"([0-9]+(?:\s?[-–]\s?[0-9]+)?)", 1)
    id_ = number.fill_null(pl.col("found").str.to_lowercase())
    ages = [
        make_hits(found, "age", rule=rule, confidence=sure, id=id_)
        for (rule, sure), found in rules.items()
    ]
    return concat_hits([*ages, make_hits(decades, "date", rule="decade", confidence=0.9)])


def _find_young_ages(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of `at 14 months` where a child is spoken of; elsewhere it is a duration."""
    if rows.is_empty():
        return NO_SPANS
    found = find_spans(rows, _MONTHS_AT, is_whole_word(), pl.col("before").str.contains(_CHILD))
    return drop_head(found, r"(?i)^at ")


def _find_bracketed(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of numbers in parentheses after a person, and of `34M` and `F31`."""
    before, after = pl.col("before"), pl.col("after")
    rows = keep_likely(numbered, r"\([1-9]", "masked")
    is_sexed = pl.col("found").str.contains(r"(?i)[mf]\)$")
    has_unit = pl.col("found").str.contains(r"\p{L}{3}")
    bare = find_spans(
        rows,
        _PARENS,
        before.str.contains(rf"(?i)(?:\b(?:{_WHO})|(?-i:\p{{Lu}}\p{{Ll}}+)) $"),
        is_sexed | has_unit | before.str.contains(rf"(?i)\b(?:{_WHO}) $"),
    )
    bare = bare.with_columns(
        found=pl.col("found").str.strip_chars("()"),
        start=(pl.col("start") + 1).cast(pl.Int32),
        end=(pl.col("end") - 1).cast(pl.Int32),
    )
    rows = keep_likely(numbered, r"[1-9][0-9] ?[mf](?-u:\b)|(?-u:\b)[mf] ?[1-9][0-9](?-u:\b)")
    is_said = before.str.contains(_IS_SEXED)
    sexed = find_spans(
        rows,
        _SEX,
        is_whole_word(),
        before.str.contains(_SEXED_BEFORE) | is_said,
        after.str.contains(_SEXED_AFTER),
        ~before.str.contains(_NOT_SEXED) | is_said,
    )
    small = find_spans(
        rows,
        _SEX_SMALL,
        is_whole_word(),
        before.str.contains(_SMALL_BEFORE),
        after.str.contains(_SEXED_AFTER),
    )
    return pl.concat([bare, sexed, small]).unique(
        ["row", "start"], keep="first", maintain_order=True
    )


def _find_lists(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of several ages in a row: `my kids are 3, 5 and 8`."""
    listed = find_spans(
        keep_likely(numbered, r"[1-9],? (?:and|und|y|&) [1-9]"),
        _LIST,
        is_whole_word(),
        pl.col("before").str.contains(_LISTED_BEFORE),
        ~pl.col("after").str.contains("(?i)" + _UNITS_FOLLOW),
        ~pl.col("after").str.contains("(?i)" + FOREIGN_UNITS_FOLLOW),
    ).with_row_index("list")
    texts = listed.select(row="list", masked="found")
    whole = listed.select(row="list", own="row", at="start")
    return (
        find_spans(texts, "[1-9][0-9]?(?: months?| weeks?| Monate?n?| meses)?")
        .join(whole, on="row", maintain_order="left")
        .with_columns(
            row="own",
            start=(pl.col("start") + pl.col("at")).cast(pl.Int32),
            end=(pl.col("end") + pl.col("at")).cast(pl.Int32),
        )
        .drop("own", "at")
    )


def _find_limits(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of limits of age: `women under 40`."""
    units = pl.col("after").str.contains("(?i)" + _UNITS_FOLLOW)
    rows = keep_likely(numbered, r"(?:over|under|above|below|r than) (?:the )?[1-9]")
    return drop_head(find_spans(rows, _LIMIT, is_whole_word(), ~units), r"(?s)^.*\s")


def _find_apposed(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of ages between commas: `my daughter, 9, has it`."""
    found = find_spans(
        keep_likely(numbered, r"[a-z], [1-9][0-9]?[,.;)]"),
        _APPOSED,
        pl.col("before").str.contains(_APPOSED_BEFORE),
        pl.col("after").str.contains(r"^[,.;)](?:[^0-9]|$)"),
        ~pl.col("before").str.contains(r"[0-9]\W*$|\b(?:Street|Road|Avenue|Lane|Drive)$"),
    )
    return drop_head(found, "^, ")


def _find_reached(numbered: pl.DataFrame, ends: list[pl.Expr]) -> pl.DataFrame:
    """Return the spans of ages by which something happens: `it began after 30`."""
    rows = keep_likely(numbered, "(?:after|before|until|till|by|past|to) [2-9]")
    found = find_spans(rows, _AFTER_AGE, *ends, pl.col("before").str.contains(_OF_LIFE))
    return drop_head(found, r"(?i)^\p{L}+ ")


def _find_stated_ages(texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the spans of ages stated as such, and those of decades: `the late 90s` is a date."""
    found = find_spans(keep_having(texts, _AGE_WORDS), _AGE)
    found = found.filter(
        is_whole_word(),
        ~pl.col("after").str.contains(r"^[%0-9]|^[.,][0-9]|^\s?(?:%|years? ago)"),
        ~(
            pl.col("found").str.contains(r"(?i)^age ")
            & pl.col("before").str.contains(r"(?i)\b(?:stone|new|ice|iron|bronze) $")
        ),
    )
    decade = pl.col("found").str.contains(r"(?i)^(?:early|mid|late)")
    decade &= pl.col("before").str.contains(r"(?i)\bthe $")
    ages = drop_head(found.filter(~decade), r"(?i)^(?:in|into) (?:my|his|her|their|your|our) ")
    return drop_head(ages, r"(?i)^(?:by|at|around|from) (?:the )?"), found.filter(decade)
