"""People: authors of the thread by name, form of address or title, and others by name."""

import polars as pl

from threadmill.mentions.rules.calling import locate_named
from threadmill.mentions.rules.identifiers import DOUBTFUL
from threadmill.mentions.rules.naming import (
    ANY_GIVEN,
    ONE_NAME,
    TITLE,
    list_names,
    list_own_words,
    list_surnames,
    match_names,
    split_names,
    split_words,
)
from threadmill.mentions.rules.persons import NAME_PART, RANK, find_persons
from threadmill.mentions.text.fold import fold, normalize
from threadmill.mentions.text.names import NOT_SURNAMES
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    CAPITAL,
    NO_HITS,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)
from threadmill.sources.addressing import ADDRESS

_TITLED_INITIAL = rf"(?:{TITLE}\.? |Prof|Dr)\p{{Lu}}"
_SIGNS = rf"{RANK}s?\.? {CAPITAL}|(?:Prof|Dr){CAPITAL}|{CAPITAL}(?:\. ?|[ \n\t]){CAPITAL}(?:\. ?|[ \n\t]){CAPITAL}"
"""Where somebody may be named by title or initials: one test before three slower expressions."""
_SURNAME = r"^( (?:\p{Lu}\.? )?(?:(?:van|von|de|der|den|di|da|del|al|bin|el) )*\p{Lu}[\p{L}'’-]+)(?:[^\p{L}\p{N}_]|$)"
"""A surname after a given name, with initial and particles."""


