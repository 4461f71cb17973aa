"""What each column reveals about people, and what a profile leaves of it: one entry for every text and every time.

Numbers and truths aren't listed: they stay. What a modelled table has follows from the parsed ones.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """What a column holds, and what is done with it under the profile `pseudonymous`."""

    holds: str
    becomes: str
    has_words: bool = False
    """Whether values are what people wrote or are called, so that no Parquet footer quotes the least and the greatest."""


AUTHOR = Kind("who somebody is", "keyed hash, of the release")
COMMENT = Kind("which comment it is; often its address", "keyed hash, of the release")
THREAD = Kind("which thread it is; often its address", "keyed hash, of the release")
PLACE = Kind(
    "a newsletter, a site or a person's own page",
    "keyed hash, of the release",
    has_words=True,
)
NAME = Kind("what somebody is called", "`Author` and six digits of the keyed hash", has_words=True)
LOCATOR = Kind("where a person or their comment is found", "null", has_words=True)
DOCUMENT = Kind(
    "a raw file's name or content",
    "keyed hash, of the release",
    has_words=True,
)
WORDS = Kind(
    "what people wrote",
    'names masked; empty or left out with `text = "none"`',
    has_words=True,
)
REFERENT = Kind(
    "what is mentioned, perhaps a person",
    "people, quotations and what holds a masked name: keyed hash and a label; others stay",
    has_words=True,
)
QUOTED = Kind(
    "what a rejected line or file says", "null, or a sentence that quotes nothing", has_words=True
)
TIME = Kind("when somebody was active", 'the day; null with `time = "none"`')
DATE_TEXT = Kind("a date as a page writes it", 'null, unless `time = "exact"`', has_words=True)
EVIDENCE = Kind(
    "phrases of the code's own, and whom a text addresses", "the name masked", has_words=True
)
CLOSED = Kind("one of a closed list, or of the code's own phrases", "stays")
CURATED = Kind(
    "the operator's vocabulary and topics", "stays: look at the topics that a fit discovered"
)
RUN = Kind("the run", "stays")

KINDS: dict[str, Kind] = {
    # Who.
    "author_id": AUTHOR,
    "parent_author_id": AUTHOR,
    "target_author_id": AUTHOR,
    "partner_author_id": AUTHOR,
    "answer_author_id": AUTHOR,
    "author_name": NAME,
    "host_name": NAME,
    "author_handle": LOCATOR,
    "author_url": LOCATOR,
    "url": LOCATOR,
    # Which comment, thread and document.
    "comment_id": COMMENT,
    "parent_comment_id": COMMENT,
    "root_comment_id": COMMENT,
    "target_comment_id": COMMENT,
    "answer_comment_id": COMMENT,
    "duplicate_of": COMMENT,
    "thread_id": THREAD,
    "publication": PLACE,
    "site": PLACE,
    "scope": PLACE,
    "source_path": DOCUMENT,
    "capture_path": DOCUMENT,
    "source_sha256": DOCUMENT,
    # Words.
    "title": WORDS,
    "text": WORDS,
    "question": WORDS,
    "surface": WORDS,
    "candidate": WORDS,
    "example": WORDS,
    "word": WORDS,
    "canonical_id": REFERENT,
    "canonical_name": REFERENT,
    "partner_canonical_id": REFERENT,
    "reason": QUOTED,
    "excerpt": QUOTED,
    "parent_evidence": EVIDENCE,
    "evidence": EVIDENCE,
    # Times.
    "created_at": TIME,
    "created_on": TIME,
    "first_created_on": TIME,
    "last_created_on": TIME,
    "captured_at": TIME,
    "fetched_at": TIME,
    "period": TIME,
    "week_on": TIME,
    "month_on": TIME,
    "created_text": DATE_TEXT,
    # Closed lists and phrases of the code.
    "platform": CLOSED,
    "source_format": CLOSED,
    "host_source": CLOSED,
    "reply_prior": CLOSED,
    "created_precision": CLOSED,
    "language": CLOSED,
    "parent_status": CLOSED,
    "kind": CLOSED,
    "rule": CLOSED,
    "candidate_kind": CLOSED,
    "scope_kind": CLOSED,
    "reason_code": CLOSED,
    "answer_status": CLOSED,
    "first_response_reason": CLOSED,
    "host_response_reason": CLOSED,
    "timing_reason": CLOSED,
    "name_warning": CLOSED,
    "period_kind": CLOSED,
    "change": CLOSED,
    "outcome": CLOSED,
    "suppressed_reason": CLOSED,
    "table_name": CLOSED,
    # The operator's.
    "pack": CURATED,
    "pack_version": CURATED,
    "topic_id": CURATED,
    "other_topic_id": CURATED,
    "parent_topic_id": CURATED,
    "nearest_topic_id": CURATED,
    "label": CURATED,
    "other_label": CURATED,
    "parent_label": CURATED,
    "previous_label": CURATED,
    "term": CURATED,
    "origin": CURATED,
    "version": CURATED,
    # The run.
    "run_id": RUN,
    "threadmill_version": RUN,
    "profile": RUN,
    "published_at": RUN,
    "released_on": RUN,
}
"""Each text and time by its column; `published_at` of `threads` is a `TIME` all the same."""


def columns_of(kind: Kind) -> frozenset[str]:
    """Return the columns of `kind`."""
    return frozenset(name for name, own in KINDS.items() if own is kind)


def has_words(column: str) -> bool:
    """Return whether `column` holds what people wrote or are called."""
    return column in KINDS and KINDS[column].has_words
