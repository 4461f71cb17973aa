"""Threads, their captures and their comments, as read."""

from threadmill.schema.base import (
    COUNT,
    DAY,
    INSTANT,
    NUMBER,
    SMALL,
    TEXT,
    TRUTH,
    Column,
    Table,
    names,
)

COLUMNS = {
    "platform": Column(
        TEXT, "Site or system the thread was read from, as its folder in data/raw is named."
    ),
    "thread_id": Column(
        TEXT,
        "Thread: `<platform>:<own id>`; without one, a hash of the canonical address, "
        "or the file's stem up to the `@` of its name where the address isn't known.",
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
        "When the post was published; in `runs`, when the run had made and checked its tables. Null when not known.",
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
    "capture_number": Column(
        SMALL,
        "1 for the thread's first capture, by time; those without a time come last, but for one that others are named as later captures of.",
    ),
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
    "position": Column(
        SMALL, "Place in the thread as displayed, from 0; a report counts from 1.", "comments"
    ),
    "author_name": Column(
        TEXT, "Author as the page writes it; null when it names none.", nullable=True
    ),
    "author_handle": Column(
        TEXT, "Author's handle without `@`; null when the capture lacks it.", nullable=True
    ),
    "author_url": Column(TEXT, "Author's profile; null when the capture lacks it.", nullable=True),
    "is_host": Column(
        TRUTH,
        "By the post's author; null when the host or the author isn't known, and where nobody is called as the sidecar says.",
        nullable=True,
    ),
    "created_at": Column(
        INSTANT, "When posted; only where day, time and zone are known.", "UTC", nullable=True
    ),
    "created_on": Column(
        DAY,
        "Day posted: of `created_at` in UTC, which may not be the day the page shows in its own zone; without it, as the "
        "page says it or as resolved. Null when not known.",
        nullable=True,
    ),
    "created_text": Column(
        TEXT,
        "The date as the page writes it, in a link's title if that says more; null if it has none.",
        nullable=True,
    ),
    "created_precision": Column(
        TEXT,
        "How exact `created_text` is: a `month_day` has no year, a `relative` one needs the capture's time.",
        values=("second", "minute", "day", "month_day", "relative", "none"),
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
        "Marked as liked by the host; null when the host isn't known, is called as nobody is, or the capture shows no such marks.",
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
        values=("top_level", "explicit", "inferred", "missing", "unknown"),
    ),
    "parent_evidence": Column(
        TEXT,
        "Why it stands where it does, in words: the evidence of its reply, if it is one, and `orphan` where its "
        "parent isn't in the data.",
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
}

TABLES = {
    "threads": Table(
        "parsed",
        "one row per thread",
        "Threads as captured, with what their page and sidecar say of them.",
        key=("thread_id",),
        columns=names(
            """
            thread_id platform source_format title url publication host_name host_source
            published_at captured_at declared_comment_count comment_count hidden_comment_count
            platform_max_depth reply_prior line_count furniture_line_count
            unrecognised_line_count source_path source_sha256
            """
        ),
        references={"platform": "platforms"},
    ),
    "captures": Table(
        "parsed",
        "one row per captured document of a thread",
        "What each capture of a thread added to it, and what it no longer held.",
        key=("thread_id", "source_path"),
        columns=names(
            """
            thread_id source_path source_format captured_at capture_number comment_count
            added_comment_count edited_comment_count lost_comment_count added_like_count
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
    ),
    "comments": Table(
        "parsed",
        "one row per comment",
        "Comments in display order, each with its author, time, words and place in the tree.",
        key=("comment_id",),
        columns=names(
            """
            comment_id thread_id platform position author_id author_name author_handle
            author_url is_host created_at created_on created_text created_precision
            is_created_resolved is_edited is_deleted is_liked_by_host like_count
            hidden_reply_count url text word_count is_question is_gratitude is_own_experience
            language language_confidence parent_status
            parent_comment_id parent_evidence root_comment_id depth descendant_count subtree_depth
            duplicate_of
            """
        ),
        references={
            "thread_id": "threads",
            "platform": "platforms",
            "author_id": "authors",
            "created_on": "days",
            "root_comment_id": "comments",
            "duplicate_of": "comments",
        },
        in_parts=True,
    ),
}
