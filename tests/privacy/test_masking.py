"""Masking: what names or leads to a person is gone, all else stays where it was, and how much is found is printed."""

import itertools
import re
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CHECKOUT

from threadmill import mentions
from threadmill.mentions.rules import people
from threadmill.privacy import calls, masking
from threadmill.privacy.addresses import leads_to_person
from threadmill.privacy.masking import BOX

FOLDER = CHECKOUT / "tests" / "privacy"
MARK = re.compile(r"⟦(\w+):([^⟧]*)⟧|⟨([^⟩]*)⟩")


def read_labelled(name="masking.txt"):
    """Return the labelled comments of a file as rows, and per comment its marked places: kind, start, end."""
    rows, places = [], []
    thread = platform = author = handle = None
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            platform = line[3:]
            thread = f"{platform}:{len(rows)}"
        elif line.startswith("@ "):
            author, _, handle = line[2:].partition(" #")
        elif thread and line:
            text, marked, end = "", [], 0
            for found in MARK.finditer(line):
                text += line[end : found.start()]
                words = found[2] if found[1] else found[3]
                marked.append((found[1] or "stays", len(text), len(text) + len(words)))
                text += words
                end = found.end()
            text += line[end:]
            rows.append((thread, platform, len(rows), author, handle or None, text))
            places.append(marked)
    columns = ["thread_id", "platform", "position", "author_name", "author_handle", "text"]
    comments = pl.DataFrame(rows, columns, orient="row").with_columns(
        comment_id=pl.format("c{}", "position"),
        author_id=pl.format("{}:{}", "thread_id", "author_name"),
        is_host=pl.lit(None, pl.Boolean),
        position=pl.col("position").cast(pl.Int32),
    )
    return comments, places


@pytest.fixture(scope="module")
def packs():
    return mentions.read_packs(CHECKOUT / "data" / "vocabulary")


def mask(packs, comments):
    """Return the texts and where people are masked in them."""
    found = mentions.find_mentions(comments, packs).mentions
    rows = comments.select("comment_id").with_row_index("row")
    found = found.join(rows, on="comment_id", maintain_order="left")
    texts = comments.select("thread_id", "text").with_row_index("row")
    authors = people.list_authors(comments)
    called = calls.find_called(texts, authors)
    words = masking.list_words(authors, masking.list_named(texts, found, called))
    return texts, masking.find_people(texts, found, masking.find_words(texts, words), called)


def cover(spans, row, start, end):
    """Return how much of a place is masked, as a share."""
    own = spans.filter(pl.col("row") == row).select("start", "end").rows()
    return sum(max(0, min(end, e) - max(start, s)) for s, e in own) / (end - start)


LEAST = {
    "masking.txt": {"full": 1.0, "given": 0.9, "handle": 1.0, "email": 1.0, "phone": 1.0, "profile": 1.0,
                    "third": 0.9},
    "masking_stranger.txt": {"full": 0.95, "given": 0.9, "call": 0.8, "nick": 0.8, "handle": 0.95,
                             "email": 1.0, "phone": 1.0},
    "masking_fresh.txt": {"call": 0.8},
}  # fmt: skip
"""What share of each kind of place must be masked wholly, by file."""
MOST_STAYING = {"masking.txt": 2, "masking_stranger.txt": 1, "masking_fresh.txt": 0}
"""How many places that should stay may be touched."""


@pytest.mark.parametrize("name", LEAST)
def test_what_is_masked_of_labelled_comments(name, packs, capsys):
    comments, places = read_labelled(name)
    texts, spans = mask(packs, comments)
    told = {}
    for row, marked in enumerate(places):
        for kind, start, end in marked:
            words = texts["text"][row][start:end]
            told.setdefault(kind, []).append((words, cover(spans, row, start, end)))
    with capsys.disabled():
        sys.stdout.write(f"\n{name}\n")
        for kind, found in told.items():
            done = sum(share == 1 for _, share in found)
            is_wrong = [share > 0 if kind == "stays" else share < 1 for _, share in found]
            wrong = itertools.compress([words for words, _ in found], is_wrong)
            sys.stdout.write(
                f"masked of {kind}: {done} of {len(found)}; wrong: {', '.join(wrong)}\n"
            )
    for kind, least in LEAST[name].items():
        assert sum(share == 1 for _, share in told[kind]) / len(told[kind]) >= least
    assert sum(share > 0 for _, share in told["stays"]) <= MOST_STAYING[name]


CALLS = [
    ("Thanks Doc, that helped.", "Doc"),
    ("Al, you said so.", "Al"),
    ("So it goes, moth!", "moth"),
    ("Grüße an Nadi und alle anderen.", "Nadi"),
    ("Thanks Zebulon!", "Zebulon"),
]
NO_CALLS = [
    "Thanks everyone!",
    "Nadir, they call it.",
    "So, what now?",
    "Sadly, no.",
    "Thanks. Moths are insects.",
    "Hallo zusammen!",
    "I moved to Paris, France.",
]


