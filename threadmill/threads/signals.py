"""Signals of a comment: whether it asks, thanks, or tells of its author's own life. Whole-batch expressions."""

import polars as pl

ADDRESS = r"https?://\S+|www\.\S+"
"""Addresses hold question marks that ask nothing."""
ASKS = (
    r"[\p{L}\p{N}][^.!?\n]*\.?[?？؟]"
    r"|(?i:(?-u:\b)(?:wonder(?:ing|ed)? (?:if|whether|what|why|how|who|when)|any(?:one|body) (?:else )?(?:knows?|tried"
    r"|had|has|have|got)|does any(?:one|body)|can (?:any|some)(?:one|body)))(?-u:\b)"
)
NO_THANKS = (
    r"(?i)(?-u:\b)(?:thank (?:god|goodness|heavens?|fuck|christ|the lord|jesus)"
    r"|no,? thank(?:s| you)|thanks to)(?-u:\b)"
)
THANKS = (
    r"(?i)(?-u:\b)(?:thank(?:s|you|ful)?|thx|tysm|ty|grateful|gratitude|much appreciated|(?:i|we|really|greatly"
    r"|much|so) appreciate[sd]?|appreciate (?:it|you|your|this|the|that)|bless you|merci|gracias|danke)(?-u:\b)"
)
OWN = (
    r"(?i)(?-u:\b)(?:i (?:was|had|got|took|tried|started|stopped|lost|suffer(?:ed)?|developed|lived?|remember"
    r"|am on|take|have (?:had|been|suffered|tried|taken|lived|ms|type))"
    r"|i['’]ve (?:had|been|tried|taken|suffered|lived|got)|(?:i['’]m|i am) (?:on|taking|[1-9][0-9]|diagnosed)"
    r"|as (?:someone|somebody|a person) (?:with|who)|in my (?:own )?(?:case|experience)|my own"
    r"|my (?:diagnosis|symptoms?|illness|disease|condition|doctor|neurologist|consultant|gp|mri|medication|meds"
    r"|treatment|relapses?))(?-u:\b)"
)


def detect_signals(text: pl.Expr) -> dict[str, pl.Expr]:
    """Return is_question, is_gratitude, is_own_experience of `text`; null where it is null.

    They go by form, English but for the question mark: a rhetorical question asks too.
    """
    return {
        "is_question": text.str.replace_all(ADDRESS, "").str.contains(ASKS),
        "is_gratitude": text.str.replace_all(NO_THANKS, "").str.contains(THANKS),
        "is_own_experience": text.str.contains(OWN),
    }
