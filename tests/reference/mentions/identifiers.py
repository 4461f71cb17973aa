"""Identifiers: addresses, publications, trials, handles, telephone numbers."""

from collections.abc import Iterator
from functools import cache

import phonenumbers
from publicsuffixlist import PublicSuffixList

from reference.mentions.hits import Hit, Text, hit, mask, stands_alone
from reference.patterns import Span, compiled, extract, has, spans, without
from threadmill.mentions.rules.identifiers import (
    _ARXIV,
    _BARE,
    _CODE_NEAR,
    _DIRECTIVES,
    _DOI,
    _DOI_FILE,
    _EMAIL,
    _HANDLE,
    _HASHTAG,
    _ISBN,
    _PHONE,
    _TAGS,
    _TRIAL,
    _URL,
    _URL_END,
    CODE,
    DOUBTFUL,
    INDENTED,
)
from threadmill.mentions.text.spans import MASK, WORD

_NOT_SITES = {"asp.net", "vb.net", "ado.net", "ml.net"}
_TLDS = (".com", ".org", ".net", ".edu", ".gov", ".uk")


def code(text: str) -> list[tuple[int, int]]:
    """Return the places of code in `text`."""
    patterns = [CODE] * any(mark in text for mark in ("`", "~~~", "<", "["))
    patterns += [INDENTED] * ("\n    " in text or "\n\t" in text)
    return [(span.start, span.end) for pattern in patterns for span in spans(pattern, text)]


def addresses(text: str) -> tuple[list[Span], list[Span]]:
    """Return where web addresses are in `text`, without the punctuation around them, and where e-mail's are."""
    full: list[Span] = []
    if "://" in text or "www." in text.lower():
        found = (span for span in spans(_URL, text) if not has(r"[\p{L}\p{N}]$", span.before[-1:]))
        full = [span for one in found if (span := _bounded(one))]
    sites, mail = list(full), []
    if "@" in text or any(tld in text for tld in _TLDS):
        for span in spans(f"{_EMAIL}|{_BARE}", mask(text, [(one.start, one.end) for one in full])):
            if "@" in span.found and not has(f"^{_BARE}$", span.found):
                if not has(rf"[{WORD}@]$", span.before[-1:]):
                    mail.append(span)
            elif (
                not has(
                    rf"[{WORD}@/:.{MASK}-]$|(?:[hH][tT]{{2}}[pP][sS]?\S*|[wW]{{3}}\S*)$",
                    span.before,
                )
                and not has(rf"^(?:[{WORD}@]|[.-][{WORD}])", span.after)
                and span.found not in _NOT_SITES
                and (bare := _bounded(span))
            ):
                sites.append(bare)
    return sites, mail


def _bounded(span: Span) -> Span | None:
    """Return an address without the punctuation of the sentence around it; None if it is none then."""
    words = without(r"(?s)(?:\]\(|\)[\[,]|\[/).*$", span.found)
    words = compiled(r"(?s)^([^\[\]]*)\].*$").sub(r"\1", words)
    for _ in range(3):
        words = without(f"(?:{_URL_END})$", words)
        if words.count(")") > words.count("("):
            words = words.removesuffix(")")
    is_one = has(r"(?i)^(?:https?://|www\.|ftp://)?[^/]+\.[^/]{2,}|localhost|//\[?[0-9]", words)
    return span.cut(words) if is_one else None


def _site(span: Span) -> Hit:
    has_scheme = has("(?i)^[a-z]+://", span.found)
    scheme, _, host, *path = (span.found if has_scheme else f"https://{span.found}").split("/", 3)
    place = f"/{path[0].partition('#')[0]}" if path else ""
    bare_host = host.lower().rpartition("@")[2]
    bare_host = without(r"[:?#].*$", bare_host).rstrip(".")
    return hit(
        span,
        "url",
        "url",
        0.99 if has(r"(?i)^(?:[a-z]+://|www\.)", span.found) else 0.9,
        f"{scheme}//{host}".lower() + ("" if place == "/" else place),
        _domain(bare_host),
    )


@cache
def _domain(host: str) -> str:
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def _trimmed(found: list[Span], pattern: str) -> list[Span]:
    shorter = [span.cut(without(pattern, span.found)) for span in found]
    return [span for span in shorter if span.found]


def _dois(text: str) -> Iterator[Hit]:
    for span in spans(_DOI, text):
        if has(rf"[{WORD}.-]$", span.before[-1:]):
            continue
        is_inside = has(r"(?i)(?:https?://|www\.)\S*$|/\S{36,}$", span.before)
        found = [span]
        if is_inside and not has(r"(?i)doi\.org/\S*$", span.before):
            own = extract(r"(?i)^(10\.[0-9.]+(?:/|%2F)(?:[^/%0-9]+/)?[^/%]+)", span.found)
            found = [span.cut(own)] if own else found
            found = _trimmed(found, f"(?i)(?:{_DOI_FILE.removeprefix('(?i)')})$")
        found = _trimmed(found, r"[.,;:]+$")
        if found and found[0].found.count(")") > found[0].found.count("("):
            found = _trimmed(found, r"\)[.,;:)]*$")
        for one in _trimmed(found, r"[.,;:]+$"):
            plain = one.found.lower().replace("%2f", "/").replace("%28", "(").replace("%29", ")")
            yield hit(one, "doi", "doi", 0.99, plain, plain)


