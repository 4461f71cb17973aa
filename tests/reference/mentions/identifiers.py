"""Identifiers: addresses, publications, trials, handles, telephone numbers."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import phonenumbers
from publicsuffixlist import PublicSuffixList

from reference.mentions import expressions as written
from reference.mentions.hits import HIDDEN, Hit, Text, hit, mask
from reference.patterns import (
    Span,
    alone,
    compiled,
    extract,
    is_word,
    listed,
    spans,
    touches,
    without,
)

DOUBTFUL = 0.3
"""How sure a handle is that looks like code: it counts only where it is an author of the thread."""

_CODE = compiled(
    r"(?s:```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z))|`[^`\n]+`"
    r"|(?is:<pre\b.*?</pre>|<code\b.*?</code>|\[code\b.*?\[/code\])"
)
_INDENTED = compiled(r"(?:\A|\n\n)(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+")


_UNFENCED = compiled(f"(?m){written.UNFENCED.removeprefix('(?m)')}".replace(r"\A", "^"))
_OTHER_ADDRESS = compiled(written.OTHER_ADDRESS)
_SSH = compiled("@[A-Za-z0-9.-]+:[A-Za-z~/]")
_WEB = ("http://", "https://", "ftp://")


def other_addresses(text: str) -> list[tuple[int, int]]:
    """Return the places of addresses of databases, repositories and the like in `text`."""
    web = sum(text.count(scheme) for scheme in _WEB)
    if text.count("://") <= web and not _SSH.search(text):
        return []
    found = (
        span for span in spans(_OTHER_ADDRESS, text) if not span.found.lower().startswith(_WEB)
    )
    return [(span.start, span.end) for span in found]


def code(text: str) -> list[tuple[int, int]]:
    """Return the places of code in `text`: fenced, in backticks or tags, or indented after a blank line."""
    patterns = [_CODE] * any(mark in text for mark in ("`", "~~~", "<", "["))
    patterns += [_INDENTED] * ("\n    " in text or "\n\t" in text)
    patterns += [_UNFENCED] * any(sign in text for sign in ("\n ", "\n\t", ";\n", "{\n"))
    return [(span.start, span.end) for pattern in patterns for span in spans(pattern, text)]


_NOT_IN_ADDRESS = rf"\s<>\"“”«»`{HIDDEN}"
_ADDRESS = compiled(rf"(?i:https?://|ftp://|www\.)[^{_NOT_IN_ADDRESS}„，。、；）】」』]+")
_BARE, _BARE_ABROAD = written.SITE, written.SITE_ABROAD
_BARE_ADDRESS = compiled(f"{_BARE}|{_BARE_ABROAD}")
_E_MAIL = r"[\p{L}\p{N}][\p{L}\p{N}._%+-]*@(?:[\p{L}\p{N}-]+\.)+\p{L}\p{L}+"
_E_MAIL_OR_BARE = compiled(f"{_E_MAIL}|{_BARE}|{_BARE_ABROAD}")
_PACKAGE = compiled(r"\A(?:com|org|net|io|dev)\.[^/]*\.(?:app|dev|io)\Z")
_SCHEME_BEGUN = compiled(r"(?i:https?\S*|www\S*)\Z")
_PRODUCTS = {"asp.net", "vb.net", "ado.net", "ml.net"}
"""Names of things that look like addresses."""
_LINK_SYNTAX = compiled(r"(?s)(?:\]\(|\)[\[,]|\[/).*\Z")
_OPENED_BEFORE = compiled(r"(?s)\A([^\[\]]*)\].*\Z")
_PUNCTUATION = ".,;:!?'’‘…*_~|\\^][{}"
_HAS_HOST = compiled(r"(?i)\A(?:https?://|www\.|ftp://)?[^/]+\.[^/]{2,}|localhost|//\[?[0-9]")


def addresses(text: str) -> tuple[list[Span], list[Span]]:
    """Return where web addresses are in `text`, without the punctuation around them, and where e-mail's are."""
    full: list[Span] = []
    if "://" in text or "www." in text.lower():
        found = (span for span in spans(_ADDRESS, text) if not span.left.isalnum())
        full = [span for one in found if (span := _bounded(one))]
    sites, mail = list(full), []
    if "@" in text or "." in text:
        rest = mask(text, [(one.start, one.end) for one in full])
        for span in spans(_E_MAIL_OR_BARE, rest):
            if "@" in span.found and not _BARE_ADDRESS.fullmatch(span.found):
                if not touches(span.left, "@"):
                    mail.append(span)
            elif _is_bare_address(span) and (bare := _bounded(span)):
                sites.append(bare)
    return sites, mail


