"""Quotations: words of earlier comments, reported speech and scare quotes."""

import polars as pl

from threadmill.mentions.text.fold import fold, normalize
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import GAP, NO_HITS, find_spans, keep_marked, make_hits

_QUOTED = r'"[^"\n]+"|“[^“”\n]+[”"]|„[^„“”"\n]+[“”"]|«[^«»\n]+»|「[^「」\n]+」|『[^『』\n]+』'
_QUOTED_CHARS = 1000
"""A longer stretch between two marks is text between two quotations, or between two inch signs."""
_LITERAL = r"^.\S*[@_=/\\{}<>|]\S*.$"
"""A word of code in marks (`"svc@host"`) is no quotation."""
_BLOCK = r"(?m)^[ \t]{0,3}>[^\n]*(?:\n[ \t]{0,3}>[^\n]*)*"
_HEADED = r"(?:^|\n) ?[^\n:“\"]{1,60}:\n\n?[^\n]{4,}"
"""A quotation as copied from a forum: a line with the author's name and a colon, then the words."""
_SPEECH = (
    r"(?i)\b(?:said|says?|saying|told|tells?|asked|asks?|wrote|writes?|replied|replies|answered|claims?|claimed"
    r"|quoted?|quoting|stated?"
    r"|states|mentioned|explained|according to|commented|reads|thought|goes|went|was like|insist(?:s"
    r"|ed)?|argue[sd]?|warn(?:s|ed)?"
    r"|announced|shout(?:s|ed)?|yell(?:s|ed)?|text(?:s|ed)|dijo|dij[ei]ron|dicen?|dec[ií]an?"
    r"|contest[óa]|respondi[óo]|pregunt[óa]|coment[óa]"
    r"|escribió|grit[óa]|según|dit|disent|demande|sagt|sagte[nr]?|sagen|gesagt|meint|meinte[nr]?"
    r"|schrieb(?:en)?|schreibt|fragte?|antwortete?"
    r"|rief|laut)\b[^.!?\n]{0,25}(?:[^.!?\n]{0,45}:\s?)?$"
)
_SPEECH_BESIDE = (
    r"(?i)\b(?:said|says?|asked|wrote|writes|replied|answered|told (?:me|him|her|us|them)|shouted|yelled|goes|went"
    r"|was like"
    r"|dijo|dice|sagte?|schrieb|dit)[,:]? ?$"
)
"""Before one word in marks that somebody said."""
_SPEECH_AFTER = (
    r"(?i)^[,.]?\s?(?:he|she|they|i|we|\p{Lu}\p{L}+)?\s?(?:said|says|asked|told|replied|wrote|writes|explained"
    r"|claimed)\b"
)
_SPEECH_WORDS = 7
"""A quotation of at least this many words is speech rather than an expression."""
_QUOTE_WORDS = 2
_QUOTE_CHARS = 8
"""Fewer words or characters occur twice in a thread by chance."""
_ANCHOR_WORDS = 6
"""How many words at the start or end of a quotation find it when its middle was changed."""
_KEY_CHARS = 14
_HEADED_CHARS = 4
_WORDS = pl.col("folded").str.replace_all(" {2,}", " ")
"""The words of a comment, for comparison: pages show several spaces as one."""
_MARKS = '"“”„«»「」『』 \t\n>.…!?,;:'


