"""Activity of comments, threads and days; questions and answers."""

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
        f"Time within which the host answered {part} of the comments by others (Kaplan-Meier: unanswered ones "
        "wait until the capture). `host_response_reason` says why it is null.",
        "seconds",
        nullable=True,
    )


COLUMNS = {
    "author_count": Column(COUNT, "Distinct authors; comments without one don't count.", "authors"),
    "thread_count": Column(COUNT, "Distinct threads.", "threads"),
    "top_level_count": Column(COUNT, "Top-level comments in the best tree.", "comments"),
    "top_level_share": Column(
        NUMBER,
        "Share of the comments at top level (initiation ratio), in the best tree; null if no parent is "
        "decided.",
        "share of 1",
        nullable=True,
    ),
    "expected_top_level_share": Column(
        NUMBER,
        "Expected share of the comments at top level, over reply_candidates. The best tree alone is biased.",
        "share of 1",
        nullable=True,
    ),
    "reply_count": Column(
        COUNT,
        "Replies in the best tree.",
        "replies",
    ),
    "expected_reply_count": Column(
        NUMBER,
        "Expected replies: an explicit one counts 1, an inferred one its probability.",
        "replies",
    ),
    "inferred_reply_share": Column(
        NUMBER,
        "Share of the replies that are inferred; null without replies.",
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
        COUNT, "Distinct other authors of its direct replies, in the best tree.", "authors"
    ),
    "is_answered": Column(
        TRUTH,
        "Whether another author replied directly, in the best tree. Null if its author is unknown, or if only "
        "replies without an author might be an answer.",
        nullable=True,
    ),
    "is_answered_by_host": Column(
        TRUTH,
        "Whether the host replied directly, in the best tree. Null if the host is unknown, or if a missing "
        "author leaves it open.",
        nullable=True,
    ),
    "first_response_s": Column(
        COUNT,
        "Time to the first direct reply by another known author; null if there is none or a time is unknown.",
        "seconds",
        nullable=True,
    ),
    "answered_count": Column(
        COUNT, "Comments with a direct reply by another author, in the best tree.", "comments"
    ),
    "answered_share": Column(
        NUMBER,
        "Share of the comments with a direct reply by another author, among those where `is_answered` is "
        "known; null if there are none.",
        "share of 1",
        nullable=True,
    ),
    "host_comment_count": Column(
        COUNT, "Comments by the host; null if the host is unknown.", "comments", nullable=True
    ),
    "host_share": Column(
        NUMBER,
        "Share of the comments by the host; null if the host is unknown.",
        "share of 1",
        nullable=True,
    ),
    "max_depth": Column(
        SMALL,
        "Depth of the deepest comment, in the best tree; null if no depth is known.",
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
        DAY, "Day of the earliest dated comment; null if none is dated.", nullable=True
    ),
    "last_created_on": Column(
        DAY, "Day of the latest dated comment; null if none is dated.", nullable=True
    ),
    "reply_probability": Column(
        NUMBER,
        "Probability that it replies to a comment rather than the post: 1 minus the probability of top level "
        "in reply_candidates; 0 or 1 if the source gives the parent. Null if the parent is missing or "
        "unknown.",
        "probability",
        nullable=True,
    ),
    "first_response_reason": Column(
        TEXT,
        "Why `first_response_s` is null; null if it isn't. `replier_unknown`: only replies without an author "
        "might be an answer.",
        nullable=True,
        values=("author_unknown", "replier_unknown", "unanswered", "times_lost", "too_few"),
    ),
    "host_response_s": Column(
        COUNT,
        "Time to the host's first direct reply; null if there is none, if the host is unknown, or if one of "
        "the host's replies has no time.",
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
        "Comments by others with a direct reply by the host, in the best tree; null if the host is unknown.",
        "comments",
        nullable=True,
    ),
    "host_reply_share": Column(
        NUMBER,
        "Share of the comments by others with a direct reply by the host, among those where "
        "`is_answered_by_host` is known; null if the host is unknown or there are fewer than 5 such comments.",
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
        "Why `host_response_s` is null; null if it isn't.",
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
        "Largest number of comments at one depth, in the best tree; null if no depth is known.",
        "comments",
        nullable=True,
    ),
    "h_index": Column(
        SMALL,
        "Largest h such that level h has at least h comments, counting the post as level 0 and top-level "
        "comments as level 1; null if no depth is known.",
        "levels",
        nullable=True,
    ),
    "structural_virality": Column(
        NUMBER,
        "Mean distance between two nodes of the tree, which are the post (its root) and all comments of known "
        "depth; null without such comments.",
        "steps",
        nullable=True,
    ),
    "participation_gini": Column(
        NUMBER,
        "Gini coefficient of comments per author: 0 if all write equally often, near 1 if one writes nearly "
        "all. Null below 5 authors.",
        nullable=True,
    ),
    "top_tenth_share": Column(
        NUMBER,
        "Share of the comments with an author that the most active tenth of authors wrote (rounded up); null "
        "below 10 authors.",
        "share of 1",
        nullable=True,
    ),
    "returning_author_count": Column(
        COUNT, "Authors with at least two comments in the thread.", "authors"
    ),
    "reentry_share": Column(
        NUMBER,
        "Share of the authors who comment more than once; null below 5 authors.",
        "share of 1",
        nullable=True,
    ),
    "reentry_share_low": bound("reentry_share", "Lower"),
    "reentry_share_high": bound("reentry_share", "Upper"),
    "dyad_count": Column(
        COUNT, "Pairs of authors with a reply between them, in the best tree.", "pairs"
    ),
    "mutual_dyad_count": Column(
        COUNT, "Pairs of authors who reply to each other, in the best tree.", "pairs"
    ),
    "reciprocity_share": Column(
        NUMBER,
        "Share of the pairs of authors with replies between them where replies go both ways, in the best "
        "tree; null below 5 pairs.",
        "share of 1",
        nullable=True,
    ),
    "reciprocity_share_low": bound("reciprocity_share", "Lower"),
    "reciprocity_share_high": bound("reciprocity_share", "Upper"),
    "expansion_share": Column(
        NUMBER,
        "(authors - 1) / (comments with an author - 1): 0 if one author writes everything (focused), 1 if "
        "each comment brings a new author (expansionary). Null below 5 such comments.",
        "share of 1",
        nullable=True,
    ),
    "is_expansionary": Column(
        TRUTH,
        "Whether `expansion_share` is above one half; otherwise the thread is focused. Null if it is.",
        nullable=True,
    ),
    "burstiness": Column(
        NUMBER,
        "Burstiness of the times between comments, corrected for small samples (Kim & Jo 2016): -1 regular, 0 "
        "random, 1 extremely bursty. `timing_reason` says why it is null.",
        nullable=True,
    ),
    "half_life_s": Column(
        COUNT,
        "Time from the first comment until half of the comments were posted; `timing_reason` says why it is "
        "null.",
        "seconds",
        nullable=True,
    ),
    "timing_reason": Column(
        TEXT,
        "Why `burstiness` and `half_life_s` are null: `too_few` (fewer than 5 comments), `times_lost` (fewer "
        "than 9 in 10 have a time). With `simultaneous` (no time between them) only `burstiness` is null.",
        nullable=True,
        values=("too_few", "times_lost", "simultaneous"),
    ),
    "question": Column(
        TEXT,
        "First sentence that asks something. A full stop before white space ends a sentence, except in a few "
        "abbreviations (`e.g.`, `vs.`, `Dr.`).",
    ),
    "answer_status": Column(
        TEXT,
        "`answered`: another author replied directly, in the best tree. `unknown`: there are replies and the "
        "asker is unknown; or no answer was found, and a direct reply has no author, the thread has comments "
        "with an undecided parent, or the page doesn't show all replies.",
        values=("answered", "open", "unknown"),
    ),
    "answer_comment_id": Column(
        TEXT,
        "First direct reply by another author, by time, else in display order; null if there is none.",
        nullable=True,
    ),
    "answer_author_id": Column(
        TEXT, "Author of `answer_comment_id`; null if that is.", nullable=True
    ),
    "captured_share": Column(
        NUMBER,
        "Comments captured / comments declared; null if the page declares none. Above 1 if more were captured "
        "than declared.",
        "share",
        nullable=True,
    ),
    "dated_share": Column(
        NUMBER,
        "Share of the comments whose day (`created_on`) is known; null without comments.",
        "share of 1",
        nullable=True,
    ),
}

