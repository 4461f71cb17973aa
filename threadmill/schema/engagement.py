"""What comments, threads and days draw, and what is asked and answered."""

from threadmill.schema.base import (
    COMMENT,
    COUNT,
    DAY,
    NUMBER,
    SMALL,
    TEXT,
    TRUTH,
    Column,
    Table,
    bound,
    names,
)


def _wait(part: str) -> Column:
    return Column(
        COUNT,
        f"Time in which the host has answered {part} of the comments by others (Kaplan-Meier: the unanswered "
        "count as waiting until the capture). Null with its reason in `host_response_reason`.",
        "seconds",
        nullable=True,
    )


COLUMNS = {
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
    "is_answered": Column(
        TRUTH,
        "Has a direct reply by another author, by the best tree; null when its author isn't known, or only replies "
        "without an author may be by another.",
        nullable=True,
    ),
    "is_answered_by_host": Column(
        TRUTH,
        "Has a direct reply by the host, by the best tree; null when the host isn't known, or a reply or comment "
        "without an author leaves it open.",
        nullable=True,
    ),
    "first_response_s": Column(
        COUNT,
        "Time to the first direct reply by another known author; null without one, or when times aren't known.",
        "seconds",
        nullable=True,
    ),
    "answered_count": Column(
        COUNT, "Comments with a direct reply by another author, by the best tree.", "comments"
    ),
    "answered_share": Column(
        NUMBER,
        "Part of the comments with a direct reply by another author, of those where that is known (`is_answered`); null "
        "without such comments.",
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
        "Why `first_response_s`, of a topic `median_first_response_s`, is null; null where it isn't. `replier_unknown`: "
        "only replies without an author may answer. `unanswered`: no answer, of a topic none that is known. `too_few`: "
        "fewer than 5 times are known.",
        nullable=True,
        values=("author_unknown", "replier_unknown", "unanswered", "times_lost", "too_few"),
    ),
    "host_response_s": Column(
        COUNT,
        "Time to the host's first direct reply; null without one, when the host isn't known, or when one of the "
        "host's replies isn't timed.",
        "seconds",
        nullable=True,
    ),
    "top_level_share_low": bound("top_level_share", "Lower"),
    "top_level_share_high": bound("top_level_share", "Upper"),
    "reply_share": Column(
        NUMBER,
        "Replies / comments with a decided parent; null without these.",
        "share of 1",
        nullable=True,
    ),
    "reply_share_low": bound("reply_share", "Lower"),
    "reply_share_high": bound("reply_share", "Upper"),
    "answered_share_low": bound("answered_share", "Lower"),
    "answered_share_high": bound("answered_share", "Upper"),
    "host_answered_count": Column(
        COUNT,
        "Comments by others with a direct reply by the host, by the best tree; null when the host isn't known.",
        "comments",
        nullable=True,
    ),
    "host_reply_share": Column(
        NUMBER,
        "Part of the comments by others that has a direct reply by the host, of those where that is known "
        "(`is_answered_by_host`); null when the host isn't known, or with fewer than 5 such comments.",
        "share of 1",
        nullable=True,
    ),
    "host_share_low": bound("host_share", "Lower"),
    "host_share_high": bound("host_share", "Upper"),
    "host_reply_share_low": bound("host_reply_share", "Lower"),
    "host_reply_share_high": bound("host_reply_share", "Upper"),
    "host_response_p15_s": _wait("15 %"),
    "host_response_median_s": _wait("half"),
    "host_response_p85_s": _wait("85 %"),
    "host_response_reason": Column(
        TEXT,
        "Why `host_response_s`, or one of a thread's three `host_response_*_s`, is null: `too_few` (fewer than 5 comments "
        "by others), `times_lost` (one of them, or a host's reply, isn't timed), `captured_before_last_comment` (the time of "
        "capture is before a comment's, so how long the unanswered waited isn't known), `not_reached` (too few are answered for "
        "the last ones).",
        nullable=True,
        values=(
            "host_unknown",
            "author_unknown",
            "replier_unknown",
            "unanswered",
            "too_few",
            "times_lost",
            "capture_time_unknown",
            "captured_before_last_comment",
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
    "reentry_share_low": bound("reentry_share", "Lower"),
    "reentry_share_high": bound("reentry_share", "Upper"),
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
    "reciprocity_share_low": bound("reciprocity_share", "Lower"),
    "reciprocity_share_high": bound("reciprocity_share", "Upper"),
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
        "Burstiness of the times between comments, corrected for how few they are (Kim & Jo 2016): -1 regular, 0 random, "
        "1 at most in bursts. Null with its reason in `timing_reason`.",
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
    "question": Column(
        TEXT,
        "The first sentence that asks. A full stop ends one before white space, but for a few abbreviations "
        "(`e.g.`, `vs.`, `Dr.`).",
    ),
    "answer_status": Column(
        TEXT,
        "`answered` by a direct reply of another author, by the best tree; `unknown` when there are replies and the asker isn't known, or no "
        "answer was found and a direct reply has no author, the thread has comments whose parent isn't decided, or the "
        "page holds replies back.",
        values=("answered", "open", "unknown"),
    ),
    "answer_comment_id": Column(
        TEXT,
        "The first direct reply by another author: by time, else as displayed; null without one.",
        nullable=True,
    ),
    "answer_author_id": Column(TEXT, "Author of `answer_comment_id`; null with it.", nullable=True),
    "captured_share": Column(
        NUMBER,
        "Comments captured / comments declared; null if the page doesn't declare them. Above 1 when more came than declared.",
        "share",
        nullable=True,
    ),
    "dated_share": Column(
        NUMBER,
        "Part of the comments with a known day (`created_on`); null without comments.",
        "share of 1",
        nullable=True,
    ),
}

TABLES = {
    "comment_engagement": Table(
        "engagement",
        "one row per comment",
        "What each comment drew: replies, by whom, how fast.",
        key=("comment_id",),
        columns=names(
            """
            comment_id thread_id author_id is_host created_at created_on parent_status depth
            reply_count expected_reply_count replier_count descendant_count subtree_depth
            reply_probability is_answered is_answered_by_host first_response_s first_response_reason
            host_response_s host_response_reason like_count mention_count
            """
        ),
        references={**COMMENT, "author_id": "authors", "created_on": "days"},
        in_parts=True,
    ),
    "thread_engagement": Table(
        "engagement",
        "one row per thread",
        "How much each thread is talked in, by how many, how deep, and how much of it is answered.",
        key=("thread_id",),
        columns=names(
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
        references={"thread_id": "threads", "platform": "platforms"},
        in_parts=True,
    ),
    "daily_engagement": Table(
        "engagement",
        "one row per platform and day",
        "Comments and authors day by day, of what is dated.",
        key=("platform", "created_on"),
        columns=names(
            """
            platform created_on comment_count author_count thread_count top_level_count reply_count
            expected_reply_count answered_count host_comment_count like_count dated_share
            """
        ),
        required=("created_on",),
        references={"platform": "platforms", "created_on": "days"},
    ),
    "questions": Table(
        "engagement",
        "one row per comment that asks something",
        "The question ledger: what is asked, by whom, and who answered after how long.",
        key=("comment_id",),
        columns=names(
            """
            comment_id thread_id author_id author_name is_host created_at question answer_status
            answer_comment_id answer_author_id is_answered_by_host first_response_s
            first_response_reason reply_count expected_reply_count
            """
        ),
        references={
            **COMMENT,
            "author_id": "authors",
            "answer_comment_id": "comments",
            "answer_author_id": "authors",
        },
        in_parts=True,
    ),
}
