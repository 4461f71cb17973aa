"""Identifiers: addresses, publications, trials, handles. Each is one expression over the rows that may contain it."""

from functools import cache
from importlib import resources

import polars as pl

from threadmill.mentions.rules.phones import find_phones
from threadmill.mentions.text.names import split_words
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    AS_WRITTEN,
    NO_HITS,
    WORD,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_any,
    keep_having,
    keep_likely,
    keep_marked,
    make_hits,
    mask,
    trim_ends,
)

_URL = r"""(?i)(?:https?://|ftp://|www\.)[^\s<>"“”„«»`，。、；）】」』\x02]+"""
_BARE = r"[a-z0-9][a-z0-9.-]*\.(?:com|org|net|edu|gov|(?:co|ac|org|gov|nhs)\.uk|io|dev|app)(?:/[^\s<>\"“”«»`\x02]*)?"
_BARE_ABROAD = (
    r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+\.(?:de|es|fr|se|nl|it|eu|ch|ca|at|pl|dk"
    r"|ie)(?:/[^\s<>\"”“«»`\x02]*)?"
    r"|[a-z0-9][a-z0-9-]*\.(?:de|es|fr|se|nl|it|eu|ch|ca|at|pl|dk|ie)/[^\s<>\"”“«»`\x02]*"
)
"""Sites of a country count with a path or a third part: `vale.es` is two sentences as often."""
_TLDS = (
    r"\.com|\.org|\.net|\.edu|\.gov|\.uk|@",
    r"\.io|\.dev|\.app|\.de|\.es|\.fr|\.se",
    r"\.nl|\.it|\.eu|\.ch|\.ca|\.at|\.pl|\.dk|\.ie",
)
"""Of every address without a scheme, and of every e-mail address, one of these is in the text."""
_URL_END = r"[.,;:!?'’‘…*_~|\\^\]\[{}]+"
_EMAIL = r"[\p{L}\p{N}][\p{L}\p{N}._%+-]*@(?:[\p{L}\p{N}-]+\.)+\p{L}\p{L}+"
_DOI = r"(?i)10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2F)[-._;()/:a-z0-9%+]+"
_DOI_FILE = r"(?i)(?:\.(?:full-text|full|pdf|epdf|abstract|long|short|xml|html?|meta)|v[0-9]{1,2})+"
_HANDLE = r"@[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*(?:@(?:[\p{L}\p{N}-]+\.)+\p{L}\p{L}+)?"
DOUBTFUL = 0.3
"""Confidence of a handle that looks like code: it counts only if it is an author of the thread."""
_HASHTAG = r"#[\p{L}\p{N}\p{M}_]+"
_DIRECTIVES = split_words("""
include define ifdef ifndef endif if else elif pragma undef error warning region endregion  import
using line nullable
""")
_TRIAL = (
    r"(?i:NCT ?[0-9]{8}|ISRCTN ?[0-9]{8}|ACTRN ?[0-9]{14}|DRKS ?[0-9]{8}|ChiCTR[-A-Z0-9]{0,6}[0-9]{8,10}"
    r"|jRCT[a-z]?[0-9]{9,10}|CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6}|UMIN[0-9]{9}|KCT[0-9]{7}"
    r"|(?:EudraCT:? ?(?:(?:no|number|nr)\.?:? ?)?)?20[0-9]{2}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?)"
)
_REGISTERS = "nct|isrctn|actrn|drks|chictr|jrct|ctri/|umin|kct"
"""What numbers of trials begin with, in lower case; those of Europe have six digits between hyphens."""
_ARXIV = (
    r"(?i)(?:arxiv(?:\.org/(?:abs|pdf|html)/|:\s?|\s))"
    r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,2})?"
)
_ISBN = r"(?i)(?:ISBN(?:-?1[03])?:?\s?[0-9][0-9 –-]{8,16}[0-9X]|97[89][ -]?[0-9](?:[ -]?[0-9]){8}[ -]?[0-9])"