def _is_bare_address(span: Span) -> bool:
    goes_on = span.right in (".", "-") and is_word(span.after[1:2])
    return (
        not touches(span.left, f"@/:.{HIDDEN}-")
        and not _SCHEME_BEGUN.search(span.before)
        and not touches(span.right, "@")
        and not goes_on
        and span.found not in _PRODUCTS
        and not _PACKAGE.search(span.found)
    )


def _bounded(span: Span) -> Span | None:
    """Return an address without the punctuation of the sentence around it; None if it is none then."""
    words = without(_LINK_SYNTAX, span.found)
    words = str(_OPENED_BEFORE.sub(r"\1", words))
    for _ in range(3):
        words = words.rstrip(_PUNCTUATION)
        if words.count(")") > words.count("("):
            words = words.removesuffix(")")
    return span.first(len(words)) if _HAS_HOST.search(words) else None


_SCHEME = compiled("(?i)\\A[a-z]+://")
_AFTER_HOST = compiled(r"[:?#].*\Z")


def _site(span: Span) -> Hit:
    has_scheme = _SCHEME.search(span.found) is not None
    scheme, _, host, *path = (span.found if has_scheme else f"https://{span.found}").split("/", 3)
    place = f"/{path[0].partition('#')[0]}" if path else ""
    bare_host = without(_AFTER_HOST, host.lower().rpartition("@")[2]).rstrip(".")
    return hit(
        span,
        "url",
        "url",
        0.99 if has_scheme or span.found.lower().startswith("www.") else 0.9,
        f"{scheme}//{host}".lower() + ("" if place == "/" else place),
        _domain(bare_host),
    )


@cache
def _domain(host: str) -> str:
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


_DOI = compiled(r"(?i)10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2F)[-._;()/:a-z0-9%+]+")
_IN_ADDRESS = compiled(r"(?i)(?:https?://|www\.)\S*\Z|/\S{36,}\Z")
_AT_DOI_ORG = compiled(r"(?i)doi\.org/\S*\Z")
_OWN_SEGMENTS = compiled(r"(?i)\A(10\.[0-9.]+(?:/|%2F)(?:[^/%0-9]+/)?[^/%]+)")
_OF_FILE = compiled(
    r"(?i)(?:\.(?:full-text|full|pdf|epdf|abstract|long|short|xml|html?|meta)|v[0-9]{1,2})+\Z"
)
_CLOSING = compiled(r"\)[.,;:)]*\Z")


def _dois(text: str) -> Iterator[Hit]:
    for span in spans(_DOI, text):
        if touches(span.left, ".-"):
            continue
        number = span.found
        # Another site's address goes on after the number.
        if _IN_ADDRESS.search(span.before) and not _AT_DOI_ORG.search(span.before):
            number = without(_OF_FILE, extract(_OWN_SEGMENTS, number) or number)
        number = number.rstrip(".,;:")
        if number.count(")") > number.count("("):
            number = without(_CLOSING, number)
        number = number.rstrip(".,;:")
        if number:
            plain = number.lower()
            for escaped, sign in (("%2f", "/"), ("%28", "("), ("%29", ")")):
                plain = plain.replace(escaped, sign)
            yield hit(span.first(len(number)), "doi", "doi", 0.99, plain, plain)


_PMID = compiled(
    r"(?i)(?:pmid|pubmed\s?id)s?[:#]?\s{0,3}[0-9]{4,9}|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/[0-9]{4,9}"
)
_PMCID = compiled(r"PMC ?[0-9]{4,9}|PMCID:? ?[0-9]{4,9}")
_ARXIV = compiled(
    r"(?i)(?:arxiv(?:\.org/(?:abs|pdf|html)/|:\s?|\s))"
    r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,2})?"
)
_PAPER = compiled(r"([0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})(?:v[0-9]+)?\Z")
_LAST_NUMBER = compiled(r"([0-9]+)[^0-9]*\Z")
_REGISTERS = (
    r"NCT ?[0-9]{8}",
    r"ISRCTN ?[0-9]{8}",
    r"ACTRN ?[0-9]{14}",
    r"DRKS ?[0-9]{8}",
    r"ChiCTR[-A-Z0-9]{0,6}[0-9]{8,10}",
    r"jRCT[a-z]?[0-9]{9,10}",
    r"CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6}",
    r"UMIN[0-9]{9}",
    r"KCT[0-9]{7}",
    r"(?:EudraCT:? ?(?:(?:no|number|nr)\.?:? ?)?)?20[0-9]{2}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?",
)
_TRIAL = compiled(f"(?i:{'|'.join(_REGISTERS)})")
_EUDRACT = compiled(r"(?i)\AEudraCT.*?(20[0-9]{2}-)")
_FOUR_DIGITS, _SIX_DIGITS = compiled("[0-9]{4}"), compiled("[0-9]{6}")


