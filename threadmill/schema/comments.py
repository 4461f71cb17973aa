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
        TEXT, "Site or system the thread comes from, named as its folder in data/raw."
    ),
    "thread_id": Column(
        TEXT,
        "Thread: `<platform>:<own id>`. Without an id of its own, a hash of the canonical address; without an "
        "address, the file's stem up to `@`.",
    ),
    "comment_id": Column(
        TEXT,
        "Comment: `<platform>:<own id>`. Without an id of its own, a hash of thread, author name, text and "
        "occurrence.",
    ),
    "author_id": Column(
        TEXT,
        "Author: `<platform>:<own id>`. Without an id of their own, a hash of platform, publication and name. "
        "Null if the page names no author.",
        nullable=True,
    ),
    "parent_comment_id": Column(
        TEXT,
        "Comment replied to. With `parent_status` missing, an id that isn't in the data. Null at top level "
        "and when unknown.",
        nullable=True,
    ),
    "root_comment_id": Column(
        TEXT,
        "Top-level comment of the branch; a top-level comment is its own root. Null if a parent on the way up "
        "is unknown.",
        nullable=True,
    ),
    "duplicate_of": Column(
        TEXT,
        "Earlier comment by the same author in the thread with the same text, or most of it; null if none.",
        nullable=True,
    ),
    "source_format": Column(TEXT, "Format of the document; `threadmill formats` lists them."),
    "title": Column(
        TEXT, "Title of the post that the thread is about; null if unknown.", nullable=True
    ),
    "url": Column(TEXT, "Address as captured; null if unknown.", nullable=True),
    "publication": Column(
        TEXT,
        "Newsletter, site or board: from the sidecar, else the address's host name; null if unknown. The same "
        "name is one author within a publication; if it is unknown, only within the thread.",
        nullable=True,
    ),
    "host_name": Column(TEXT, "Author of the post; null if unknown.", nullable=True),
    "host_source": Column(
        TEXT,
        "Where `host_name` comes from: the sidecar, the source, the marks `Liked by …` or `N replies by …`, "
        "or from answering more people than anyone else. Null if `host_name` is.",
        nullable=True,
        values=("sidecar", "source", "liked_by", "replied_by", "answers"),
    ),
    "reply_prior": Column(
        TEXT,
        "What was assumed about the platform's trees when parents were inferred: `fitted` if "
        "data/vocabulary/platforms.csv has a row for it, else `preset`. Null if nothing was inferred.",
        nullable=True,
        values=("preset", "fitted"),
    ),
    "published_at": Column(
        INSTANT,
        "When the post was published; null if unknown.",
        "UTC",
        nullable=True,
    ),
    "captured_at": Column(
        INSTANT, "When the page was copied or exported; null if unknown.", "UTC", nullable=True
    ),
    "declared_comment_count": Column(
        COUNT,
        "Number of comments that the page gives; null if it gives none.",
        "comments",
        nullable=True,
    ),
    "comment_count": Column(COUNT, "Comments captured, including deleted ones.", "comments"),
    "hidden_comment_count": Column(
        COUNT,
        "Comments that the page says it doesn't show (collapsed replies, `N more comments`); null if it "
        "doesn't say.",
        "comments",
        nullable=True,
    ),
    "platform_max_depth": Column(
        SMALL,
        "Deepest nesting that the platform shows; deeper replies are attached at this level. Null if there is "
        "no limit.",
        "levels",
        nullable=True,
    ),
    "line_count": Column(
        COUNT,
        "Non-blank lines of the document; null if its format has no lines.",
        "lines",
        nullable=True,
    ),
    "furniture_line_count": Column(
        COUNT,
        "Lines that belong to the page and not to a comment's text: names, dates, buttons, headings. Null if "
        "`line_count` is.",
        "lines",
        nullable=True,
    ),
    "unrecognised_line_count": Column(
        COUNT,
        "Lines outside every comment that weren't recognised; null if `line_count` is.",
        "lines",
        nullable=True,
    ),
    "capture_number": Column(
        SMALL,
        "Number of the capture within its thread, from 1, by time. Captures without a time come last, except "
        "one that others are named after.",
    ),
    "added_comment_count": Column(COUNT, "Comments that no earlier capture has.", "comments"),
    "edited_comment_count": Column(
        COUNT, "Comments whose text differs from the previous capture.", "comments"
    ),
    "lost_comment_count": Column(
        COUNT,
        "Comments of earlier captures that this one lacks: deleted, not shown, or not copied.",
        "comments",
    ),
    "added_like_count": Column(
        COUNT,
        "Change in likes since the previous capture, over comments that show likes in both; may be negative.",
        "likes",
    ),
    "source_path": Column(TEXT, "Path of the document within data/raw, with `/`."),
    "source_sha256": Column(TEXT, "SHA-256 of the document's bytes, in hexadecimal."),
    "position": Column(SMALL, "Position in display order, from 0.", "comments"),
    "author_name": Column(
        TEXT, "Author's name as the page writes it; null if it names none.", nullable=True
    ),
    "author_handle": Column(
        TEXT, "Author's handle without `@`; null if the capture has none.", nullable=True
    ),
    "author_url": Column(
        TEXT, "Address of the author's profile; null if the capture has none.", nullable=True
    ),
    "is_host": Column(
        TRUTH,
        "Whether the author of the post wrote it. Null if host or author is unknown, or if nobody in the "
        "thread has the name that the sidecar gives.",
        nullable=True,
    ),
    "created_at": Column(
        INSTANT,
        "When it was posted; null unless day, time and time zone are known.",
        "UTC",
        nullable=True,
    ),
    "created_on": Column(
        DAY,
        "Day it was posted: that of `created_at` in UTC, which may differ from the page's own time zone; else "
        "as the page gives it, or as resolved. Null if unknown.",
        nullable=True,
    ),
    "created_text": Column(
        TEXT,
        "Date as the page writes it, or the title of its link if that says more; null if there is none.",
        nullable=True,
    ),
    "created_precision": Column(
        TEXT,
        "Precision of `created_text`: a `month_day` has no year, a `relative` date needs the time of capture.",
        values=("second", "minute", "day", "month_day", "relative", "none"),
    ),
    "is_created_resolved": Column(
        TRUTH,
        "Whether `created_on` was resolved from `captured_at`: the latest such day that isn't later.",
    ),
    "is_edited": Column(
        TRUTH,
        "Whether it is marked as edited; null if the capture lacks its date line.",
        nullable=True,
    ),
    "is_deleted": Column(
        TRUTH, "Whether its text was deleted or removed; the row remains in its place."
    ),
    "is_liked_by_host": Column(
        TRUTH,
        "Whether it is marked as liked by the host; null if the host is unknown, nobody has the host's name, "
        "or the capture shows no such marks.",
        nullable=True,
    ),
    "like_count": Column(
        COUNT, "Likes; null if the capture doesn't show them.", "likes", nullable=True
    ),
    "hidden_reply_count": Column(
        COUNT,
        "Replies to it that the page doesn't show; null if the capture doesn't say.",
        "comments",
        nullable=True,
    ),
    "text": Column(TEXT, "The comment's text with LF line ends; empty if deleted or without text."),
    "word_count": Column(SMALL, "Words: runs of characters between white space.", "words"),
    "is_question": Column(
        TRUTH,
        "Whether it has the form of a question: a question mark after words, or `wonder if`, `anyone know`. "
        "Includes rhetorical questions, and more than the table `questions`.",
    ),
    "is_gratitude": Column(TRUTH, "Whether it contains English words of thanks."),
    "is_own_experience": Column(
        TRUTH,
        "Whether it contains English phrases that introduce one's own experience (`I was diagnosed`, `as "
        "someone with`).",
    ),
    "language": Column(
        TEXT,
        "ISO 639-1 code, detected from the beginning of the text; null for fewer than 20 characters or if "
        "uncertain.",
        nullable=True,
    ),
    "language_confidence": Column(
        NUMBER,
        "Share of detections that are right for texts of this length; null if `language` is.",
        "probability",
        nullable=True,
    ),
    "parent_status": Column(
        TEXT,
        "How the parent is known: `explicit` from the source, `inferred` by Threadmill, `missing` if the "
        "source names one that isn't in the data, `unknown` if undecided. A `top_level` comment with rows in "
        "reply_candidates is inferred too.",
        values=("top_level", "explicit", "inferred", "missing", "unknown"),
    ),
    "parent_evidence": Column(
        TEXT,
        "Why the comment stands where it does, in words; the same as `evidence` for replies, and `orphan` if "
        "the parent isn't in the data.",
    ),
    "depth": Column(
        SMALL,
        "Replies between the comment and the top level: 0 at top level; null if unknown.",
        "levels",
        nullable=True,
    ),
    "descendant_count": Column(
        COUNT,
        "All replies below it, direct and indirect, in the best tree; null if its ancestors form a loop.",
        "comments",
        nullable=True,
    ),
    "subtree_depth": Column(
        SMALL,
        "Levels of replies below it; 0 without replies, null if `descendant_count` is.",
        "levels",
        nullable=True,
    ),
}

TABLES = {
    "threads": Table(
        "parsed",
        "one row per thread",
        "Threads as captured, with what the page and its sidecar say about them.",
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
        "What each capture of a thread added, changed and no longer had.",
        key=("thread_id", "source_path"),
        columns=names(
            """
            thread_id source_path source_format captured_at capture_number comment_count
            added_comment_count edited_comment_count lost_comment_count added_like_count
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
        meanings={
            "comment_count": "Comments in the capture, including deleted ones.",
        },
    ),
    "comments": Table(
        "parsed",
        "one row per comment",
        "Comments in display order, with author, time, text and place in the tree.",
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