def find_addresses(texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the spans of web addresses, without the punctuation around them, and those of e-mail addresses."""
    www = ["www.", "WWW.", "Www.", "WWw.", "WwW.", "wWw.", "wWW.", "wwW."]
    full = find_spans(
        keep_marked(texts, ["://", *www]), _URL, ~pl.col("before").str.contains(r"[\p{L}\p{N}]$")
    )
    full = _trim_addresses(full)
    rows = mask(keep_any(texts, _TLDS, "masked"), full)
    other = find_spans(keep_any(rows, _TLDS, "masked"), f"{_EMAIL}|{_BARE}|{_BARE_ABROAD}")
    is_mail = pl.col("found").str.contains("@", literal=True) & ~pl.col("found").str.contains(
        f"^(?:{_BARE}|{_BARE_ABROAD})$"
    )
    before, after = pl.col("before"), pl.col("after")
    mail = other.filter(is_mail, ~before.str.contains(rf"[{WORD}@]$"))
    bare = other.filter(
        ~is_mail,
        ~before.str.contains(rf"[{WORD}@/:.\x02-]$|(?i:https?\S*|www\S*)$"),
        ~after.str.contains(rf"^(?:[{WORD}@]|[.-][{WORD}])"),
        ~pl.col("found").is_in(["asp.net", "vb.net", "ado.net", "ml.net"]),
        # Packages are named the other way round: `org.site.app`.
        ~pl.col("found").str.contains(r"^(?:com|org|net|io|dev)\.[^/]*\.(?:app|dev|io)$"),
    )
    return pl.concat([full, _trim_addresses(bare)]).sort("row", "start", "end"), mail


def _trim_addresses(found: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of addresses without the punctuation around them."""
    if found.is_empty():
        return found
    words = pl.col("found")
    surplus = words.str.count_matches(")", literal=True) > words.str.count_matches(
        "(", literal=True
    )
    shorter = found.lazy().with_columns(
        words.str.replace(r"(?s)(?:\]\(|\)[\[,]|\[/).*$", "").str.replace(
            r"(?s)^([^\[\]]*)\].*$", "$1"
        )
    )
    for _ in range(3):
        shorter = shorter.with_columns(words.str.replace(f"(?:{_URL_END})$", "")).with_columns(
            pl.when(surplus).then(words.str.strip_suffix(")")).otherwise(words)
        )
    return (
        shorter.with_columns(end=(pl.col("start") + words.str.len_chars()).cast(pl.Int32))
        .filter(
            words.str.contains(
                r"(?i)^(?:https?://|www\.|ftp://)?[^/]+\.[^/]{2,}|localhost|//\[?[0-9]"
            )
        )
        .collect(engine="in-memory", optimizations=AS_WRITTEN)
    )


def make_url_hits(found: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of `addresses`; the id has a scheme and a host in lower case and no fragment.

    The name is the registrable domain (`bbc.co.uk`), or the host where it has none.
    """
    full = (
        pl.when(pl.col("found").str.contains("(?i)^[a-z]+://"))
        .then("found")
        .otherwise(pl.lit("https://") + pl.col("found"))
    )
    split = full.str.splitn("/", 4).struct
    host = pl.concat_str(split[0], pl.lit("//"), split[2]).str.to_lowercase()
    path = pl.when(split[3].is_not_null()).then(pl.lit("/") + split[3]).otherwise(pl.lit(""))
    bare = ~pl.col("found").str.contains(r"(?i)^(?:[a-z]+://|www\.)")
    name = (
        split[2]
        .str.to_lowercase()
        .str.replace(r"^.*@", "")
        .str.replace(r"[:?#].*$", "")
        .str.strip_chars_end(".")
    )
    found = found.with_columns(host=name)
    hosts = found["host"].unique().sort().to_list()
    return make_hits(
        found,
        "url",
        rule="url",
        confidence=pl.when(bare).then(0.9).otherwise(0.99),
        id=pl.concat_str(host, path.str.replace(r"#.*$", "").str.replace(r"^/$", "")),
        name=pl.col("host").replace(hosts, _list_domains(hosts)),
    )


def _list_domains(hosts: list[str]) -> list[str]:
    """Return the registrable domain of each host, or the host where it has none.

    Only the public suffixes below the hosts' top-level domains are read into the library, in a tenth of
    the time. The list comes with the library: nothing is fetched, and runs are reproducible.
    """
    from publicsuffixlist import PublicSuffixList

    ends = {host.rpartition(".")[2] for host in hosts}
    known = _read_suffixes()
    suffixes = PublicSuffixList(
        [rule for end in sorted(ends & known.keys()) for rule in known[end]], accept_unknown=False
    )
    return [suffixes.privatesuffix(host) or host for host in hosts]


@cache
def _read_suffixes() -> dict[str, list[str]]:
    """Return the public suffixes of registries, not those of companies (`github.io`), by top-level domain."""
    text = resources.files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text("utf8")
    found: dict[str, list[str]] = {}
    for rule in text[: text.index("===END ICANN DOMAINS===")].split("\n"):
        found.setdefault(rule.rpartition(".")[2], []).append(rule)
    return found


def find_dois(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of DOIs, in running text and inside addresses.

    In an address of a site other than doi.org the rest after the DOI belongs to that site. The DOI then has
    one segment, or two if the first has no digit (`10.1093/brain/awab123/6277`).
    """
    found = find_spans(keep_having(texts, ["10."], "plain"), _DOI, column="plain")
    found = found.filter(~pl.col("before").str.contains(rf"[{WORD}.-]$"))
    inside = pl.col("before").str.contains(r"(?i)(?:https?://|www\.)\S*$|/\S{36,}$")
    own = pl.col("before").str.contains(r"(?i)doi\.org/\S*$")
    outside = found.filter(~inside | own)
    foreign = found.filter(inside & ~own)
    segments = pl.col("found").str.extract(r"(?i)^(10\.[0-9.]+(?:/|%2F)(?:[^/%0-9]+/)?[^/%]+)", 1)
    foreign = foreign.with_columns(found=segments.fill_null(pl.col("found")))
    foreign = trim_ends(trim_ends(foreign, r""), _DOI_FILE)
    both = trim_ends(pl.concat([outside, foreign]).sort("row", "start"), r"[.,;:]+")
    surplus = pl.col("found").str.count_matches(")", literal=True) > pl.col(
        "found"
    ).str.count_matches("(", literal=True)
    both = pl.concat([trim_ends(both.filter(surplus), r"\)[.,;:)]*"), both.filter(~surplus)])
    both = trim_ends(both, r"[.,;:]+")
    plain = (
        pl.col("found")
        .str.to_lowercase()
        .str.replace_all("%2f", "/", literal=True)
        .str.replace_all("%28", "(", literal=True)
        .str.replace_all("%29", ")", literal=True)
    )
    return make_hits(both, "doi", rule="doi", confidence=0.99, id=plain, name=plain)


def find_numbers(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of PMIDs, PMCIDs, arXiv and trial numbers, in text and inside addresses."""
    number = pl.col("found").str.extract(r"([0-9]+)\D*$", 1)
    numbers = texts.filter(pl.col("plain").str.contains("[0-9]{6}"))
    texts = texts.filter(pl.col("plain").str.contains("[0-9]{4}"))
    pmid = find_spans(
        keep_having(texts, ["pmid", "pubmed"], "plain"),
        r"(?i)(?:pmid|pubmed\s?id)s?[:#]?\s{0,3}[0-9]{4,9}|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/[0-9]{4,9}",
        is_whole_word() | pl.col("found").str.contains("/", literal=True),
        column="plain",
    )
    pmcid = find_spans(
        keep_having(texts, ["pmc"], "plain"),
        r"PMC ?[0-9]{4,9}|PMCID:? ?[0-9]{4,9}",
        is_whole_word(),
        column="plain",
    )
    arxiv = find_spans(
        keep_having(texts, ["arxiv"], "plain"),
        _ARXIV,
        ~pl.col("after").str.contains(r"^[\p{L}\p{N}]"),
        column="plain",
    )
    paper = (
        pl.col("found")
        .str.to_lowercase()
        .str.extract(r"([0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})(?:v[0-9]+)?$", 1)
    )
    trial = find_spans(
        numbers.filter(
            pl.col("plain").str.to_lowercase().str.contains(_REGISTERS)
            | pl.col("plain").str.contains("-[0-9]{6}-")
        ),
        _TRIAL,
        is_whole_word(),
        column="plain",
    )
    register = (
        pl.col("found")
        .str.replace(r"(?i)^EudraCT.*?(20[0-9]{2}-)", "$1")
        .str.replace_all(" ", "", literal=True)
        .str.to_uppercase()
    )
    return concat_hits(
        [
            make_hits(pmid, "pmid", rule="pmid", confidence=0.99, id=number, name=number),
            make_hits(
                pmcid,
                "pmcid",
                rule="pmcid",
                confidence=0.99,
                id=pl.lit("PMC") + number,
                name=pl.lit("PMC") + number,
            ),
            make_hits(arxiv, "arxiv", rule="arxiv", confidence=0.99, id=paper, name=paper),
            make_hits(
                trial, "trial_id", rule="trial_id", confidence=0.99, id=register, name=register
            ),
        ]
    )


def find_isbns(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of ISBNs with a correct check digit; the id has 13 or 10 digits, no hyphens."""
    found = find_spans(keep_signs(texts, "isbns"), _ISBN)
    if found.is_empty():
        return NO_HITS
    found = found.filter(is_whole_word(WORD))
    digits = (
        pl.col("found")
        .str.to_uppercase()
        .str.replace(r"^ISBN(?:-?1[03]\b)?:?", "")
        .str.replace_all(r"[^0-9X]", "")
    )
    found = found.with_columns(digits=digits)
    return make_hits(
        found.filter(_has_check_digit("digits")),
        "isbn",
        rule="isbn",
        confidence=0.99,
        id=pl.col("digits").str.to_lowercase(),
        name=pl.col("digits"),
    )


def _has_check_digit(column: str) -> pl.Expr:
    """Return whether the digits of `column` end in the check digit of an ISBN-13 or ISBN-10."""

    def digit(place: int) -> pl.Expr:
        return pl.col(column).str.slice(place, 1).replace("X", "10").cast(pl.Int32, strict=False)

    length = pl.col(column).str.len_chars()
    long = pl.sum_horizontal([digit(place) * (1 + 2 * (place % 2)) for place in range(13)]) % 10
    short = pl.sum_horizontal([digit(place) * (10 - place) for place in range(10)]) % 11
    bookland = pl.col(column).str.contains("^97[89]")
    return ((length == 13) & (long == 0) & bookland) | ((length == 10) & (short == 0))


_TAGS = split_words("""
abstractmethod action after api app async asynccontextmanager author autowired available bean before before_action
brief builder cache cached cached_property channel charset class classmethod click code column component computed
contextmanager controller copyright data dataclass decorator default deprecated deprecated_call discardableresult else
end endcode entity everyone example export file final fixme fixture functools getter given here id if import include
inject injectable input interface internal jit keyframes left license link lru_cache main media memoize mock name njit
nonisolated nonnull note nullable objc observable output override param parametrize params patch patches patchmethod
private profile property public published pytest query ref requestmapping restcontroller retry return returns right
route safevarargs section see self sendable service setter since singledispatch skip static staticmethod std string
supports suppresswarnings table task test this throws todo tool transactional type types typing validates validator
value var version watch wraps xfail
""")
"""Words after @ in code, code comments and chat that name nobody."""
_CODE_WORD_AFTER = (
    r"(?i)^(?:['’]?d)? (?:decorators?|annotations?|macros?|directive|attribute|property|method"
    r"|functions?|class|tag|rule)\b"
)
_CODE_WORD_BEFORE = (
    r"(?i)\b(?:decorator|annotation|annotated with|decorated with|directive|macro|css|decorators"
    r"|annotations)\s\(?$"
)
_CODE_NEAR = r"[{}<>=\\|$]|::|->|/\*|\*/|//|\(\)|;\s*$|\bvoid\b|\bclass\b|0x"


def find_handles(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of @handles; the id is in lower case without `@`."""
    found = find_spans(keep_signs(texts, "at"), _HANDLE)
    if found.is_empty():
        return NO_HITS
    found = trim_ends(found, r"[.-]+").filter(
        ~pl.col("before").str.contains(rf"[{WORD}@/.\x02=+-]$"),
        ~pl.col("after").str.contains(r"^[(@]"),
    )
    handle = pl.col("found").str.slice(1)
    near = pl.concat_str(
        pl.col("before").str.extract(r"([^\n]*)$", 1).str.tail(30),
        pl.lit("@"),
        pl.col("after").str.extract(r"^([^\n]*)", 1).str.head(20),
    )
    is_code = (
        handle.str.to_lowercase().is_in(_TAGS)
        | handle.str.contains(r"^0x|^.$|^_|_$|^[0-9][0-9.,-]*\p{L}{0,3}$")
        | near.str.contains(_CODE_NEAR)
        | pl.col("after").str.contains(_CODE_WORD_AFTER)
        | pl.col("before").str.contains(_CODE_WORD_BEFORE)
    )
    sure = pl.when(is_code).then(DOUBTFUL).otherwise(0.95)
    return make_hits(
        found, "handle", rule="handle", confidence=sure, id=handle.str.to_lowercase(), name=handle
    )


def find_hashtags(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of #hashtags; numbers, colours and compiler directives don't count."""
    found = find_spans(keep_signs(texts, "hash"), _HASHTAG)
    if found.is_empty():
        return NO_HITS
    tag = pl.col("found").str.slice(1)
    colour = r"(?i)^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$"
    found = found.filter(
        pl.col("found").str.contains(r"\p{L}"),
        ~pl.col("before").str.contains(rf"[{WORD}&/#\x02=-]$"),
        ~(
            pl.col("found").str.contains(colour)
            & pl.col("found").str.contains(r"[0-9]|(?i)^#(.)f+$|fff")
        ),
        ~tag.is_in(_DIRECTIVES),
    )
    return make_hits(
        found, "hashtag", rule="hashtag", confidence=0.97, id=tag.str.to_lowercase(), name=tag
    )


def find_identifiers(texts: pl.DataFrame, sites: pl.DataFrame, mail: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of every identifier, given the spans of `addresses`."""
    if texts.is_empty():
        return NO_HITS
    numeric = keep_likely(texts, "[0-9]", "plain")
    return concat_hits(
        [
            make_url_hits(sites),
            make_hits(mail, "email", rule="email", confidence=0.99),
            find_dois(numeric),
            find_numbers(numeric),
            find_isbns(numeric),
            find_handles(texts),
            find_hashtags(texts),
            find_phones(numeric),
        ]
    )