_PMID = (
    r"(?i)(?:pmid|pubmed\s?id)s?[:#]?\s{0,3}[0-9]{4,9}|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/[0-9]{4,9}"
)
_PMCID = r"PMC ?[0-9]{4,9}|PMCID:? ?[0-9]{4,9}"
_PAPER = r"([0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})(?:v[0-9]+)?$"


def _numbered(text: str, lower: str) -> Iterator[Hit]:
    if "pmid" in lower or "pubmed" in lower:
        for span in spans(_PMID, text):
            if stands_alone(span) or "/" in span.found:
                number = extract(r"([0-9]+)\D*$", span.found)
                yield hit(span, "pmid", "pmid", 0.99, number, number)
    if "pmc" in lower:
        for span in filter(stands_alone, spans(_PMCID, text)):
            number = f"PMC{extract(r'([0-9]+)[^0-9]*$', span.found)}"
            yield hit(span, "pmcid", "pmcid", 0.99, number, number)
    if "arxiv" in lower:
        for span in spans(_ARXIV, text):
            if not has(r"^[\p{L}\p{N}]", span.after[:1]):
                paper = extract(_PAPER, span.found.lower())
                yield hit(span, "arxiv", "arxiv", 0.99, paper, paper)
    if has("[0-9]{6}", text):
        for span in filter(stands_alone, spans(_TRIAL, text)):
            number = compiled(r"(?i)^EudraCT.*?(20[0-9]{2}-)").sub(r"\1", span.found)
            number = number.replace(" ", "").upper()
            yield hit(span, "trial_id", "trial_id", 0.99, number, number)


def _isbns(text: str) -> Iterator[Hit]:
    for span in filter(stands_alone, spans(_ISBN, text)):
        digits = without(r"^ISBN(?:-?1[03]\b)?:?", span.found.upper())
        digits = compiled(r"[^0-9X]").sub("", digits)
        if _is_checked(digits):
            yield hit(span, "isbn", "isbn", 0.99, digits.lower(), digits)


def _is_checked(digits: str) -> bool:
    values = [10 if digit == "X" else int(digit) for digit in digits]
    if len(values) == 13:
        is_book = digits.startswith(("978", "979"))
        return is_book and not sum(n * (1 + 2 * (at % 2)) for at, n in enumerate(values)) % 10
    return len(values) == 10 and not sum(n * (10 - at) for at, n in enumerate(values)) % 11


def _handles(text: str) -> Iterator[Hit]:
    for span in _trimmed(list(spans(_HANDLE, text)), "[.-]+$"):
        if has(rf"[{WORD}@/.{MASK}=+-]$", span.before[-1:]) or span.after.startswith(("(", "@")):
            continue
        handle = span.found[1:]
        near = f"{span.before.rpartition(chr(10))[2][-30:]}@{span.after.partition(chr(10))[0][:20]}"
        is_code = (
            handle.lower() in _TAGS
            or has(r"^0x|^.$|^_|_$|^[0-9][0-9.,-]*\p{L}{0,3}$", handle)
            or has(_CODE_NEAR, near)
        )
        yield hit(span, "handle", "handle", DOUBTFUL if is_code else 0.95, handle.lower(), handle)


def _hashtags(text: str) -> Iterator[Hit]:
    for span in spans(_HASHTAG, text):
        tag = span.found[1:]
        is_colour = has("(?i)^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$", tag)
        if (
            has(r"\p{L}", tag)
            and not has(rf"[{WORD}&/#{MASK}=-]$", span.before[-1:])
            and not (is_colour and has("(?i)[0-9]|^.f+$|fff", tag))
            and tag not in _DIRECTIVES
        ):
            yield hit(span, "hashtag", "hashtag", 0.97, tag.lower(), tag)


def _phones(text: str) -> Iterator[Hit]:
    if not has(r"[0-9]{3}[-. )]{1,2}[0-9]{3}|\+[0-9(]|00[1-9][0-9]", text):
        return
    for span in spans(_PHONE, text):
        if has(
            rf"[{WORD}.,/=#$€£-]$|(?:[iI][sS][bB][nN]|[dD][oO][iI]|[pP][mM][iI][dD]|[iI][sS]{{2}}[nN])\W*$",
            span.before,
        ):
            continue
        if not has(rf"^[{WORD}%/]", span.after[:1]) and (number := _e164(span.found)):
            yield hit(span, "phone", "phone", 0.95, number, number)


def _e164(words: str) -> str | None:
    is_foreign = words.lstrip("(").startswith(("+", "00"))
    region = None if is_foreign else "GB" if words.startswith("0") else "US"
    try:
        number = phonenumbers.parse(f"+{words[2:]}" if words.startswith("00") else words, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def identifiers(text: Text, sites: list[Span], mail: list[Span]) -> Iterator[Hit]:
    """Yield every identifier in `text`, whose addresses are `sites` and `mail`."""
    yield from map(_site, sites)
    yield from (hit(span, "email", "email", 0.99) for span in mail)
    if "@" in text.masked:
        yield from _handles(text.masked)
    if "#" in text.masked:
        yield from _hashtags(text.masked)
    if not has("[0-9]", text.plain):
        return
    if "10." in text.plain:
        yield from _dois(text.plain)
    if has("[0-9]{4}", text.plain):
        yield from _numbered(text.plain, text.plain.lower())
    if has("(?i)isbn|97[89]", text.masked):
        yield from _isbns(text.masked)
    yield from _phones(text.masked)
