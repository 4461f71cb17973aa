"""Who is named, addressed and quoted."""

import polars as pl
import pytest
from support.mention_threads import found_in, thread


def participants(*texts, authors, hosts=()):
    found = found_in(thread(*texts, authors=authors, hosts=hosts)).filter(kind="participant")
    return found.select("comment_id", "surface", "target_author_id").rows()


@pytest.mark.parametrize(
    "text",
    [
        "Thanks Ann, yes",
        "Hi Ann!",
        "Ann, no",
        "Well said, Ann.",
        "Ann’s comment is right",
        "as Ann said, no",
    ],
)
def test_a_first_name_counts_where_the_text_calls_or_quotes_the_person(text):
    assert participants("x", text, authors=["Ann Lee", "Bob"]) == [("1", "Ann", "id:Ann Lee")]


def test_a_first_name_of_two_authors_is_nobody():
    assert participants("x", "Hi Ann!", "y", authors=["Ann Lee", "Bob", "Ann Poe"]) == []


@pytest.mark.parametrize(
    ("author", "text", "surface"),
    [
        ("hnguyen", "hnguyen ouch. How?", "hnguyen"),
        ("Becca", "Becca yes, mine too", "Becca"),
        ("Nurse Jackie", "Done! Thanks so much Jackie xx", "Jackie"),
        ("Sister Agnes M.", "Thank you Sister Agnes!", "Sister Agnes"),
        ("Chen Yu-Ting", "there is hope, Yu-Ting.", "Yu-Ting"),
        ("Ifeoma Nwosu", "See you. Ifeoma and I speak there.", "Ifeoma"),
        ("marge_in_charge", "seconding marge, and more", "marge"),
        ("DocketWatcher", "what DocketWatcher said holds", "DocketWatcher"),
        ("old_tin_roof", "As u/old_tin_roof has it", "u/old_tin_roof"),
    ],
)
def test_somebody_is_called_without_a_comma_or_by_a_nickname(author, text, surface):
    found = participants("x", text, authors=[author, "Bob"])
    assert found == [("1", surface, f"id:{author}")]


@pytest.mark.parametrize(
    ("author", "text"),
    [
        ("Then_Again", "Then this is it"),
        ("ricecooker", "rice is good"),
        ("Plus", "Plus it is cheap"),
        ("lathandplaster", "Give my regards to Mrs. L. there"),
    ],
)
def test_a_word_that_begins_a_text_is_no_nickname(author, text):
    assert participants("x", text, authors=[author, "Bob"]) == []


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("My brother Duarte came. Tell Duarte hi.", ["Duarte", "Duarte"]),
        ("a woman named Hattie Brubaker. And Hattie: no", ["Hattie Brubaker", "Hattie"]),
        ("Dr. Lopez is in. Lopez got a prize.", ["Dr. Lopez", "Lopez"]),
        ("Desmond Zawadzki said so; Stack Overflow says no", ["Desmond Zawadzki"]),
        ("Ramos, Dayan and Chatenoud et al., 2023", ["Ramos", "Dayan", "Chatenoud"]),
        ("regards to Mrs. L. and the Victoria Theatre", ["Mrs. L."]),
    ],
)
def test_persons_are_named_by_what_is_said_of_them(text, surfaces):
    assert found_in(thread(text)).filter(kind="person")["surface"].to_list() == surfaces


def test_a_name_that_is_a_word_is_not_a_person():
    assert participants("x", "mark my words, I mark it", authors=["Mark", "Bob"]) == []


def test_nobody_mentions_themselves():
    assert participants("Ann Lee here", authors=["Ann Lee"]) == []


def test_a_title_with_an_initial_is_the_host_where_it_fits():
    named = participants(
        "x", "Thanks, Prof G", "y", authors=["Gus Go", "Bob", "Gil"], hosts=["Gus Go"]
    )
    assert named == [("1", "Prof G", "id:Gus Go")]


def test_a_title_with_an_initial_of_two_is_nobody():
    assert participants("x", "Thanks, Prof G", "y", authors=["Gus Go", "Bob", "Gil"]) == []


