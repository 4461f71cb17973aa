"""Word boundaries in scripts written without spaces, from ICU's dictionaries (needs the extra `icu`)."""

import polars as pl

from threadmill.mentions.text.spans import UNSPACED

try:
    import icu
except ImportError:
    icu = None

HAS_ICU = icu is not None
IS_UNSPACED = f"[{UNSPACED}]"
UNSPACED_EDGE = f"^{IS_UNSPACED}|{IS_UNSPACED}$"
_BEYOND_16_BITS = r"[\x{10000}-\x{10ffff}]"


def keep_whole_words(texts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return those of `found` (row, start, end) that begin and end at word boundaries of `texts` (row, normal).

    Without ICU it returns all of them. ICU reads whole texts, so pass only spans that need a dictionary.
    """
    if not HAS_ICU or found.is_empty():
        return found
    # ICU counts units of 16 bits.
    read = texts.join(found.select("row").unique(), on="row", how="semi").select(
        "row", text=pl.col("normal").str.replace_all(_BEYOND_16_BITS, "\ufffd")
    )
    words = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    ends = [(row, _list_boundaries(words, text)) for row, text in read.iter_rows()]
    places = pl.DataFrame(
        ends, {"row": pl.UInt32, "place": pl.List(found.schema["start"])}, orient="row"
    ).explode("place")
    for edge in ("start", "end"):
        found = found.join(places, left_on=["row", edge], right_on=["row", "place"], how="semi")
    return found


def _list_boundaries(words: "icu.BreakIterator", text: str) -> list[int]:
    words.setText(text)
    return [0, *words]
