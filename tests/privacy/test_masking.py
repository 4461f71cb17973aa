"""Masking: what names or leads to a person is gone, all else stays where it was, and how much is found is printed."""

import re
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CHECKOUT

from threadmill import mentions
from threadmill.mentions.rules import people
from threadmill.privacy import masking
from threadmill.privacy.addresses import leads_to_person
from threadmill.privacy.masking import BOX

LABELLED = CHECKOUT / "tests" / "privacy" / "masking.txt"
MARK = re.compile(r"⟦(\w+):([^⟧]*)⟧|⟨([^⟩]*)⟩")


def read_labelled():
    """Return the labelled comments as rows, and per comment its marked places: kind, start, end."""
    rows, places = [], []
    thread = platform = author = handle = None
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
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


@pytest.fixture(scope="module")
def labelled(packs):
    """The labelled comments, their places, and the places that are masked."""
    comments, places = read_labelled()
    found = mentions.find_mentions(comments, packs).mentions
    rows = comments.select("comment_id").with_row_index("row")
    found = found.join(rows, on="comment_id", maintain_order="left")
    texts = comments.select("thread_id", "text").with_row_index("row")
    named = masking.list_named(texts, found)
    words = masking.list_words(people.list_authors(comments), named)
    return texts, places, masking.find_people(texts, found, masking.find_words(texts, words))


def cover(spans, row, start, end):
    """Return how much of a place is masked, as a share."""
    own = spans.filter(pl.col("row") == row).select("start", "end").rows()
    return sum(max(0, min(end, e) - max(start, s)) for s, e in own) / (end - start)


LEAST = {"full": 1.0, "given": 0.9, "handle": 1.0, "email": 1.0, "phone": 1.0, "profile": 1.0,
         "third": 0.9}  # fmt: skip
"""What share of each kind of place must be masked wholly. Of nicknames that no rule knows none is."""


def test_what_is_masked_of_the_labelled_comments(labelled, capsys):
    texts, places, spans = labelled
    told = {}
    for row, marked in enumerate(places):
        for kind, start, end in marked:
            words = texts["text"][row][start:end]
            told.setdefault(kind, []).append((words, cover(spans, row, start, end)))
    with capsys.disabled():
        sys.stdout.write("\n")
        for kind, found in told.items():
            done = sum(share == 1 for _, share in found)
            wrong = [words for words, share in found if (share > 0) == (kind == "stays")]
            wrong += [words for words, share in found if kind != "stays" and share < 1]
            wrong = (
                wrong
                if kind == "stays"
                else wrong[-(len(found) - done) :]
                if done < len(found)
                else []
            )
            sys.stdout.write(
                f"masked of {kind}: {done} of {len(found)}; wrong: {', '.join(wrong)}\n"
            )
    for kind, least in LEAST.items():
        assert sum(share == 1 for _, share in told[kind]) / len(told[kind]) >= least
    assert sum(share > 0 for _, share in told["stays"]) <= 2


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