def _numbered(text: str, lower: str) -> Iterator[Hit]:
    if "pmid" in lower or "pubmed" in lower:
        for span in spans(_PMID, text):
            if span.is_alone or "/" in span.found:
                number = extract(_LAST_NUMBER, span.found)
                yield hit(span, "pmid", "pmid", 0.99, number, number)
    if "pmc" in lower:
        for span in alone(_PMCID, text):
            number = f"PMC{extract(_LAST_NUMBER, span.found)}"
            yield hit(span, "pmcid", "pmcid", 0.99, number, number)
    if "arxiv" in lower:
        for span in spans(_ARXIV, text):
            if not span.right.isalnum():
                paper = extract(_PAPER, span.found.lower())
                yield hit(span, "arxiv", "arxiv", 0.99, paper, paper)
    if _SIX_DIGITS.search(text):
        for span in alone(_TRIAL, text):
            number = _EUDRACT.sub(r"\1", span.found).replace(" ", "").upper()
            yield hit(span, "trial_id", "trial_id", 0.99, number, number)


_MAY_BE_BOOK = compiled("(?i)isbn|97[89]")
_ISBN = compiled(
    r"(?i)ISBN(?:-?1[03])?:?\s?[0-9][0-9 –-]{8,16}[0-9X]"
    r"|97[89][ -]?[0-9](?:[ -]?[0-9]){8}[ -]?[0-9]"
)
_ISBN_LABEL = compiled(r"\AISBN(?:-?1[03]\b)?:?")
_NO_ISBN_DIGIT = compiled(r"[^0-9X]")


def _isbns(text: str) -> Iterator[Hit]:
    for span in alone(_ISBN, text):
        digits = _NO_ISBN_DIGIT.sub("", without(_ISBN_LABEL, span.found.upper()))
        if _is_checked(digits):
            yield hit(span, "isbn", "isbn", 0.99, digits.lower(), digits)


def _is_checked(digits: str) -> bool:
    values = [10 if digit == "X" else int(digit) for digit in digits]
    if len(values) == 13:
        is_book = digits.startswith(("978", "979"))
        return is_book and not sum(n * (1 + 2 * (at % 2)) for at, n in enumerate(values)) % 10
    return len(values) == 10 and not sum(n * (10 - at) for at, n in enumerate(values)) % 11


_HANDLE = compiled(r"@[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*(?:@(?:[\p{L}\p{N}-]+\.)+\p{L}+)?")
_TAGS = {
    *listed("param params return returns brief see note todo fixme author version since throws"),
    *listed("deprecated override property license copyright file class interface section code"),
    *listed("endcode if else end name value this self left right string media import charset"),
    *listed("include keyframes supports component input output test before after autowired data"),
    *listed(
        "builder nullable nonnull everyone here channel types type id std ref link var private"
    ),
    *listed("public static api internal example default"),
    *listed("abstractmethod action app async asynccontextmanager available bean before_action"),
    *listed("cache cached cached_property classmethod click column computed contextmanager"),
    *listed("controller dataclass decorator deprecated_call discardableresult entity export"),
    *listed("final fixture functools getter given inject injectable jit lru_cache main"),
    *listed("memoize mock njit nonisolated objc observable parametrize patch patches"),
    *listed("patchmethod profile published pytest query requestmapping restcontroller retry"),
    *listed("route safevarargs sendable service setter singledispatch skip staticmethod"),
    *listed("suppresswarnings table task tool transactional typing validates validator watch"),
    *listed("wraps xfail"),
}
"""What follows @ in code, in its comments and in chats, and is nobody."""
_CODE_LIKE = compiled(r"\A0x|\A.\Z|\A_|_\Z|\A[0-9][0-9.,-]*\p{L}{0,3}\Z")
_CODE_NEAR = compiled(r"[{}<>=\\|$]|::|->|/\*|\*/|//|\(\)|;\s*\Z|\bvoid\b|\bclass\b|0x")


_CODE_WORD_AFTER = compiled(written.CODE_WORD_AFTER)
_CODE_WORD_BEFORE = compiled(written.CODE_WORD_BEFORE)