def list_authors(comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per distinct thread_id, author_id, author_name, author_handle, is_host of `comments`."""
    columns = ["thread_id", "author_id", "author_name", "author_handle", "is_host"]
    return comments.select(columns).unique(maintain_order=True)


def _keep_signed(capitalised: pl.DataFrame) -> pl.DataFrame:
    """Return those of the `capitalised` rows that may name somebody by title, initials or given name."""
    return keep_likely(capitalised, _SIGNS, "masked")


def find_people(
    texts: pl.DataFrame, capitalised: pl.DataFrame, comments: pl.DataFrame, authors: pl.DataFrame
) -> pl.DataFrame:
    """Return the hits of the thread's `authors` and of other persons; `capitalised` are the rows of `keep_capitalised`.

    An author's full name counts anywhere, and so does a given name that only one author of the thread has. Other
    first names and parts of nicknames count where the text addresses or quotes the person; once it has,
    they count anywhere in the thread. A title with an initial or a name counts where it fits the host, or
    else a single author. Nobody mentions themselves.
    """
    if texts.is_empty():
        return NO_HITS
    place = comments.select("thread_id", own_author_id="author_id").with_row_index("row")
    people = split_names(authors)
    named_rows = _keep_signed(capitalised)
    persons = find_persons(texts, named_rows, capitalised)
    names = pl.concat(
        [
            list_names(people).with_columns(kind=pl.lit("participant")),
            list_surnames(persons, place, people).with_columns(kind=pl.lit("person")),
        ]
    )
    return concat_hits(
        [
            persons,
            _find_by_title(named_rows, place, people),
            _find_named_users(texts, place, people),
            *_find_by_name(texts, place, names, people),
        ]
    )


def _find_by_name(
    texts: pl.DataFrame, place: pl.DataFrame, names: pl.DataFrame, people: pl.DataFrame
) -> list[pl.DataFrame]:
    """Return the hits of authors and persons by `names` (as from `list_names`), and of other given names."""
    words, given = split_words(texts)
    matched = pl.concat([match_names(words, texts, place, names), given]).unique()
    found = locate_named(texts, place, matched, names)
    if found.is_empty():
        return []
    before = pl.col("before")
    is_author = pl.col("kind") == "participant"
    # A display name of several words after `@` is a handle.
    at_name = is_author & pl.col("word").str.contains(" ", literal=True) & before.str.ends_with("@")
    handles = found.filter(at_name).with_columns(
        start=(pl.col("start") - 1).cast(pl.Int32), found=pl.concat_str(pl.lit("@"), "found")
    )
    found = found.filter(~at_name.fill_null(value=False))
    authors = found.filter(
        is_author, "is_named", pl.col("own_author_id").ne_missing(pl.col("author_id"))
    )
    sure = pl.when("is_full").then(0.97).when("is_called").then(0.9).otherwise(0.85)
    given_names = _make_given(found, people)
    again = list_surnames(given_names, place, people).with_columns(kind=pl.lit("person"))
    again = again.join(names, on=["thread_id", "word"], how="anti")
    return [
        make_hits(
            handles,
            "handle",
            rule="handle",
            confidence=0.99,
            id=fold(pl.col("word")),
            name=pl.col("word"),
        ).with_columns(target_author_id=handles["author_id"])
        if handles.height
        else NO_HITS,
        _make_participants(authors, "participant_name", sure),
        _make_surnames(found.filter(~is_author, "is_named")),
        given_names,
        _make_surnames(_find_again(texts, place, words, again)),
    ]


def _find_again(
    texts: pl.DataFrame, place: pl.DataFrame, words: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Return where the `names` of persons that were named in full stand again."""
    if names.is_empty():
        return names
    found = locate_named(texts, place, match_names(words, texts, place, names), names)
    return found.filter("is_named") if found.height else found


def _make_surnames(found: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons by a part of their name."""
    if found.is_empty():
        return NO_HITS
    id_ = pl.coalesce("author_id", pl.col("found").str.to_lowercase())
    name = pl.when(pl.col("author_id").is_null()).then("found").otherwise("author_name")
    return make_hits(found, "person", rule="person_surname", confidence=0.85, id=id_, name=name)


def _make_given(found: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of given names, with the surname or alone (`my son Emil`), except an author's own."""
    before, after = pl.col("before"), pl.col("after")
    surname = after.str.extract(_SURNAME, 1)
    last = surname.str.extract(r"(\S+)$", 1).str.replace(r"['’]s?$", "")
    is_whole = surname.str.contains(r"\p{Ll}['’]?s?$") & ~last.is_in(NOT_SURNAMES)
    is_clear = ~before.str.contains(r"[\p{L}\p{N}/@#_.-]$") | before.str.contains(
        r"[\p{L}\p{N}][.] $"
    )
    found = found.filter(pl.col("word").is_in(ANY_GIVEN)).with_columns(
        surname=pl.when(is_whole & is_clear).then(surname.str.replace(r"['’]s?$", ""))
    )
    found = found.filter(
        pl.col("surname").is_not_null() | (pl.col("is_alone") & pl.col("word").is_in(ONE_NAME))
    )
    if found.is_empty():
        return NO_HITS
    writing = people.join(
        found.select("thread_id", author_id="own_author_id").unique(),
        on=["thread_id", "author_id"],
        how="semi",
    )
    found = found.with_columns(
        fold(pl.col("word")),
        found=pl.concat_str("found", pl.col("surname").fill_null("")),
        end=(pl.col("end") + pl.col("surname").fill_null("").str.len_chars()).cast(pl.Int32),
    ).join(
        list_own_words(writing),
        left_on=["thread_id", "own_author_id", "word"],
        right_on=["thread_id", "author_id", "word"],
        how="left",
        maintain_order="left",
    )
    # `Sandra_with_Emil` may speak of Emil, but not of Sandra, and signs with either.
    is_own = pl.col("is_first").is_not_null() & (
        pl.col("is_first") | pl.col("after").str.contains(r"^\W*$")
    )
    found = found.filter(~is_own | pl.col("surname").is_not_null())
    sure = pl.when(pl.col("surname").is_null()).then(0.8).otherwise(0.88)
    rule = (
        pl.when(pl.col("surname").is_null())
        .then(pl.lit("person_given"))
        .otherwise(pl.lit("person_name"))
    )
    made = make_hits(found, "person", rule="person_given", confidence=sure)
    return made.with_columns(rule=found.select(rule).to_series()) if made.height else made


def _make_participants(found: pl.DataFrame, rule: str, confidence: pl.Expr | float) -> pl.DataFrame:
    made = make_hits(
        found,
        "participant",
        rule=rule,
        confidence=confidence,
        id=pl.col("author_id"),
        name=pl.col("author_name"),
    )
    return made.with_columns(target_author_id="id")


def _find_by_title(texts: pl.DataFrame, place: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of titles with a name or initial (`Prof G`) that fit the host or a single author."""
    if people.is_empty():
        return NO_HITS
    found = find_spans(texts, rf"{TITLE}\.? {NAME_PART}|{_TITLED_INITIAL}", is_whole_word())
    if found.is_empty():
        return NO_HITS
    word = pl.col("found").str.extract(r"(\S+)$", 1).str.replace(r"^(?:Prof|Dr)(\p{Lu})$", "$1")
    found = found.with_columns(word=fold(normalize(word.str.strip_chars(".")))).join(
        place, on="row", maintain_order="left"
    )
    # Nicknames have no initials.
    signing = people.filter(
        pl.col("is_host") | (pl.col("written").str.contains(r"^\p{Lu}") & ~pl.col("is_unlike"))
    )
    first, last = pl.col("first"), pl.col("last")
    parts = pl.concat(
        [
            frame.select("thread_id", "author_id", "author_name", "is_host", word=part)
            for frame, part in (
                (people, first),
                (people, last),
                (signing, first.str.slice(0, 1)),
                (signing, last.str.slice(0, 1)),
            )
        ]
    ).unique(["thread_id", "author_id", "word"], maintain_order=True)
    single = pl.len().over("thread_id", "word") == 1
    hosts = pl.col("is_host").sum().over("thread_id", "word") == 1
    parts = parts.filter(single | (hosts & pl.col("is_host")))
    found = found.join(parts, on=["thread_id", "word"], maintain_order="left").filter(
        pl.col("own_author_id").ne_missing(pl.col("author_id"))
    )
    return _make_participants(found, "participant_title", 0.93)


def _find_named_users(
    texts: pl.DataFrame, place: pl.DataFrame, people: pl.DataFrame
) -> pl.DataFrame:
    """Return the hits of `u/name`: an author of the thread, or somebody else."""
    found = find_spans(
        pl.concat(
            [keep_signs(texts, "users"), texts.filter(pl.col("masked").str.starts_with("u/"))]
        ).unique("row", maintain_order=True),
        r"/?u/[A-Za-z0-9_-]{3,}",
        pl.col("before").str.contains(r"(?:^|[^\p{L}\p{N}_/.:-])$"),
        ~pl.col("after").str.contains(r"^[/\p{L}\p{N}]"),
    )
    if found.is_empty():
        return NO_HITS
    name = pl.col("found").str.replace("^/?u/", "")
    known = people.select("thread_id", "author_id", "author_name", user="whole").unique(
        ["thread_id", "user"], maintain_order=True
    )
    found = (
        found.with_columns(name=name, user=fold(name))
        .join(place, on="row", maintain_order="left")
        .join(known, on=["thread_id", "user"], how="left", maintain_order="left")
        .filter(
            pl.col("own_author_id").ne_missing(pl.col("author_id")) | pl.col("author_id").is_null()
        )
    )
    authors = found.filter(pl.col("author_id").is_not_null())
    others = found.filter(pl.col("author_id").is_null())
    return concat_hits(
        [
            _make_participants(authors, "participant_user", 0.97) if authors.height else NO_HITS,
            make_hits(
                others,
                "person",
                rule="person_user",
                confidence=0.85,
                id=pl.col("user"),
                name=pl.col("name"),
            ),
        ]
    )


def resolve_handles(
    found: pl.DataFrame, comments: pl.DataFrame, authors: pl.DataFrame
) -> pl.DataFrame:
    """Return the handles of `found`, with the author in `authors` they name if the thread has exactly one.

    Handles that look like code and name no author are left out.
    """
    if found.is_empty():
        return found
    place = comments.select("thread_id").with_row_index("row")
    mentioned = place.join(found.select("row"), on="row", how="semi").select("thread_id").unique()
    named = authors.join(mentioned, on="thread_id", how="semi")
    named = named.with_columns(fold(pl.col("author_name", "author_handle")))
    asked = found.select(handle=fold(pl.col("id"))).unique()
    name = pl.col("author_name")
    named_by = [pl.col("author_handle"), name, name.str.replace_all(" ", "")]
    known = (
        pl.concat([named.select("thread_id", "author_id", handle=name) for name in named_by])
        .join(asked, on="handle", how="semi")
        .unique(["thread_id", "author_id", "handle"])
        .filter(pl.len().over("thread_id", "handle") == 1)
    )
    return (
        found.drop("target_author_id")
        .join(place, on="row", how="left", maintain_order="left")
        .with_columns(handle=fold(pl.col("id")))
        .join(known, on=["thread_id", "handle"], how="left", maintain_order="left")
        .with_columns(
            target_author_id="author_id",
            confidence=pl.when(pl.col("author_id").is_not_null())
            .then(0.99)
            .otherwise("confidence"),
        )
        .filter(pl.col("confidence") > DOUBTFUL)
        .select(found.columns)
    )


def add_answered_comments(found: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions `found`, with the comment that a name at the start of a comment answers.

    Where a branch has two levels, the source attaches every reply to its top comment. If a reply opens
    with somebody's name, the target is an earlier comment by that person in the branch: the latest one
    after an address (`ADDRESS`), else the only one. For how often that is right see
    `threadmill.measure.replies.two_levels`.
    """
    key = ["comment_id", "start_char", "end_char", "kind"]
    named = found.filter(
        pl.col("kind").is_in(["handle", "participant"]), pl.col("target_author_id").is_not_null()
    )
    if named.is_empty():
        return found
    capped = comments.filter(pl.col("parent_status") == "explicit", pl.col("depth") == 1)
    opening = (
        named.select(*key, "target_author_id")
        .join(capped.select("comment_id", "root_comment_id", "position", "text"), on="comment_id")
        .with_columns(address=pl.col("text").str.extract(f"({ADDRESS})").str.len_chars())
        .filter(pl.col("start_char") <= pl.max_horizontal("address", 1))
        .sort("position")
    )
    earlier = (
        comments.join(opening.select("root_comment_id").unique(), on="root_comment_id", how="semi")
        .sort("position")
        .select(
            "root_comment_id",
            "position",
            target_author_id="author_id",
            target="comment_id",
            is_first=pl.struct("root_comment_id", "author_id").is_first_distinct(),
        )
    )
    targets = opening.join_asof(
        earlier,
        on="position",
        by=["root_comment_id", "target_author_id"],
        allow_exact_matches=False,
        check_sortedness=False,
    ).filter(pl.col("address").is_not_null() | pl.col("is_first"))
    return (
        found.join(targets.select(*key, "target"), on=key, how="left", maintain_order="left")
        .with_columns(target_comment_id=pl.coalesce("target_comment_id", "target"))
        .drop("target")
    )
