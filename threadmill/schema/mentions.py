"""What comments mention."""

from threadmill.schema.base import COMMENT, COUNT, SMALL, TEXT, TRUTH, Column, Table, names

COLUMNS = {
    "start_char": Column(
        SMALL, "Where the mention starts in the comment's text, from 0.", "code points"
    ),
    "end_char": Column(SMALL, "Where the mention ends, exclusive.", "code points"),
    "surface": Column(TEXT, "The words as written."),
    "canonical_id": Column(TEXT, "What is mentioned, however it is written: `<kind>:<id>`."),
    "canonical_name": Column(TEXT, "Usual name of what is mentioned."),
    "target_comment_id": Column(
        TEXT,
        "Comment that is quoted; or, where the source attaches every reply to the top of its branch, the "
        "latest comment of the person whose name opens the reply. Null if none or unknown.",
        nullable=True,
    ),
    "target_author_id": Column(
        TEXT, "Author who is mentioned; null if none or unknown.", nullable=True
    ),
    "rule": Column(TEXT, "Rule that found it."),
    "pack": Column(
        TEXT, "Vocabulary pack that it comes from; null if a rule found it.", nullable=True
    ),
    "pack_version": Column(TEXT, "Version of the pack; null if `pack` is.", nullable=True),
    "is_word": Column(
        TRUTH,
        "Whether it starts and ends at word boundaries. In scripts without spaces (Chinese, Japanese, Thai, "
        "Lao, Khmer, Burmese) false for names, and for terms unless PyICU is installed.",
    ),
    "candidate": Column(
        TEXT, "Acronym or name that no rule and no vocabulary explains, as written."
    ),
    "candidate_kind": Column(TEXT, "What it looks like.", values=("acronym", "name")),
    "example": Column(TEXT, "Its first occurrence in the thread, with the words around it."),
    "mention_count": Column(COUNT, "Mentions.", "mentions"),
}

TABLES = {
    "mentions": Table(
        "parsed",
        "one row per mention",
        "What comments mention, and where in the text.",
        key=("comment_id", "start_char", "end_char", "kind"),
        columns=names(
            """
            comment_id thread_id author_id start_char end_char surface kind canonical_id
            canonical_name target_comment_id target_author_id rule pack pack_version confidence
            is_word
            """
        ),
        references={
            **COMMENT,
            "author_id": "authors",
            "canonical_id": "entities",
            "target_comment_id": "comments",
            "target_author_id": "authors",
        },
        in_parts=True,
    ),
    "mention_candidates": Table(
        "parsed",
        "one row per thread and candidate",
        "Acronyms and names that may deserve a term in a vocabulary pack.",
        key=("thread_id", "candidate", "candidate_kind"),
        columns=names(
            """
            thread_id candidate candidate_kind comment_count mention_count example
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
        meanings={
            "comment_count": "Comments that contain it.",
            "mention_count": "Occurrences.",
        },
    ),
}
