"""Detect the language of comments with CLD2, from how the text begins."""

import polars as pl

try:
    import pycld2
except ImportError:  # pragma: no cover  # there is no wheel for this machine
    pycld2 = None

READ_CHARS = 100
"""More text costs more time and tells no other language: docs/mentions.md."""
LEAST_CHARS = 20
"""In fewer characters one language in ten is another."""
CONFIDENCES = {30: 0.98, 50: 0.995}
"""Share of right answers by length, up to so many characters; above them `LONG_CONFIDENCE`."""
LONG_CONFIDENCE = 0.999
_FORMER_CODES = {"iw": "he", "in": "id", "jw": "jv", "ji": "yi", "zh-Hant": "zh"}
_NO_WORDS = r"(?i)(?:https?://|www\.)\S+|[@#][\p{L}\p{N}_]+|\S+@\S+\.\p{L}+"
_REFUSED = r"[\p{Cc}\p{Cn}]"
"""Control characters and noncharacters: CLD2 refuses the whole text."""

LANGUAGE = pl.Schema({"language": pl.String, "language_confidence": pl.Float64})


def detect_languages(texts: pl.Series) -> pl.DataFrame:
    """Return language (ISO 639-1) and language_confidence of each text, as `LANGUAGE`.

    Both are null where a text is null, has too few characters or CLD2 isn't sure, and without
    pycld2. Addresses, handles and tags are no words. The first characters are read; what is in
    two languages counts as the one it has more of there.
    """
    if pycld2 is None:
        return LANGUAGE.to_frame().clear(len(texts))
    begun = pl.col("text").str.head(3 * READ_CHARS).str.replace_all(_NO_WORDS, " ")
    begun = begun.str.replace_all(_REFUSED, " ").str.strip_chars().str.head(READ_CHARS)
    texts_read = pl.DataFrame({"text": texts}).select(text=begun).with_row_index("row")
    texts_read = texts_read.with_columns(length=pl.col("text").str.len_chars())
    long = texts_read.filter(pl.col("length") >= LEAST_CHARS)
    detected = [_detect_language(text) for text in long["text"].to_list()]
    confidence = pl.lit(LONG_CONFIDENCE)
    for length, share in sorted(CONFIDENCES.items(), reverse=True):
        confidence = pl.when(pl.col("length") < length).then(share).otherwise(confidence)
    long = long.select("row", "length", language=pl.Series(detected, dtype=pl.String))
    long = long.with_columns(
        language_confidence=pl.when(pl.col("language").is_not_null()).then(confidence)
    )
    return texts_read.join(long, on="row", how="left", maintain_order="left").select(
        LANGUAGE.names()
    )


def _detect_language(text: str) -> str | None:
    is_sure, _, details = pycld2.detect(text, isPlainText=True)
    code = details[0][1]
    code = _FORMER_CODES.get(code, code)
    return code if is_sure and len(code) == 2 and code != "un" else None