def _handles(text: str) -> Iterator[Hit]:
    for whole in spans(_HANDLE, text):
        span = whole.first(len(whole.found.rstrip(".-")))
        if touches(span.left, f"@/.{HIDDEN}=+-") or whole.right in ("(", "@"):
            continue
        handle = span.found[1:]
        before, after = span.before.rpartition("\n")[2][-30:], whole.after.partition("\n")[0][:20]
        is_code = (
            handle.lower() in _TAGS
            or _CODE_LIKE.search(handle)
            or _CODE_NEAR.search(f"{before}@{after}")
            or _CODE_WORD_AFTER.search(whole.after)
            or _CODE_WORD_BEFORE.search(whole.before)
        )
        yield hit(span, "handle", "handle", DOUBTFUL if is_code else 0.95, handle.lower(), handle)


_HASHTAG = compiled(r"#[\p{L}\p{N}\p{M}_]+")
_COLOUR = compiled("(?i)[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}")
_NO_WORD = compiled("(?i)[0-9]|\\A.f+\\Z|fff")
_DIRECTIVES = {
    *listed("include define ifdef ifndef endif if else elif pragma undef error warning"),
    *listed("region endregion import using line nullable"),
}
"""Words of a compiler."""


def _hashtags(text: str) -> Iterator[Hit]:
    for span in spans(_HASHTAG, text):
        tag = span.found[1:]
        is_colour = _COLOUR.fullmatch(tag) and _NO_WORD.search(tag)
        if (
            any(map(str.isalpha, tag))
            and not touches(span.left, f"&/#{HIDDEN}=-")
            and not is_colour
            and tag not in _DIRECTIVES
        ):
            yield hit(span, "hashtag", "hashtag", 0.97, tag.lower(), tag)


_MAY_BE_PHONE = compiled(
    r"[0-9]{3}[-. )/]{1,3}[0-9]{2}|\+[0-9(]|00[1-9][0-9]|\b[6789][0-9]{8}\b|\b0[1-9][ .][0-9]{2}"
)
_PHONE, _SERVICE, _CALLING = (
    compiled(written.PHONE),
    compiled(written.SERVICE),
    compiled(written.CALLING),
)
_OTHER_NUMBER = compiled(r"(?i:isbn|doi|pmid|issn)\W*\Z")
_DECIMALS = compiled(r"\A[.,][0-9]")
_SUM_BEFORE = compiled(r"[0-9.,/$€£#-]\Z")
_COUNT_AFTER = compiled(r"\A(?:[.,:/-]?[0-9]|\s?(?:%|€|euro|\p{Ll}))")
_CALL_AFTER = compiled(
    r"\A (?:and|or|for|if|rund|und|oder|y|if|when|im|in|an|wählen|rufen|call|calls)\b"
)


def _phones(text: str) -> Iterator[Hit]:
    if _MAY_BE_PHONE.search(text):
        for span in spans(_PHONE, text):
            if touches(span.left, ".,/=#$€£-") or touches(span.right, "%/"):
                continue
            if _DECIMALS.search(span.after) or _OTHER_NUMBER.search(span.before):
                continue
            if number := _e164(span.found, _CALLING.search(span.before) is not None):
                yield hit(span, "phone", "phone", 0.95, number, number)
    for span in alone(_SERVICE, text):
        is_called = _CALLING.search(span.before) or span.found.startswith("116")
        is_count = _COUNT_AFTER.search(span.after) and not _CALL_AFTER.search(span.after)
        if is_called and not is_count and not _SUM_BEFORE.search(span.before):
            yield hit(span, "phone", "phone_service", 0.9)


def _e164(words: str, is_called: bool) -> str | None:
    """Return a telephone number in its international form, of the first country whose number it may be."""
    regions: list[Any] = ["GB", "DE", "FR", "AT", "CH", "IT"] if words.startswith("0") else ["US"]
    if is_called:
        regions += ["GB", "US", "DE", "ES", "FR", "AT", "CH", "IT"]
    if words.lstrip("(").startswith(("+", "00")):
        regions = [None]
    for region in regions:
        try:
            number = phonenumbers.parse(
                f"+{words[2:]}" if words.startswith("00") else words, region
            )
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def identifiers(text: Text, sites: list[Span], mail: list[Span]) -> Iterator[Hit]:
    """Yield every identifier in `text`, whose addresses are `sites` and `mail`."""
    yield from map(_site, sites)
    yield from (hit(span, "email", "email", 0.99) for span in mail)
    if "@" in text.masked:
        yield from _handles(text.masked)
    if "#" in text.masked:
        yield from _hashtags(text.masked)
    if not any(digit in text.plain for digit in "0123456789"):
        return
    if "10." in text.plain:
        yield from _dois(text.plain)
    if _FOUR_DIGITS.search(text.plain):
        yield from _numbered(text.plain, text.plain.lower())
    if _MAY_BE_BOOK.search(text.masked):
        yield from _isbns(text.masked)
    yield from _phones(text.masked)