def find_quotes(texts: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of quotations.

    A `quote` repeats words of an earlier comment of the thread; it names the first such comment and
    its author. Other quoted words are `reported_speech` if a verb of speech is beside them or they are
    at least `_SPEECH_WORDS`, else a `scare_quote`. A block of `>` lines that no earlier comment has is
    reported speech.
    """
    if texts.is_empty():
        return NO_HITS
    marks = keep_signs(texts, "marks")
    inline = find_spans(marks, _QUOTED).with_columns(is_block=False)
    inline = inline.filter(
        pl.col("found").str.len_chars().is_between(4, _QUOTED_CHARS),
        pl.col("found").str.contains(r"\p{L}{2}"),
        ~pl.col("found").str.contains(_LITERAL),
        ~pl.col("before").str.contains(r"[\p{L}\p{N}=(\[{,]$")
        | ~pl.col("found").str.starts_with('"'),
        ~pl.col("after").str.contains(r"^\p{L}"),
        # `[quote="Ann"]` names whom a forum quotes.
        ~pl.col("before").str.contains(r"\[\p{L}+=$"),
    )
    arrows = keep_signs(texts, "quoted_lines")
    block = find_spans(arrows, _BLOCK)
    block = block.filter(pl.col("found").str.contains(r"\p{L}{2}")).with_columns(is_block=True)
    found = pl.concat([inline, block]).with_row_index("quote")
    if found.is_empty():
        return NO_HITS
    words = found["found"].str.count_matches(r"[\p{L}\p{N}'’-]+")
    found = found.with_columns(words=words).join(
        _match_targets(found.with_columns(words=words), texts, comments),
        on="quote",
        how="left",
        maintain_order="left",
    )
    is_near = (pl.col("words") > 1) | pl.col("before").str.contains(_SPEECH_BESIDE)
    is_speech = (
        (is_near & pl.col("before").str.contains(_SPEECH))
        | pl.col("after").str.contains(_SPEECH_AFTER)
        | (pl.col("words") >= _SPEECH_WORDS)
        | pl.col("is_block")
    )
    kind = (
        pl.when(pl.col("target_comment_id").is_not_null())
        .then(pl.lit("quote"))
        .when(is_speech)
        .then(pl.lit("reported_speech"))
        .otherwise(pl.lit("scare_quote"))
    )
    own = pl.when(pl.col("target_comment_id").is_not_null()).then("target_comment_id")
    sure = (
        pl.when(pl.col("target_comment_id").is_null())
        .then(0.85)
        .when("is_whole")
        .then(0.98)
        .otherwise(0.9)
    )
    made = make_hits(
        found,
        kind,
        rule="quotation",
        confidence=sure,
        id=pl.coalesce(own, pl.col("found").str.to_lowercase()),
    )
    return made.with_columns(found["target_comment_id"], found["target_author_id"])


def _match_targets(
    found: pl.DataFrame, texts: pl.DataFrame, comments: pl.DataFrame
) -> pl.DataFrame:
    """Return quote, target_comment_id, target_author_id, is_whole of quotations that repeat an earlier comment."""
    place = comments.select("thread_id", "position", "comment_id", "author_id").with_row_index(
        "row"
    )
    asked = (
        found.filter((pl.col("words") >= _QUOTE_WORDS) | pl.col("is_block"))
        .join(place.select("row", "thread_id", "position"), on="row", maintain_order="left")
        .with_columns(quoted=_strip_marks(pl.col("found")))
    )
    # An automaton of short keys is quick to build; the few rows that have a key are read in full.
    probes = _make_probes(asked).with_columns(key=pl.col("probe").str.head(_KEY_CHARS))
    known = probes["key"].unique().sort().to_list()
    empty = pl.DataFrame(
        schema={
            "quote": found.schema["quote"],
            "target_comment_id": pl.String,
            "target_author_id": pl.String,
            "is_whole": pl.Boolean,
        }
    )
    if not known:
        return empty
    earlier = texts.join(place, on="row").join(
        probes.select("thread_id").unique(), on="thread_id", how="semi"
    )
    sources = (
        earlier.select("thread_id", "position", "comment_id", "author_id", words=_WORDS)
        .with_columns(key=pl.col("words").str.extract_many(known, overlapping=True).list.unique())
        .explode("key")
    )
    return (
        probes.join(sources, on=["thread_id", "key"], suffix="_target")
        .filter(
            pl.col("position_target") < pl.col("position"),
            pl.col("words").str.contains(pl.col("probe"), literal=True),
        )
        .sort("quote", "rank", "position_target")
        .unique("quote", keep="first", maintain_order=True)
        .select(
            "quote",
            target_comment_id="comment_id",
            target_author_id="author_id",
            is_whole=pl.col("rank") == 0,
        )
    )


def find_headed_quotes(texts: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of quotations under their author's name, without quotation marks.

    The line before names an author of the thread, and an earlier comment of that author contains the
    paragraph after it. Nothing else counts as a quotation.
    """
    found = find_spans(keep_marked(texts, [":\n"]), _HEADED)
    if found.is_empty():
        return NO_HITS
    place = comments.select(
        "thread_id", "position", "comment_id", "author_id", "author_name", "author_handle"
    ).with_row_index("row")
    part = pl.col("found").str.splitn(":\n", 2).struct
    found = (
        found.with_row_index("quote")
        .with_columns(
            who=fold(normalize(part[0].str.strip_chars("\n @"))), words=_strip_marks(part[1])
        )
        .with_columns(probe=pl.col("words").str.split(GAP).list.first().str.strip_chars(_MARKS))
        .filter(pl.col("probe").str.len_chars() >= _HEADED_CHARS)
        .join(place.select("row", "thread_id", "position"), on="row", maintain_order="left")
    )
    threads = found.select("thread_id").unique()
    written = place.join(threads, on="thread_id", how="semi").join(
        texts.select("row", words=_WORDS), on="row", maintain_order="left"
    )
    written = pl.concat(
        [
            written.with_columns(who=fold(normalize(pl.col(name)))).drop_nulls("who")
            for name in ("author_name", "author_handle")
        ]
    ).unique(["row", "who"], maintain_order=True)
    head = pl.col("probe").str.extract(rf"^(\S+(?: \S+){{{_ANCHOR_WORDS}}}) ", 1)
    asked = found.select("quote", "thread_id", "position", "who", "probe", rank=pl.lit(0))
    begun = asked.with_columns(probe=head, rank=pl.lit(1)).drop_nulls("probe")
    targets = (
        pl.concat([asked, begun])
        .join(written, on=["thread_id", "who"], suffix="_target")
        .filter(
            pl.col("position_target") < pl.col("position"),
            pl.col("words").str.contains(pl.col("probe"), literal=True),
        )
        .sort("quote", "rank", "position_target", descending=[False, False, True])
        .unique("quote", keep="first", maintain_order=True)
        .select("quote", target_comment_id="comment_id", target_author_id="author_id")
    )
    found = found.join(targets, on="quote", maintain_order="left")
    lead = pl.col("found").str.extract(r"^(\s*)", 1).str.len_chars()
    found = found.with_columns(start=(pl.col("start") + lead).cast(pl.Int32))
    made = make_hits(
        found, "quote", rule="headed_quotation", confidence=0.95, id=pl.col("target_comment_id")
    )
    return made.with_columns(found["target_comment_id"], found["target_author_id"])


def _strip_marks(found: pl.Expr) -> pl.Expr:
    """Return the quoted words, folded and without quotation marks; an ellipsis becomes a noncharacter."""
    bare = found.str.replace_all(r"(?m)^[ \t]*>+ ?", "").str.strip_chars(_MARKS)
    parts = bare.str.replace_all(r"\s*(?:\[?\(?(?:\.\.\.+|…)\)?\]?)\s*", GAP)
    return fold(normalize(parts)).str.replace_all(" {2,}", " ")


def _make_probes(asked: pl.DataFrame) -> pl.DataFrame:
    """Return thread_id, position, quote, rank, probe: the text to search for, the most certain (rank 0) first."""
    parts = asked.with_columns(
        part=pl.col("quoted")
        .str.split(GAP)
        .list.eval(
            pl.element()
            .sort_by(pl.element().str.len_chars(), descending=True, maintain_order=True)
            .first()
        )
        .list.first()
        .str.strip_chars(_MARKS)
    )
    whole = parts.with_columns(rank=pl.lit(0), probe="part")
    word = rf"\S+(?:\s+\S+){{{_ANCHOR_WORDS - 1}}}"
    long = parts.filter(pl.col("words") >= _ANCHOR_WORDS + 2)
    head = long.with_columns(rank=pl.lit(1), probe=pl.col("part").str.extract(rf"^({word})", 1))
    tail = long.with_columns(rank=pl.lit(2), probe=pl.col("part").str.extract(rf"({word})$", 1))
    paragraph = (
        parts.filter(pl.col("is_block"))
        .with_columns(
            rank=pl.lit(1),
            probe=pl.col("found").str.replace_all(r"(?m)^[ \t]*>+ ?", "").str.split("\n"),
        )
        .explode("probe")
        .with_columns(
            probe=fold(normalize(pl.col("probe")))
            .str.replace_all(" {2,}", " ")
            .str.strip_chars(_MARKS)
        )
    )
    columns = ["thread_id", "position", "quote", "rank", "probe", "is_block"]
    return (
        pl.concat([frame.select(columns) for frame in (whole, head, tail, paragraph)])
        .drop_nulls("probe")
        .filter(
            (pl.col("probe").str.len_chars() >= _QUOTE_CHARS)
            | (pl.col("is_block") & (pl.col("probe").str.len_chars() >= 8))
        )
    )
