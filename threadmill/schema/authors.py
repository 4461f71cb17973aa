"""What authors give and draw, and who talks to whom."""

from threadmill.schema.base import COUNT, NUMBER, TEXT, TRUTH, Column, Table, bound, names

COLUMNS = {
    "received_reply_count": Column(
        COUNT, "Replies received from other authors, by the best tree.", "replies"
    ),
    "expected_received_reply_count": Column(
        NUMBER, "The same as an expectation over reply_candidates.", "replies"
    ),
    "partner_count": Column(
        COUNT,
        "Different other authors replied to or replied by, by the best tree. With inferred replies "
        "a poor measure of centrality: single edges are often wrong.",
        "authors",
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
        "Comments in more than one thread, else a newcomer; null when in one thread only, and no other of the "
        "publication was captured or the publication isn't known.",
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
    "self_reply_share_low": bound("self_reply_share", "Lower"),
    "self_reply_share_high": bound("self_reply_share", "Upper"),
    "mutual_partner_count": Column(
        COUNT,
        "Other authors with whom replies go both ways, by the best tree.",
        "authors",
    ),
    "partner_author_id": Column(
        TEXT, "The other author: replied to or mentioned; names are in author_engagement."
    ),
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
    "question_answered_share_low": bound("question_answered_share", "Lower"),
    "question_answered_share_high": bound("question_answered_share", "Upper"),
}

TABLES = {
    "author_engagement": Table(
        "engagement",
        "one row per author",
        "What each author gives and draws, over all threads.",
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
    ),
    "author_pairs": Table(
        "engagement",
        "one row per author and other author they reply to, may reply to, or mention",
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
    ),
}