TABLES = {
    "comment_engagement": Table(
        "engagement",
        "one row per comment",
        "Replies to each comment: how many, by whom, how fast.",
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
        meanings={
            "reply_count": "Direct replies to it, in the best tree.",
            "expected_reply_count": (
                "Expected direct replies to it: an explicit one counts 1, an inferred one its probability."
            ),
            "mention_count": "Mentions in it.",
            "host_response_reason": (
                "Why `host_response_s` is null; null if it isn't. `times_lost`: the comment or a reply of the host "
                "has no time."
            ),
        },
    ),
    "thread_engagement": Table(
        "engagement",
        "one row per thread",
        "Activity of each thread: comments, authors, depth, and the share answered.",
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
        meanings={
            "host_response_reason": (
                "Why the three `host_response_*_s` are null: `too_few` (fewer than 5 comments by others), "
                "`times_lost` (one of them, or a reply of the host, has no time), `captured_before_last_comment` (the "
                "time of capture is earlier than a comment, so it is unknown how long the unanswered waited), "
                "`not_reached` (too few were answered). Null if they aren't."
            ),
        },
    ),
    "daily_engagement": Table(
        "engagement",
        "one row per platform and day",
        "Comments and authors per day, over dated comments.",
        key=("platform", "created_on"),
        columns=names(
            """
            platform created_on comment_count author_count thread_count top_level_count reply_count
            expected_reply_count answered_count host_comment_count like_count dated_share
            """
        ),
        required=("created_on",),
        references={"platform": "platforms", "created_on": "days"},
        meanings={"created_on": "The day."},
    ),
    "questions": Table(
        "engagement",
        "one row per comment that asks something",
        "What is asked, by whom, and who answered after how long.",
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
        meanings={
            "reply_count": "Direct replies to it, in the best tree.",
            "expected_reply_count": (
                "Expected direct replies to it: an explicit one counts 1, an inferred one its probability."
            ),
        },
    ),
}
