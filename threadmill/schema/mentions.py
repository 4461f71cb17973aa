"""What comments mention."""

from threadmill.schema.base import COMMENT, COUNT, SMALL, TEXT, TRUTH, Column, Table, names

COLUMNS = {
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
        "that the source hangs on the top of its branch, then that person's latest; null if none or not known.",
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
    "mention_count": Column(COUNT, "Mentions in the comments.", "mentions"),
}

TABLES = {
    "mentions": Table(
        "parsed",
        "one row per mention",
        "What comments mention, with its place in the text.",
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
        "Acronyms and names that may be worth a term in a vocabulary pack.",
        key=("thread_id", "candidate", "candidate_kind"),
        columns=names(
            """
            thread_id candidate candidate_kind comment_count mention_count example
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
    ),
}
