"""Every published table and column, said once.

Arrow types, Parquet metadata, `COMMENT ON`, `datapackage.json`, `docs/tables.md` and the contract
tests are made from `COLUMNS` and `TABLES`. One column name has one type, one unit and one meaning in
every table that has it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

TEXT = pa.string()
COUNT = pa.int64()
SMALL = pa.int32()
NUMBER = pa.float64()
TRUTH = pa.bool_()
DAY = pa.date32()
INSTANT = pa.timestamp("us")

PARENT_STATUSES = ("top_level", "explicit", "inferred", "missing", "unknown")
CREATED_PRECISIONS = ("second", "minute", "day", "month_day", "relative", "none")
CANDIDATE_KINDS = ("comment", "top_level", "other")


class Column(NamedTuple):
    """What one column name means, in every table that has it."""

    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    """The only values it takes; any, if empty."""


class Table(NamedTuple):
    """A published table: what a row is, what names it, and its columns in declared order."""

    group: str
    """`parsed` by the flows, or the folder below `sql/` whose query makes it."""
    grain: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    """Columns that are never null here, though they may be elsewhere."""
    references: Mapping[str, str] = {}
    """Column → the table whose key it points at."""
    in_parts: bool = False
    """A folder of Parquet parts, not one file."""


def _bound(share: str, side: str) -> Column:
    return Column(
        NUMBER,
        f"{side} bound of Wilson's 95 % interval of `{share}`; null when it is a part of nothing.",
        "share of 1",
        nullable=True,
    )


def _wait(part: str) -> Column:
    return Column(
        COUNT,
        f"Time in which the host has answered {part} of the comments by others (Kaplan-Meier: the unanswered "
        "count as waiting until the capture). Null with its reason in `host_response_reason`.",
        "seconds",
        nullable=True,
    )


COLUMNS: dict[str, Column] = {
    # names of things
    "platform": Column(
        TEXT, "Site or system the thread was read from, as its folder in data/raw is named."
    ),
    "thread_id": Column(
        TEXT,
        "Thread: `<platform>:<own id>`; without one, a hash of the canonical address, "
        "or the file's stem up to the first `@` where the address isn't known.",
    ),
    "comment_id": Column(
        TEXT,
        "Comment: `<platform>:<own id>`; without one, a hash of thread, author name, text and occurrence.",
    ),
    "author_id": Column(
        TEXT,
        "Author: `<platform>:<own id>`; without one, a hash of platform, publication and name. "
        "Null when the page names no author.",
        nullable=True,
    ),
    "parent_comment_id": Column(
        TEXT,
        "Comment replied to. Where `parent_status` is missing, its id, though it isn't in the data. "
        "Null at top level, when not decided, and for a candidate that is no single comment.",
        nullable=True,
    ),
    "parent_author_id": Column(
        TEXT, "Author of the comment replied to; null when unknown.", nullable=True
    ),
    "root_comment_id": Column(
        TEXT,
        "Top-level comment above this one, itself at top level; null when the way up isn't known.",
        nullable=True,
    ),
    "duplicate_of": Column(
        TEXT,
        "Earlier comment by the same author in the thread that says the same, "
        "wholly or as the larger part of the shorter one; null if none.",
        nullable=True,
    ),
    "topic_id": Column(TEXT, "Topic, a stable short name."),
    "run_id": Column(TEXT, "Run that published this snapshot: UTC start time and a random suffix."),
    # threads
    "source_format": Column(
        TEXT, "Format the document was recognised as; see `threadmill formats`."
    ),
    "title": Column(
        TEXT, "Title of the post under which the thread runs; null when not known.", nullable=True
    ),
    "url": Column(TEXT, "Address as captured; null when not known.", nullable=True),
    "publication": Column(
        TEXT,
        "Newsletter, site or board: from the sidecar, else the address's host name; null when not known. "
        "Names are one author within it; where it isn't known, only within the thread.",
        nullable=True,
    ),
    "host_name": Column(TEXT, "Author of the post; null when not known.", nullable=True),
    "host_source": Column(
        TEXT,
        "Where `host_name` comes from: the sidecar, the source, marks `Liked by …`, `N replies by …`, or that nobody answers as many; null with it.",
        nullable=True,
        values=("sidecar", "source", "liked_by", "replied_by", "answers"),
    ),
    "reply_prior": Column(
        TEXT,
        "What was known of the platform when parents were inferred: `fitted` if it has a row in "
        "data/vocabulary/platforms.csv, else `preset`; null where nothing was inferred.",
        nullable=True,
        values=("preset", "fitted"),
    ),
    "published_at": Column(
        INSTANT,
        "When the post was published; in `runs`, when the snapshot was. Null when not known.",
        "UTC",
        nullable=True,
    ),
    "captured_at": Column(
        INSTANT, "When the page was copied or exported; null when not known.", "UTC", nullable=True
    ),
    "declared_comment_count": Column(
        COUNT,
        "Comments the page says there are; null if it doesn't say.",
        "comments",
        nullable=True,
    ),
    "comment_count": Column(COUNT, "Comments captured, deleted ones included.", "comments"),
    "hidden_comment_count": Column(
        COUNT,
        "Comments the page says it holds back (collapsed replies, `N more comments`); null if it doesn't say.",
        "comments",
        nullable=True,
    ),
    "platform_max_depth": Column(
        SMALL,
        "Deepest nesting the platform shows, replies below it hang at it; null if it has no such limit.",
        "levels",
        nullable=True,
    ),
    "line_count": Column(
        COUNT,
        "Lines of the document that aren't blank; null if its format has no lines.",
        "lines",
        nullable=True,
    ),
    "furniture_line_count": Column(
        COUNT,
        "Lines recognised as the page's own: names, dates, buttons, headings; null as `line_count`.",
        "lines",
        nullable=True,
    ),
    "unrecognised_line_count": Column(
        COUNT,
        "Lines outside every comment that aren't recognised; null as `line_count`.",
        "lines",
        nullable=True,
    ),
    "capture_number": Column(SMALL, "1 for the thread's first capture, by time."),
    "added_comment_count": Column(COUNT, "Comments that no earlier capture has.", "comments"),
    "edited_comment_count": Column(
        COUNT, "Comments whose words differ from those of the captures before.", "comments"
    ),
    "lost_comment_count": Column(
        COUNT,
        "Comments of earlier captures that aren't in it: deleted, or not shown or copied.",
        "comments",
    ),
    "added_like_count": Column(
        COUNT,
        "Likes more than when last captured, of comments whose likes both show; negative when they fell.",
        "likes",
    ),
    "source_path": Column(TEXT, "Document in the raw folder, relative to it, with `/`."),
    "source_sha256": Column(TEXT, "SHA-256 of the document's bytes, hexadecimal."),
    # comments
    "position": Column(SMALL, "Place in the thread as displayed, from 0.", "comments"),
    "author_name": Column(
        TEXT, "Author as the page writes it; null when it names none.", nullable=True
    ),
    "author_handle": Column(
        TEXT, "Author's handle without `@`; null when the capture lacks it.", nullable=True
    ),
    "author_url": Column(TEXT, "Author's profile; null when the capture lacks it.", nullable=True),
    "is_host": Column(
        TRUTH, "By the post's author; null when the host or the author isn't known.", nullable=True
    ),
    "created_at": Column(
        INSTANT, "When posted; only where day, time and zone are known.", "UTC", nullable=True
    ),
    "created_on": Column(
        DAY, "Day posted, as the page says it or as resolved; null when not known.", nullable=True
    ),
    "created_text": Column(
        TEXT,
        "The date as the page writes it, in a link's title if that says more; null if it has none.",
        nullable=True,
    ),
    "created_precision": Column(
        TEXT,
        "How exact `created_text` is: a `month_day` has no year, a `relative` one needs the capture's time.",
        values=CREATED_PRECISIONS,
    ),
    "is_created_resolved": Column(
        TRUTH,
        "`created_on` was worked out from `captured_at`: the latest such day not after it.",
    ),
    "is_edited": Column(
        TRUTH, "Marked as edited; null when the capture shows no date line for it.", nullable=True
    ),
    "is_deleted": Column(TRUTH, "Its text is gone (deleted or removed); the row stands for it."),
    "is_liked_by_host": Column(
        TRUTH,
        "Marked as liked by the host; null when the host isn't known or the capture shows no such marks.",
        nullable=True,
    ),
    "like_count": Column(
        COUNT, "Likes; null when the capture doesn't show them.", "likes", nullable=True
    ),
    "hidden_reply_count": Column(
        COUNT,
        "Replies below it that the page holds back; null when the capture doesn't show that.",
        "comments",
        nullable=True,
    ),
    "text": Column(
        TEXT, "The comment's words, lines ended by LF; empty when deleted or without text."
    ),
    "word_count": Column(SMALL, "Runs of characters between white space.", "words"),
    "is_question": Column(
        TRUTH,
        "It asks, by its form: a question mark after words, or `wonder if`, `anyone know`; rhetorical ones too, "
        "and more than `questions` holds.",
    ),
    "is_gratitude": Column(TRUTH, "It thanks somebody, by its words, which are English."),
    "is_own_experience": Column(
        TRUTH,
        "It tells what its author went through (`I was diagnosed`, `as someone with`), by its words, which are English.",
    ),
    "language": Column(
        TEXT,
        "ISO 639-1 code, told by how the text begins; null: fewer than 20 characters, or not sure.",
        nullable=True,
    ),
    "language_confidence": Column(
        NUMBER,
        "Share of answers that are right for texts of this length; null with `language`.",
        "probability",
        nullable=True,
    ),
    "parent_status": Column(
        TEXT,
        "How the parent is known: `explicit` by the source, `inferred` by Threadmill, `missing` when the source "
        "names one that isn't in the data, `unknown` when not decided. A `top_level` comment "
        "that has rows in reply_candidates is inferred too.",
        values=PARENT_STATUSES,
    ),
    "depth": Column(
        SMALL,
        "Replies between this and the top level: 0 at top level; null when not known.",
        "levels",
        nullable=True,
    ),
    "descendant_count": Column(
        COUNT,
        "Replies below it, direct and further, by the best tree; null when the parents above it run in a loop.",
        "comments",
        nullable=True,
    ),
    "subtree_depth": Column(
        SMALL,
        "Levels of replies below it, 0 without replies; null as `descendant_count`.",
        "levels",
        nullable=True,
    ),
    # replies
    "response_s": Column(
        COUNT,
        "From parent to reply; a platform's clock can make it negative. Null unless both times are known.",
        "seconds",
        nullable=True,
    ),
    "is_inferred": Column(
        TRUTH, "The parent was worked out by Threadmill, not given by the source."
    ),
    "confidence": Column(NUMBER, "Probability that the row is right.", "probability"),
    "evidence": Column(TEXT, "Why, in words."),
    "rank": Column(SMALL, "1 for the best."),
    "kind": Column(
        TEXT,
        "In mentions: a kind of data/vocabulary/kinds.csv. In reply_candidates: `comment`, "
        "`top_level`, or `other` for all remaining together.",
    ),
    "probability": Column(
        NUMBER, "Probability of the candidate; those of one comment sum to 1.", "probability"
    ),
    # mentions
    "start_char": Column(SMALL, "Where it starts in the comment's text, from 0.", "code points"),
    "end_char": Column(SMALL, "Where it ends, not included.", "code points"),
    "surface": Column(TEXT, "The words as written."),
    "canonical_id": Column(
        TEXT, "What is mentioned, the same for every way of writing it: `<kind>:<id>`."
    ),
    "canonical_name": Column(TEXT, "What is mentioned, as people would write it."),
    "target_comment_id": Column(
        TEXT,
        "Comment that is mentioned: quoted, or answered by a name at the start of a reply "
        "that the source hangs on the top of its branch; null if none or not known.",
        nullable=True,
    ),
    "target_author_id": Column(
        TEXT, "Author that is mentioned; null if none or not known.", nullable=True
    ),
    "rule": Column(TEXT, "Rule that found it."),
    "pack": Column(TEXT, "Vocabulary pack that holds it; null for a rule's.", nullable=True),
    "pack_version": Column(TEXT, "The pack's version; null with it.", nullable=True),
    "is_word": Column(
        TRUTH,
        "It begins and ends where words do. False in a script without spaces (Chinese, Japanese, Thai, Lao, Khmer, "
        "Burmese), where only ICU can tell: for names, and for terms where PyICU isn't installed.",
    ),
    "candidate": Column(
        TEXT, "Acronym or name that no rule and no vocabulary explains, as written."
    ),
    "candidate_kind": Column(TEXT, "What it looks like.", values=("acronym", "name")),
    "example": Column(TEXT, "Its first place in the thread, with what stands around it."),
    # topics
    "label": Column(TEXT, "The topic's name for people."),
    "version": Column(TEXT, "Version of the topic's definition."),
    "origin": Column(
        TEXT, "Where the topic comes from: `pack:<name>`, or `discovered` by fitting."
    ),
    "term": Column(
        TEXT, "Word or phrase that speaks for the topic, in lower case, words separated by a blank."
    ),
    "weight": Column(NUMBER, "What one occurrence of the term adds to the score."),
    "score": Column(NUMBER, "Sum over the topic's terms of weight × occurrences in the comment."),
    "share": Column(
        NUMBER, "The topic's part of the comment's scores within its origin.", "share of 1"
    ),
    "term_count": Column(COUNT, "Different terms of the topic found.", "terms"),
    # rejects
    "line": Column(COUNT, "Line of the document, from 1; null for the whole of it.", nullable=True),
    "reason_code": Column(TEXT, "Why it was rejected, in one word for queries."),
    "reason": Column(TEXT, "Why it was rejected, in a sentence: finding and rule."),
    "excerpt": Column(
        TEXT, "Its first characters; null when there is nothing to show.", nullable=True
    ),
    # runs
    "threadmill_version": Column(TEXT, "Version that made the snapshot."),
    # engagement
    "author_count": Column(
        COUNT, "Different authors; comments without one aren't counted.", "authors"
    ),
    "thread_count": Column(COUNT, "Different threads.", "threads"),
    "top_level_count": Column(COUNT, "Comments at top level, by the best tree.", "comments"),
    "top_level_share": Column(
        NUMBER,
        "Part of the comments at top level (initiation ratio), by the best tree; null without decided parents.",
        "share of 1",
        nullable=True,
    ),
    "expected_top_level_share": Column(
        NUMBER,
        "The same as an expectation over reply_candidates; the best tree alone is biased.",
        "share of 1",
        nullable=True,
    ),
    "reply_count": Column(
        COUNT,
        "Replies, by the best tree: those a comment or a topic's comments drew, those an author gave, those a thread holds.",
        "replies",
    ),
    "expected_reply_count": Column(
        NUMBER,
        "The same as an expectation: an explicit reply counts 1, an inferred one its probability.",
        "replies",
    ),
    "received_reply_count": Column(
        COUNT, "Replies received from other authors, by the best tree.", "replies"
    ),
    "expected_received_reply_count": Column(
        NUMBER, "The same as an expectation over reply_candidates.", "replies"
    ),
    "inferred_reply_share": Column(
        NUMBER,
        "Part of the replies that is inferred; null without replies.",
        "share of 1",
        nullable=True,
    ),
    "mean_reply_confidence": Column(
        NUMBER,
        "Mean confidence of the inferred replies; null without them.",
        "probability",
        nullable=True,
    ),
    "replier_count": Column(
        COUNT, "Different other authors among its direct replies, by the best tree.", "authors"
    ),
    "partner_count": Column(
        COUNT,
        "Different other authors replied to or replied by, by the best tree. With inferred replies "
        "a poor measure of centrality: single edges are often wrong.",
        "authors",
    ),
    "is_answered": Column(
        TRUTH,
        "Has a direct reply by another author, by the best tree; null when its author isn't known.",
        nullable=True,
    ),
    "is_answered_by_host": Column(
        TRUTH,
        "Has a direct reply by the host, by the best tree; null when the host isn't known.",
        nullable=True,
    ),
    "first_response_s": Column(
        COUNT,
        "Time to the first direct reply by another author; null without one, or when times aren't known.",
        "seconds",
        nullable=True,
    ),
    "answered_count": Column(
        COUNT, "Comments with a direct reply by another author, by the best tree.", "comments"
    ),
    "answered_share": Column(
        NUMBER,
        "Part of the comments with a known author that has a direct reply by another author; null without such comments.",
        "share of 1",
        nullable=True,
    ),
    "host_comment_count": Column(
        COUNT, "Comments by the host; null when the host isn't known.", "comments", nullable=True
    ),
    "host_share": Column(
        NUMBER,
        "Part of the comments by the host; null when the host isn't known.",
        "share of 1",
        nullable=True,
    ),
    "max_depth": Column(
        SMALL,
        "Deepest comment, by the best tree; null when no depth is known.",
        "levels",
        nullable=True,
    ),
    "mean_depth": Column(
        NUMBER, "Mean depth of the comments whose depth is known.", "levels", nullable=True
    ),
    "mention_count": Column(COUNT, "Mentions in the comments.", "mentions"),
    "comments_per_author": Column(
        NUMBER,
        "Comments with a known author / authors; null without authors.",
        "comments",
        nullable=True,
    ),
    "first_created_on": Column(
        DAY, "Earliest known day of a comment; null if none is dated.", nullable=True
    ),
    "last_created_on": Column(
        DAY, "Latest known day of a comment; null if none is dated.", nullable=True
    ),
    "reply_probability": Column(
        NUMBER,
        "Probability that it replies to a comment, not to the post: 1 - that of the top level in reply_candidates, "
        "0 or 1 where the source gives the parent. Null when the parent is missing or not decided.",
        "probability",
        nullable=True,
    ),
    "first_response_reason": Column(
        TEXT,
        "Why `first_response_s`, of a topic `median_first_response_s`, is null; null where it isn't. `too_few`: fewer "
        "than 5 times are known.",
        nullable=True,
        values=("author_unknown", "unanswered", "times_lost", "too_few"),
    ),
    "host_response_s": Column(
        COUNT,
        "Time to the host's first direct reply; null without one, when the host isn't known, or when one of the "
        "host's replies isn't timed.",
        "seconds",
        nullable=True,
    ),
    "top_level_share_low": _bound("top_level_share", "Lower"),
    "top_level_share_high": _bound("top_level_share", "Upper"),
    "reply_share": Column(
        NUMBER,
        "Replies / comments with a decided parent; null without these.",
        "share of 1",
        nullable=True,
    ),
    "reply_share_low": _bound("reply_share", "Lower"),
    "reply_share_high": _bound("reply_share", "Upper"),
    "answered_share_low": _bound("answered_share", "Lower"),
    "answered_share_high": _bound("answered_share", "Upper"),
    "host_answered_count": Column(
        COUNT,
        "Comments by others with a direct reply by the host, by the best tree; null when the host isn't known.",
        "comments",
        nullable=True,
    ),
    "host_reply_share": Column(
        NUMBER,
        "Part of the comments by others that has a direct reply by the host; null when the host isn't known, "
        "or with fewer than 5 such comments.",
        "share of 1",
        nullable=True,
    ),
    "host_share_low": _bound("host_share", "Lower"),
    "host_share_high": _bound("host_share", "Upper"),
    "host_reply_share_low": _bound("host_reply_share", "Lower"),
    "host_reply_share_high": _bound("host_reply_share", "Upper"),
    "host_response_p15_s": _wait("15 %"),
    "host_response_median_s": _wait("half"),
    "host_response_p85_s": _wait("85 %"),
    "host_response_reason": Column(
        TEXT,
        "Why `host_response_s`, or one of a thread's three `host_response_*_s`, is null: `too_few` (fewer than 5 comments "
        "by others), `times_lost` (one of them, or a host's reply, isn't timed), `not_reached` (too few are answered for "
        "the last ones).",
        nullable=True,
        values=(
            "host_unknown",
            "author_unknown",
            "unanswered",
            "too_few",
            "times_lost",
            "capture_time_unknown",
            "not_reached",
        ),
    ),
    "max_width": Column(
        COUNT,
        "Most comments at one depth, by the best tree; null when no depth is known.",
        "comments",
        nullable=True,
    ),
    "h_index": Column(
        SMALL,
        "Largest h such that h comments or more are at level h, the post being level 0 and top-level comments 1; "
        "null when no depth is known.",
        "levels",
        nullable=True,
    ),
    "structural_virality": Column(
        NUMBER,
        "Mean distance between two of the tree's members, the post (its root) and all comments whose depth is known; "
        "null without such comments.",
        "steps",
        nullable=True,
    ),
    "participation_gini": Column(
        NUMBER,
        "Gini coefficient of comments per author: 0 when all write as much, towards 1 when one writes nearly all. "
        "Null below 5 authors.",
        nullable=True,
    ),
    "top_tenth_share": Column(
        NUMBER,
        "Part of the comments with an author that the most active tenth of the authors wrote (rounded up); null below "
        "10 authors.",
        "share of 1",
        nullable=True,
    ),
    "returning_author_count": Column(
        COUNT, "Authors with two comments or more in the thread.", "authors"
    ),
    "reentry_share": Column(
        NUMBER,
        "Part of the authors that comments again; null below 5 authors.",
        "share of 1",
        nullable=True,
    ),
    "reentry_share_low": _bound("reentry_share", "Lower"),
    "reentry_share_high": _bound("reentry_share", "Upper"),
    "dyad_count": Column(
        COUNT, "Pairs of authors of whom one replies to the other, by the best tree.", "pairs"
    ),
    "mutual_dyad_count": Column(
        COUNT, "Pairs of authors that reply to each other, by the best tree.", "pairs"
    ),
    "reciprocity_share": Column(
        NUMBER,
        "Part of the pairs of authors with replies between them where they go both ways, by the best tree; for an "
        "author, of the pairs with them. Null below 5 pairs.",
        "share of 1",
        nullable=True,
    ),
    "reciprocity_share_low": _bound("reciprocity_share", "Lower"),
    "reciprocity_share_high": _bound("reciprocity_share", "Upper"),
    "expansion_share": Column(
        NUMBER,
        "(authors - 1) / (comments with an author - 1): 0 when one author talks on (focused), 1 when each comment "
        "brings a new one (expansionary). Null below 5 such comments.",
        "share of 1",
        nullable=True,
    ),
    "is_expansionary": Column(
        TRUTH,
        "`expansion_share` is above one half; if not, the thread is focused. Null with it.",
        nullable=True,
    ),
    "burstiness": Column(
        NUMBER,
        "(σ - μ) / (σ + μ) of the times between comments: -1 regular, 0 random, towards 1 in bursts. Null with its "
        "reason in `timing_reason`.",
        nullable=True,
    ),
    "half_life_s": Column(
        COUNT,
        "From the first comment to the one with which half of them were there; null with its reason in `timing_reason`.",
        "seconds",
        nullable=True,
    ),
    "timing_reason": Column(
        TEXT,
        "Why `burstiness` and `half_life_s` are null: `too_few` (below 5 comments), `times_lost` (fewer than 9 in 10 "
        "are timed); `simultaneous` (no time between them) leaves `half_life_s`.",
        nullable=True,
        values=("too_few", "times_lost", "simultaneous"),
    ),
    "name_warning": Column(
        TEXT,
        "The name may be several people's: `first_name_only` is a single word where names are all that tells authors "
        "apart, `first_name_shared` is one with which another author's name begins too. Null if neither.",
        nullable=True,
        values=("first_name_only", "first_name_shared"),
    ),
    "is_returning": Column(
        TRUTH,
        "Comments in more than one thread, else a newcomer; null when only one thread of the publication was captured, "
        "or the publication isn't known.",
        nullable=True,
    ),
    "self_reply_count": Column(
        COUNT, "Replies to one's own comments, by the best tree.", "replies"
    ),
    "self_reply_share": Column(
        NUMBER,
        "Part of the replies given that goes to own comments, of those whose parent has an author; null below 5 of them.",
        "share of 1",
        nullable=True,
    ),
    "self_reply_share_low": _bound("self_reply_share", "Lower"),
    "self_reply_share_high": _bound("self_reply_share", "Upper"),
    "mutual_partner_count": Column(
        COUNT,
        "Other authors with whom replies go both ways, by the best tree.",
        "authors",
    ),
    "partner_author_id": Column(TEXT, "The other author: replied to or mentioned."),
    "is_mutual": Column(TRUTH, "Replies go both ways between the two, by the best tree."),
    "question_count": Column(COUNT, "Comments that ask something: rows of questions.", "comments"),
    "answered_question_count": Column(
        COUNT, "Questions with a direct reply by another author, by the best tree.", "comments"
    ),
    "question_answered_share": Column(
        NUMBER,
        "Part of the questions that is answered, of those where that is known; null below 5 of them.",
        "share of 1",
        nullable=True,
    ),
    "question_answered_share_low": _bound("question_answered_share", "Lower"),
    "question_answered_share_high": _bound("question_answered_share", "Upper"),
    "question": Column(TEXT, "The first sentence that asks."),
    "answer_status": Column(
        TEXT,
        "`answered` by a direct reply of another author, by the best tree; `unknown` when the asker isn't known, or no "
        "answer was found and the thread has comments whose parent isn't decided or the page holds replies back.",
        values=("answered", "open", "unknown"),
    ),
    "answer_comment_id": Column(
        TEXT,
        "The first direct reply by another author: by time, else as displayed; null without one.",
        nullable=True,
    ),
    "answer_author_id": Column(TEXT, "Author of `answer_comment_id`; null with it.", nullable=True),
    "partner_canonical_id": Column(TEXT, "The other thing mentioned; greater as text."),
    "npmi": Column(
        NUMBER,
        "Normalised pointwise mutual information: 1 always together, 0 as by chance, towards -1 never. "
        "In entity_pairs null below 5 comments with both.",
        nullable=True,
    ),
    # topics × engagement
    "other_topic_id": Column(TEXT, "The other topic of the pair."),
    "other_label": Column(TEXT, "The other topic's name for people."),
    "parent_topic_id": Column(TEXT, "Topic of the comment replied to."),
    "parent_label": Column(TEXT, "That topic's name for people."),
    "topic_reply_share": Column(
        NUMBER,
        "Part of all replies that the topic's comments drew, by the best tree; null without replies.",
        "share of 1",
        nullable=True,
    ),
    "host_answered_share": Column(
        NUMBER,
        "Part of the comments in threads with a known host that the host answers; null without such comments.",
        "share of 1",
        nullable=True,
    ),
    "host_answered_share_low": Column(
        NUMBER, "Lower bound of `host_answered_share`, 95 % (Wilson).", "share of 1", nullable=True
    ),
    "host_answered_share_high": Column(
        NUMBER, "Upper bound of `host_answered_share`, 95 % (Wilson).", "share of 1", nullable=True
    ),
    "has_enough_comments": Column(
        TRUTH,
        "Enough to compare by: 10 comments of known authors in topic_engagement, 5 shared comments in "
        "topic_pairs, 5 expected replies in topic_transitions.",
    ),
    "median_first_response_s": Column(
        COUNT,
        "Median of the known times to the first direct reply by another author; null when fewer than 5 are known. "
        "Unanswered comments have none.",
        "seconds",
        nullable=True,
    ),
    "chance_comments": Column(
        NUMBER, "Comments with both topics if they came independently.", "comments"
    ),
    "chance_replies": Column(
        NUMBER, "Expected replies if the reply's topic didn't depend on its parent's.", "replies"
    ),
    "lift": Column(NUMBER, "`expected_reply_count` / `chance_replies`."),
    "transition_share": Column(
        NUMBER,
        "Part of the expected replies to the parent's topic that has this topic; a reply with two topics counts for both.",
        "share of 1",
    ),
    "period_kind": Column(
        TEXT,
        "`day` for comments with a known day, `tenth_of_thread` for others, by their position.",
        values=("day", "tenth_of_thread"),
    ),
    "period": Column(TEXT, "The day, as 2026-01-05, or the tenth, 01 to 10."),
    "period_comment_count": Column(COUNT, "All comments of the period.", "comments"),
    "period_topic_share": Column(
        NUMBER, "Part of the period's comments that has the topic.", "share of 1"
    ),
    "period_topic_share_low": Column(
        NUMBER, "Lower bound of `period_topic_share`, 95 % (Wilson).", "share of 1"
    ),
    "period_topic_share_high": Column(
        NUMBER, "Upper bound of `period_topic_share`, 95 % (Wilson).", "share of 1"
    ),
    "word": Column(TEXT, "Word as `tokens()` cuts it, in lower case."),
    "occurrence_count": Column(COUNT, "Times it occurs in the thread.", "words"),
    "other_occurrence_count": Column(COUNT, "Times it occurs in all other threads.", "words"),
    "log_ratio": Column(
        NUMBER,
        "How often the word doubles: binary logarithm of its part of the thread's words over that of the others'; "
        "a word they lack counts 0.5 there.",
    ),
    "g2": Column(NUMBER, "Log-likelihood ratio G² against the other threads."),
    "z": Column(
        NUMBER, "Log odds against the other threads over their standard error, Dirichlet prior."
    ),
    "q": Column(
        NUMBER,
        "Expected share of false finds among words at least as telling (Benjamini–Hochberg over all words tested).",
        "share of 1",
    ),
    "change": Column(
        TEXT,
        "What the fit did: `kept` the id, `minted` it anew, `retired` it.",
        values=("kept", "minted", "retired"),
    ),
    "previous_label": Column(
        TEXT, "The topic's label before the fit; null when minted.", nullable=True
    ),
    "nearest_topic_id": Column(
        TEXT,
        "Most similar topic on the other side of the fit: old for a kept or minted one, new for a retired one; "
        "null if there was none.",
        nullable=True,
    ),
    "similarity": Column(
        NUMBER, "Cosine of the two topics' term weights; null without one.", nullable=True
    ),
    "topic_comment_share": Column(NUMBER, "Part of all comments that has the topic.", "share of 1"),
    "topic_comment_share_low": _bound("topic_comment_share", "Lower"),
    "topic_comment_share_high": _bound("topic_comment_share", "Upper"),
    "topic_reply_share_low": _bound("topic_reply_share", "Lower"),
    "topic_reply_share_high": _bound("topic_reply_share", "Upper"),
    "transition_share_low": _bound("transition_share", "Lower"),
    "transition_share_high": _bound("transition_share", "Upper"),
    # quality
    "captured_share": Column(
        NUMBER,
        "Comments captured / comments declared; null if the page doesn't declare them. Above 1 when more came than declared.",
        "share",
        nullable=True,
    ),
    "authored_share": Column(
        NUMBER,
        "Part of the comments whose author is known; null without comments.",
        "share of 1",
        nullable=True,
    ),
    "dated_share": Column(
        NUMBER,
        "Part of the comments with a known day (`created_on`); null without comments.",
        "share of 1",
        nullable=True,
    ),
    "parent_known_share": Column(
        NUMBER,
        "Part of the comments whose parent the source gives; the rest is inferred or `unknown`. Null without comments.",
        "share of 1",
        nullable=True,
    ),
    "confidence_from": Column(NUMBER, "Lower end of the tenth, included.", "probability"),
    "confidence_to": Column(
        NUMBER, "Upper end of the tenth, not included but for 1.", "probability"
    ),
    "band_share": Column(NUMBER, "Part of the platform's replies.", "share of 1"),
    "expected_right_count": Column(
        NUMBER, "Sum of the confidences: so many of the replies should be right.", "replies"
    ),
    "duplicate_count": Column(
        COUNT, "Comments that repeat an earlier one (`duplicate_of`).", "comments"
    ),
    "deleted_count": Column(COUNT, "Comments whose text is gone.", "comments"),
}

_COMMENT = {"comment_id": "comments", "thread_id": "threads"}


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


TABLES: dict[str, Table] = {
    "threads": Table(
        "parsed",
        "one row per thread",
        "Threads as captured, with what their page and sidecar say of them.",
        key=("thread_id",),
        columns=_names(
            """
            thread_id platform source_format title url publication host_name host_source
            published_at captured_at declared_comment_count comment_count hidden_comment_count
            platform_max_depth reply_prior line_count furniture_line_count
            unrecognised_line_count source_path source_sha256
            """
        ),
    ),
    "comments": Table(
        "parsed",
        "one row per comment",
        "Comments in display order, each with its author, time, words and place in the tree.",
        key=("comment_id",),
        columns=_names(
            """
            comment_id thread_id platform position author_id author_name author_handle
            author_url is_host created_at created_on created_text created_precision
            is_created_resolved is_edited is_deleted is_liked_by_host like_count
            hidden_reply_count url text word_count is_question is_gratitude is_own_experience
            language language_confidence parent_status
            parent_comment_id root_comment_id depth descendant_count subtree_depth duplicate_of
            """
        ),
        references={
            "thread_id": "threads",
            "root_comment_id": "comments",
            "duplicate_of": "comments",
        },
        in_parts=True,
    ),
    "replies": Table(
        "parsed",
        "one row per comment whose parent is a comment",
        "Who answers whom, by the best tree. In inferred threads the parent need not be the likeliest single candidate.",
        key=("comment_id",),
        columns=_names(
            """
            comment_id thread_id parent_comment_id author_id parent_author_id depth response_s
            is_inferred confidence evidence
            """
        ),
        required=("parent_comment_id",),
        references={**_COMMENT, "parent_comment_id": "comments"},
        in_parts=True,
    ),
    "reply_candidates": Table(
        "parsed",
        "one row per comment of an inferred thread and candidate parent",
        "Every parent considered, with its probability. Sum these for numbers without the best tree's bias.",
        key=("comment_id", "rank"),
        columns=_names(
            """
            comment_id thread_id rank kind parent_comment_id probability
            """
        ),
        references={**_COMMENT, "parent_comment_id": "comments"},
        in_parts=True,
    ),
    "mentions": Table(
        "parsed",
        "one row per mention",
        "What comments mention, with its place in the text.",
        key=("comment_id", "start_char", "end_char", "kind"),
        columns=_names(
            """
            comment_id thread_id author_id start_char end_char surface kind canonical_id
            canonical_name target_comment_id target_author_id rule pack pack_version confidence
            is_word
            """
        ),
        references={**_COMMENT, "target_comment_id": "comments"},
        in_parts=True,
    ),
    "mention_candidates": Table(
        "parsed",
        "one row per thread and candidate",
        "Acronyms and names that may be worth a term in a vocabulary pack.",
        key=("thread_id", "candidate", "candidate_kind"),
        columns=_names(
            """
            thread_id candidate candidate_kind comment_count mention_count example
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
    ),
    "captures": Table(
        "parsed",
        "one row per captured document of a thread",
        "What each capture of a thread added to it, and what it no longer held.",
        key=("thread_id", "source_path"),
        columns=_names(
            """
            thread_id source_path source_format captured_at capture_number comment_count
            added_comment_count edited_comment_count lost_comment_count added_like_count
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
    ),
    "topic_terms": Table(
        "parsed",
        "one row per topic and term",
        "The words that speak for each topic.",
        key=("topic_id", "term"),
        columns=_names(
            """
            topic_id label version origin term weight rank
            """
        ),
    ),
    "topic_changes": Table(
        "parsed",
        "one row per fit and topic",
        "What each fit of the discovered topics did to their ids.",
        key=("version", "topic_id"),
        columns=_names(
            """
            version topic_id change label previous_label nearest_topic_id similarity comment_count
            """
        ),
    ),
    "rejects": Table(
        "parsed",
        "one row per rejected document or line",
        "What could not be read, and why. Everything else went on.",
        key=("source_path", "line", "reason_code"),
        columns=_names(
            """
            source_path platform line reason_code reason excerpt
            """
        ),
    ),
    "runs": Table(
        "parsed",
        "the published run",
        "One row: which run published what you are reading, and when.",
        key=("run_id",),
        columns=("run_id", "published_at", "threadmill_version"),
        required=("published_at",),
    ),
    "comment_engagement": Table(
        "engagement",
        "one row per comment",
        "What each comment drew: replies, by whom, how fast.",
        key=("comment_id",),
        columns=_names(
            """
            comment_id thread_id author_id is_host created_at created_on parent_status depth
            reply_count expected_reply_count replier_count descendant_count subtree_depth
            reply_probability is_answered is_answered_by_host first_response_s first_response_reason
            host_response_s host_response_reason like_count mention_count
            """
        ),
        references=_COMMENT,
    ),
    "thread_engagement": Table(
        "engagement",
        "one row per thread",
        "How much each thread is talked in, by how many, how deep, and how much of it is answered.",
        key=("thread_id",),
        columns=_names(
            """
            thread_id platform comment_count author_count comments_per_author top_level_count
            top_level_share top_level_share_low top_level_share_high expected_top_level_share
            reply_count expected_reply_count reply_share reply_share_low reply_share_high
            inferred_reply_share mean_reply_confidence answered_count answered_share
            answered_share_low answered_share_high host_comment_count host_share host_share_low
            host_share_high host_answered_count host_reply_share host_reply_share_low
            host_reply_share_high host_response_p15_s host_response_median_s host_response_p85_s
            host_response_reason max_depth mean_depth max_width h_index structural_virality
            participation_gini top_tenth_share returning_author_count reentry_share
            reentry_share_low reentry_share_high dyad_count mutual_dyad_count reciprocity_share
            reciprocity_share_low reciprocity_share_high expansion_share is_expansionary burstiness
            half_life_s timing_reason captured_share like_count mention_count first_created_on
            last_created_on
            """
        ),
        references={"thread_id": "threads"},
    ),
    "author_engagement": Table(
        "engagement",
        "one row per author",
        "What each author gives and draws, over all threads.",
        key=("author_id",),
        columns=_names(
            """
            author_id platform author_name name_warning is_host comment_count thread_count
            is_returning reply_count expected_reply_count self_reply_count self_reply_share
            self_reply_share_low self_reply_share_high received_reply_count
            expected_received_reply_count partner_count mutual_partner_count reciprocity_share
            reciprocity_share_low reciprocity_share_high answered_count question_count
            answered_question_count question_answered_share question_answered_share_low
            question_answered_share_high like_count first_created_on last_created_on
            """
        ),
        required=("author_name",),
    ),
    "author_pairs": Table(
        "engagement",
        "one row per author and other author they reply to, may reply to, or mention",
        "The reply network: who replies to whom and mentions whom, over all threads.",
        key=("author_id", "partner_author_id"),
        columns=_names(
            """
            author_id partner_author_id reply_count expected_reply_count mention_count is_mutual
            """
        ),
        required=("author_id",),
        references={"author_id": "author_engagement"},
    ),
    "daily_engagement": Table(
        "engagement",
        "one row per platform and day",
        "Comments and authors day by day, of what is dated.",
        key=("platform", "created_on"),
        columns=_names(
            """
            platform created_on comment_count author_count thread_count top_level_count reply_count
            expected_reply_count answered_count host_comment_count like_count dated_share
            """
        ),
        required=("created_on",),
    ),
    "questions": Table(
        "engagement",
        "one row per comment that asks something",
        "The question ledger: what is asked, by whom, and who answered after how long.",
        key=("comment_id",),
        columns=_names(
            """
            comment_id thread_id author_id author_name is_host created_at question answer_status
            answer_comment_id answer_author_id is_answered_by_host first_response_s
            first_response_reason reply_count expected_reply_count
            """
        ),
        references={**_COMMENT, "answer_comment_id": "comments"},
    ),
    "entity_engagement": Table(
        "engagement",
        "one row per thing mentioned",
        "What talk each mentioned person, term or publication draws.",
        key=("canonical_id",),
        columns=_names(
            """
            canonical_id canonical_name kind mention_count comment_count author_count thread_count
            reply_count question_count first_created_on
            """
        ),
    ),
    "citations": Table(
        "engagement",
        "one row per publication, trial or address and comment that cites it",
        "Who cites which publication or address where, and whether the host reacts.",
        key=("canonical_id", "comment_id"),
        columns=_names(
            """
            canonical_id canonical_name kind comment_id thread_id author_id author_name is_host
            created_on mention_count reply_count is_answered_by_host is_liked_by_host
            """
        ),
        references=_COMMENT,
    ),
    "entity_pairs": Table(
        "engagement",
        "one row per two things mentioned together in at least two comments",
        "What is mentioned together in a comment, and how much more often than chance would have it.",
        key=("canonical_id", "partner_canonical_id"),
        columns=_names(
            """
            canonical_id partner_canonical_id comment_count thread_count npmi
            """
        ),
        references={
            "canonical_id": "entity_engagement",
            "partner_canonical_id": "entity_engagement",
        },
    ),
    "comment_topics": Table(
        "topics",
        "one row per comment and topic",
        "The topics of each comment, by the terms it uses.",
        key=("comment_id", "topic_id"),
        columns=_names(
            """
            comment_id thread_id topic_id origin score share rank term_count
            """
        ),
        references=_COMMENT,
    ),
    "topic_engagement": Table(
        "topics",
        "one row per topic",
        "What talk each topic draws.",
        key=("topic_id",),
        columns=_names(
            """
            topic_id label origin comment_count topic_comment_share topic_comment_share_low
            topic_comment_share_high author_count thread_count reply_count expected_reply_count
            topic_reply_share topic_reply_share_low topic_reply_share_high answered_count
            answered_share answered_share_low answered_share_high host_answered_share host_answered_share_low
            host_answered_share_high has_enough_comments host_comment_count mean_depth
            median_first_response_s first_response_reason
            """
        ),
    ),
    "topic_pairs": Table(
        "topics",
        "one row per ordered pair of topics that share a comment",
        "Which topics come up in the same comments.",
        key=("topic_id", "other_topic_id"),
        columns=_names(
            """
            topic_id other_topic_id label other_label comment_count thread_count
            chance_comments npmi has_enough_comments
            """
        ),
        required=("npmi",),
        references={"topic_id": "topic_engagement", "other_topic_id": "topic_engagement"},
    ),
    "topic_transitions": Table(
        "topics",
        "one row per topic of a parent and topic of its replies",
        "From which topic to which replies lead.",
        key=("parent_topic_id", "topic_id"),
        columns=_names(
            """
            parent_topic_id topic_id parent_label label reply_count expected_reply_count
            chance_replies lift transition_share transition_share_low
            transition_share_high has_enough_comments
            """
        ),
        references={"topic_id": "topic_engagement", "parent_topic_id": "topic_engagement"},
    ),
    "topic_trend": Table(
        "topics",
        "one row per topic and period",
        "How much of the talk each topic has as days, or threads, go on.",
        key=("topic_id", "period_kind", "period"),
        columns=_names(
            """
            topic_id label period_kind period created_on comment_count period_comment_count
            period_topic_share period_topic_share_low period_topic_share_high
            """
        ),
        references={"topic_id": "topic_engagement"},
    ),
    "thread_keywords": Table(
        "topics",
        "one row per thread and word",
        "The words that set each thread apart from all others.",
        key=("thread_id", "rank"),
        columns=_names(
            """
            thread_id rank word occurrence_count comment_count other_occurrence_count log_ratio
            g2 z q
            """
        ),
        references={"thread_id": "threads"},
    ),
    "capture_completeness": Table(
        "quality",
        "one row per thread",
        "How much of each thread the capture holds, and what it lost.",
        key=("thread_id",),
        columns=_names(
            """
            thread_id source_path source_format declared_comment_count comment_count
            hidden_comment_count captured_share authored_share dated_share parent_known_share
            deleted_count duplicate_count line_count furniture_line_count
            unrecognised_line_count
            """
        ),
        references={"thread_id": "threads"},
    ),
    "reply_confidence": Table(
        "quality",
        "one row per platform, way the parent is known, and tenth of confidence",
        "How many replies there are at which confidence.",
        key=("platform", "is_inferred", "confidence_from"),
        columns=_names(
            """
            platform is_inferred confidence_from confidence_to reply_count band_share
            expected_right_count
            """
        ),
    ),
}


def is_nullable(table: str, column: str) -> bool:
    """Return whether `column` may be null in `table`: never in a key, except `rejects.line`."""
    declared = TABLES[table]
    return COLUMNS[column].nullable and column not in declared.required


def arrow(table: str) -> pa.Schema:
    """Return the Arrow schema of `table`, with meanings and units as field metadata."""
    declared = TABLES[table]
    fields = [
        pa.field(
            name,
            COLUMNS[name].type,
            is_nullable(table, name),
            {"description": COLUMNS[name].meaning, "unit": COLUMNS[name].unit},
        )
        for name in declared.columns
    ]
    return pa.schema(
        fields,
        {"description": declared.meaning, "grain": declared.grain, "key": ", ".join(declared.key)},
    )


_SQL_TYPES = {
    TEXT: "VARCHAR",
    COUNT: "BIGINT",
    SMALL: "INTEGER",
    NUMBER: "DOUBLE",
    TRUTH: "BOOLEAN",
    DAY: "DATE",
    INSTANT: "TIMESTAMP",
}


def sql_type(column: str) -> str:
    """Return the DuckDB type of `column`, one of the seven that BI tools know."""
    return _SQL_TYPES[COLUMNS[column].type]


def parsed_tables() -> list[str]:
    """Return the tables that the flows write, in declared order; the others come from `sql/`."""
    return [name for name, table in TABLES.items() if table.group == "parsed"]


_DEPRECATED = re.compile(r"Deprecated since (\d+\.\d+)")


def contract() -> dict[str, str]:
    """Return what readers rely on: `<table>.<column>` → type, if it may be null, and since when it is deprecated.

    A column whose meaning begins with `Deprecated since 0.2: …` is still there in every 0.2, and may go in 0.3.
    """
    said = {}
    for name, table in TABLES.items():
        for column in table.columns:
            null = "null" if is_nullable(name, column) else "never null"
            since = _DEPRECATED.match(COLUMNS[column].meaning)
            deprecated = f", deprecated since {since[1]}" if since else ""
            said[f"{name}.{column}"] = f"{sql_type(column)}, {null}{deprecated}"
    return said