def find_called(text):
    names = [
        "Alistair Prendergast",
        "Nadine Buchholz",
        "quilted_moth",
        "Sade Okoro",
        "Soledad Ruiz",
    ]
    authors = pl.DataFrame({"author_name": names}).with_columns(
        thread_id=pl.lit("t"), author_id="author_name", author_handle=pl.lit(None, pl.String),
        is_host=pl.lit(None, pl.Boolean),
    )  # fmt: skip
    texts = pl.DataFrame({"thread_id": ["t"], "text": [text]}).with_row_index("row")
    return calls.find_called(texts, authors)["word"].to_list()


@pytest.mark.parametrize(("text", "word"), CALLS)
def test_who_is_spoken_to_is_found(text, word):
    assert find_called(text) == [word]


@pytest.mark.parametrize("text", NO_CALLS)
def test_what_only_looks_like_a_call_stays(text):
    assert find_called(text) == []


LEADS = [
    "https://substack.com/@ingridsolheim",
    "https://www.instagram.com/sunniva.dahl.foto/",
    "https://github.com/gvasilenko",
    "https://www.reddit.com/user/mx_tangerine",
    "https://www.reddit.com/r/x/comments/abc/title/def123/",
    "https://twitter.com/pnakamurareyes/status/1",
    "https://mastodon.example/@percival",
    "facebook.com/dave",
    "https://example.substack.com/p/post/comment/123456",
    "https://jane.tumblr.com",
    "https://forum.example/members/jane.12/",
    "https://site.example/?author=12",
    "https://en.wikipedia.org/wiki/User:Jane",
]
STAYS = [
    "https://doi.org/10.1000/xyz.2018.0042",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC0000001/",
    "https://github.com/example/widget/blob/main/CHANGELOG.md",
    "https://www.youtube.com/watch?v=abc123def45",
    "https://www.reddit.com/r/x/comments/abc/title/",
    "https://netflix.com/title/1",
    "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001",
    "https://example.substack.com/p/a-post",
    "https://www.thelancet.com/journals/laneur/article/PIIS1474-4422(17)30470-2/fulltext#seccestitle10",
    "https://www.who.int/news/item/12",
]


def test_addresses_lead_to_a_person_or_not():
    addresses = pl.DataFrame({"address": LEADS + STAYS})
    leads = addresses.filter(leads_to_person(pl.col("address")))["address"].to_list()
    assert leads == LEADS


SPAN = st.tuples(st.integers(0, 12), st.integers(1, 5))


@given(
    st.lists(st.text("abcdefé", min_size=18, max_size=18), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), SPAN), max_size=6),
    st.lists(st.tuples(st.integers(0, 2), SPAN), min_size=1, max_size=6),
)
@settings(max_examples=25, deadline=None)
def test_places_are_where_their_words_went(texts, masked, asked):
    """Against a second way to do it: letter by letter."""
    rows = pl.DataFrame({"row": range(len(texts)), "text": texts}).cast({"row": pl.UInt32})

    def frame(places, start, end):
        own = [(row, at, at + size) for row, (at, size) in places if row < len(texts)]
        columns = {"row": pl.UInt32, start: pl.Int32, end: pl.Int32}
        return pl.DataFrame(own, columns, orient="row")

    spans = masking.merge(frame(masked, "start", "end"))
    places = frame(asked, "start_char", "end_char")
    after = masking.replace(rows, spans)
    moved = masking.shift(places, spans)
    for (row, start, end), (new, stop, covered, touched) in zip(
        places.rows(), moved.rows(), strict=True
    ):
        hidden = [(s, e) for r, s, e in spans.rows() if r == row]
        first = next((s for s, e in hidden if s <= start < e), start)
        last = next((e for s, e in hidden if s < end <= e), end)
        expected, at = "", first
        while at < last:
            ends = [e for s, e in hidden if s == at]
            expected += BOX if ends else texts[row][at]
            at = ends[0] if ends else at + 1
        assert after[row][new:stop] == expected
        assert covered == any(s <= start and end <= e for s, e in hidden)
        assert touched == any(s < end and start < e for s, e in hidden)


def test_authors_of_what_is_cited_stay(packs):
    text = "Lassmann H, van Horssen J, Mahad D. Progressive disease. Nat Rev Neurol. 2012;8:647."
    comments = read_labelled()[0].head(1).with_columns(text=pl.lit(text))
    found = mentions.find_mentions(comments, packs).mentions
    assert set(found["kind"]) >= {"citation"}
    assert not masking.is_masked(found).any()
