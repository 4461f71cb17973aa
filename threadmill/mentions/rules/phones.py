"""Telephone numbers, of those who write and of services."""

import polars as pl

from threadmill.mentions.text.spans import (
    WORD,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)

_PHONE = (
    r"(?:\+|\(\+)[0-9][0-9 ()./-]{6,20}[0-9]|00[1-9][0-9 ()./-]{7,20}[0-9]"
    r"|\([2-9][0-9]{2}\) ?[0-9]{3}[-. ][0-9]{4}|[2-9][0-9]{2}[-.][0-9]{3}[-.][0-9]{4}"
    r"|0[0-9]{2,4}[ -][0-9]{3,4}[ -]?[0-9]{3,4}|0[0-9]{2,5}[ /-]{1,3}[0-9]{3,8}(?:[ -][0-9]{2,5}){0,3}"
    r"|[6789][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}|[6789][0-9]{2}(?: [0-9]{2}){3}|0[1-9](?:[ .][0-9]{2}){4}"
    r"|[6789][0-9]{8}"
)
_SERVICE = r"116 ?117|112|911|999|110|988|111|101|116 ?1[12][0-9]"
_CALLING = (
    r"(?i)(?:\b(?:call|calls|called|calling|dial\w*|ring|rang|phone|text|number|hotline|lifeline"
    r"|helpline|ruf\w*|anruf\w*|angerufen|wähl\w*|notruf"
    r"|nummer|unter der|erreich\w*|llam\w+|marc\w+|teléfono|tel\.?|tfno\.?|whatsapp|wasap|móvil|handy"
    r"|mobil|telefon|appel\w*|numéro)\b[^.!?\n]{0,30}$"
    r"|(?:dienst|zentrale|hilfe)\b[^.!?\n]{0,20}$|: $|☎\W*$|📞\W*$)"
)
"""What stands before a telephone number of few digits, or one without a country."""
_HOME_REGIONS = ("GB", "US", "DE", "ES", "FR", "AT", "CH", "IT")


def find_phones(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of telephone numbers that `phonenumbers` considers valid; the id is E.164.

    Numbers without a country code are tried as American and British, and as those of other countries where
    they begin with 0 or a word of calling is near. Numbers of emergency services need such a word.
    """
    before, after = pl.col("before"), pl.col("after")
    rows = texts.filter(
        pl.col("masked").str.contains(
            r"[0-9]{3}[-. )/]{1,3}[0-9]{2}|\+[0-9(]|00[1-9][0-9]|\b[6789][0-9]{8}\b|\b0[1-9][ .][0-9]{2}"
        )
    )
    found = find_spans(
        rows,
        _PHONE,
        ~before.str.contains(rf"[{WORD}.,/=#$€£-]$|(?i:isbn|doi|pmid|issn)\W*$"),
        ~after.str.contains(rf"^[{WORD}%/]|^[.,][0-9]"),
    )
    service = find_spans(
        keep_likely(texts, rf"\b(?:{_SERVICE})\b"),
        _SERVICE,
        is_whole_word(),
        before.str.contains(_CALLING) | pl.col("found").str.contains("^116"),
        ~before.str.contains(r"[0-9.,/$€£#-]$"),
        ~after.str.contains(r"^(?:[.,:/-]?[0-9]|\s?(?:%|€|euro|\p{Ll}))")
        | after.str.contains(
            r"^ (?:and|or|for|if|rund|und|oder|y|if|when|im|in|an|wählen|rufen|call|calls)\b"
        ),
    )
    service = make_hits(service, "phone", rule="phone_service", confidence=0.9)
    if found.is_empty():
        return service
    called = found["before"].str.contains(_CALLING)
    numbers = [
        _format_e164(words, near) for words, near in zip(found["found"], called, strict=True)
    ]
    found = found.with_columns(number=pl.Series(numbers, dtype=pl.String)).drop_nulls("number")
    phone = make_hits(
        found, "phone", rule="phone", confidence=0.95, id=pl.col("number"), name=pl.col("number")
    )
    return concat_hits([phone, service])


def _format_e164(words: str, is_called: bool) -> str | None:
    # Importing it takes 30 ms, and most frames have no number.
    import phonenumbers

    international = "+" + words[2:] if words.startswith("00") else words
    regions: tuple[str | None, ...] = (None,)
    if not words.lstrip("(").startswith(("+", "00")):
        regions = ("GB", "DE", "FR", "AT", "CH", "IT") if words.startswith("0") else ("US",)
        if is_called:
            regions = (*regions, *_HOME_REGIONS)
    for region in regions:
        try:
            parsed = phonenumbers.parse(international, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return None