def test_others_are_persons_by_title_initials_or_given_name():
    text = "J K Rowling, Dr. Müller and Michelle Obama met Sir Keir Starmer"
    assert found_in(thread(text)).filter(kind="person")["surface"].to_list() == [
        "J K Rowling",
        "Dr. Müller",
        "Michelle Obama",
        "Sir Keir Starmer",
    ]


def quoted(*texts, authors=None):
    found = found_in(thread(*texts, authors=authors))
    kinds = pl.col("kind").is_in(["quote", "reported_speech", "scare_quote"])
    return (
        found.filter(kinds)
        .select("comment_id", "kind", "target_comment_id", "target_author_id")
        .rows()
    )


SAID = "I always thought that lost tissue was lost for good. Not so."


@pytest.mark.parametrize(
    "text",
    [
        '"I always thought that lost tissue was lost for good." Me too',
        "“I always thought that lost tissue … lost for good” me too",
        "> I always thought that lost tissue was lost for good.\n\nMe too",
        "«I always thought that lost tissue was lost for good»",
    ],
)
def test_words_of_an_earlier_comment_are_a_quote_of_it(text):
    assert quoted(SAID, text, authors=["Ann", "Bob"])[-1:] == [("1", "quote", "0", "id:Ann")]


def test_words_of_a_later_comment_are_not_a_quote():
    assert quoted(f'"{SAID}"', SAID) == [("0", "reported_speech", None, None)]


def test_a_quotation_under_its_authors_name_needs_no_marks():
    text = " Ann:\n\nI always thought that lost tissue\n\nYes, but no"
    assert quoted(SAID, text, authors=["Ann", "Bob"]) == [("1", "quote", "0", "id:Ann")]


def test_few_words_in_marks_are_scare_quotes_unless_somebody_says_them():
    assert [row[1] for row in quoted("the “miracle cure” failed and he said “not for me”")] == [
        "scare_quote",
        "reported_speech",
    ]


@pytest.mark.parametrize(
    "name", ["", " ", "\n", "-", "Dr ", "a\rb c", "x|y (z", "\ufdd0", "[", "Ann  Lee"]
)
def test_an_odd_name_is_no_obstacle(name):
    assert participants("hello", "Thanks Bob! [x|y", authors=["Bob", name])[:1] == [
        ("1", "Bob", "id:Bob")
    ]


@pytest.mark.parametrize(
    ("name", "other", "text"),
    [
        ("Ann Lee", "Ann Lee Poe", "as Ann Lee Poe said"),
        # Names that go on in lower case are looked for another way.
        ("Ann of Lee", "Ann of", "as Ann of Lee said"),
    ],
)
def test_a_name_of_another_thread_hides_nobody(name, other, text):
    here = thread("x", text, authors=[name, "Bob"], name="a")
    there = thread("x", text, authors=[other, "Bob"], name="b")
    both = found_in(pl.concat([here, there])).filter(kind="participant")
    assert both.select("thread_id", "surface").rows() == [("a", name), ("b", other)]


def test_all_names_of_a_long_roll_call_are_found():
    authors = [f"Ann{letter} Lee{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    text = "; ".join(authors) + ". " + "So it was and so it is. " * 300
    named = participants("x", *[""] * 25, text * 2, authors=[*authors, "Bob"])
    assert [surface for _, surface, _ in named] == authors * 2


def test_several_spaces_quoted_as_one_are_the_same_words():
    said = "I always  thought that lost tissue\n was lost for good."
    text = "Ann:\n\nI always thought that lost tissue was lost\n\nYes"
    assert quoted(said, text, authors=["Ann", "Bob"]) == [("1", "quote", "0", "id:Ann")]


def test_a_quotation_under_its_authors_name_may_be_changed_after_its_beginning():
    text = "Ann:\n\nI always thought that lost tissue was gone\n\nYes"
    assert quoted(SAID, text, authors=["Ann", "Bob"]) == [("1", "quote", "0", "id:Ann")]
