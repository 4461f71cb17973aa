"""What authors write and receive, and who replies to whom."""

from threadmill.schema.base import COUNT, NUMBER, TEXT, TRUTH, Column, Table, bound, names

COLUMNS = {
    "received_reply_count": Column(
        COUNT, "Replies received from other authors, in the best tree.", "replies"
    ),
    "expected_received_reply_count": Column(
        NUMBER, "Expected replies received from other authors, over reply_candidates.", "replies"
    ),
    "partner_count": Column(
        COUNT,
        "Distinct other authors with a reply in either direction, in the best tree. A poor measure of "
        "centrality where replies are inferred, as single edges are often wrong.",
        "authors",
    ),
    "name_warning": Column(
        TEXT,
        "The name may belong to several people. `first_name_only`: a single word, where authors are told "
        "apart by name only. `first_name_shared`: another author's name starts with the same first name. Null "
        "if neither.",
        nullable=True,
        values=("first_name_only", "first_name_shared"),
    ),
    "is_returning": Column(
        TRUTH,
        "Whether the author comments in more than one thread, rather than being a newcomer. Null with one "
        "thread if no other thread of the publication was captured, or the publication is unknown.",
        nullable=True,
    ),
    "self_reply_count": Column(
        COUNT, "Replies to the author's own comments, in the best tree.", "replies"
    ),
    "self_reply_share": Column(
        NUMBER,
        "Share of the author's replies that are to own comments, among those whose parent has an author; null "
        "below 5 of them.",
        "share of 1",
        nullable=True,
    ),
    "self_reply_share_low": bound("self_reply_share", "Lower"),
    "self_reply_share_high": bound("self_reply_share", "Upper"),
    "mutual_partner_count": Column(
        COUNT,
        "Other authors with replies in both directions, in the best tree.",
        "authors",
    ),
    "partner_author_id": Column(
        TEXT, "The other author, who is replied to or mentioned; author_engagement has the name."
    ),
    "is_mutual": Column(TRUTH, "Whether the two reply to each other, in the best tree."),
    "question_count": Column(COUNT, "Comments that ask something: rows of questions.", "comments"),
    "answered_question_count": Column(
        COUNT, "Questions with a direct reply by another author, in the best tree.", "comments"
    ),
    "question_answered_share": Column(
        NUMBER,
        "Share of the questions that are answered, among those where that is known; null below 5 of them.",
        "share of 1",
        nullable=True,
    ),
    "question_answered_share_low": bound("question_answered_share", "Lower"),
    "question_answered_share_high": bound("question_answered_share", "Upper"),
}

TABLES = {
    "author_engagement": Table(
        "engagement",
        "one row per author",
        "What each author writes and receives, over all threads.",
        key=("author_id",),
        columns=names(
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
        references={"author_id": "authors", "platform": "platforms"},
        in_parts=True,
        touched_by=("author_id", "partner_author_id"),
        meanings={
            "author_id": "Author: `<platform>:<own id>`. Without an id of their own, a hash of platform, publication and name.",
            "reply_count": "Replies that the author wrote, in the best tree.",
            "expected_reply_count": (
                "Expected replies that the author wrote: an explicit one counts 1, an inferred one its probability."
            ),
            "author_name": "Usual name, as pages write it.",
            "is_host": "Whether the author is the host of any thread; null if that is unknown for all their comments.",
            "reciprocity_share": (
                "Share of the authors with a reply in either direction where replies go both ways, in the best tree; "
                "null below 5 of them."
            ),
            "comment_count": "Comments by the author, including deleted ones.",
            "answered_count": "Comments by the author with a direct reply by another author, in the best tree.",
        },
    ),
    "author_pairs": Table(
        "engagement",
        "one row per author and other author whom they reply to, may reply to, or mention",
        "The reply network: who replies to whom and mentions whom, over all threads.",
        key=("author_id", "partner_author_id"),
        columns=names(
            """
            author_id partner_author_id reply_count expected_reply_count mention_count is_mutual
            """
        ),
        required=("author_id",),
        references={"author_id": "authors", "partner_author_id": "authors"},
        in_parts=True,
        touched_by=("author_id", "partner_author_id"),
        meanings={
            "author_id": "Author: `<platform>:<own id>`. Without an id of their own, a hash of platform, publication and name.",
            "reply_count": "Replies from the author to the other, in the best tree.",
            "expected_reply_count": (
                "Expected replies from the author to the other: an explicit one counts 1, an inferred one its "
                "probability."
            ),
            "mention_count": "Mentions of the other by the author.",
        },
    ),
}
