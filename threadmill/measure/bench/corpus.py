"""Generate invented threads from a seed, so that everyone measures the same bytes."""

import csv
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import zstandard

from threadmill import paths

SEED = 20_261_122
THREADS_PER_FOLDER = 1_000
SENTENCES = 20_000
NAMES = 6_000
SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve vi".split()  # noqa: E501, SIM905
SMALL_WORDS = "the of and to a in that is it for was on are as with they be at this have from or one had by but not what all were we when your can said there use an each which she do how their if will".split()  # noqa: E501, SIM905
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


class Comment(NamedTuple):
    """An invented comment."""

    author: str
    created: str | None
    is_edited: bool
    is_liked: bool
    likes: int
    text: str


class Thread(NamedTuple):
    """An invented thread, its comments in display order."""

    host: str
    comments: list[Comment]


def make_threads(seed: int = SEED) -> Iterator[Thread]:
    """Yield invented threads without end; equal seeds give equal threads.

    A thread has 40 to 100 comments by a third as many people, of whom some write often; one sentence in eleven
    mentions someone or something, and one in forty uses a term of the vocabulary packs.
    """
    dice = random.Random(seed)  # noqa: S311 # not a secret
    drawn = make_words(dice)
    sentences = [_make_sentence(dice, drawn) for _ in range(SENTENCES)]
    names = [
        f"{dice.choice(drawn).capitalize()} {dice.choice(drawn).capitalize()}" for _ in range(NAMES)
    ]
    terms = _read_terms()
    while True:
        size = dice.randint(40, 100)
        people = dice.sample(names, max(8, size // 3))
        comments = []
        for _ in range(size):
            author = people[int(len(people) * dice.random() ** 2)]
            day = f"{dice.choice(MONTHS)} {dice.randint(1, 28)}" if dice.random() < 0.35 else None
            comments.append(
                Comment(
                    author,
                    day,
                    day is not None and dice.random() < 0.1,
                    day is not None and dice.random() < 0.2,
                    int(dice.expovariate(0.5)),
                    _make_text(dice, sentences, people, terms),
                )
            )
        yield Thread(people[0], comments)


def make_words(dice: random.Random) -> list[str]:
    """Return words, repeated so that random choices have roughly Zipf's frequencies."""
    kinds = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(4_000)]
    return SMALL_WORDS * 60 + [
        word for rank, word in enumerate(kinds, 1) for _ in range(1 + 2_000 // rank)
    ]


def _make_sentence(dice: random.Random, words: list[str]) -> str:
    size = max(3, min(32, int(dice.gauss(15, 6))))
    return " ".join(dice.choices(words, k=size)).capitalize() + dice.choice("....?!")


def _read_terms() -> list[str]:
    found = []
    for path in sorted(paths.vocabulary_folder().glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [row["term"] for row in csv.DictReader(file) if row.get("term")]
    return found or ["term"]


def make_terms(count: int, syllables: tuple[int, int] = (3, 5), seed: int = SEED) -> list[str]:
    """Return `count` random terms of one to three words; equal seeds give equal terms.

    Words of three `syllables` or more are rare in the texts; words of two to four are like those of the texts,
    and of 100,000 such terms one occurs every 25 characters.
    """
    dice = random.Random(seed)  # noqa: S311 # not a secret
    made: dict[str, None] = {}
    while len(made) < count:
        size = dice.randint(1, 3)
        words = ("".join(dice.choices(SYLLABLES, k=dice.randint(*syllables))) for _ in range(size))
        made[" ".join(words)] = None
    return list(made)


def _make_mention(dice: random.Random, people: list[str]) -> str:
    number = dice.randint(10_000, 999_999)
    return dice.choice(
        (
            dice.choice(people).split()[0] + ",",
            dice.choice(people),
            "@" + dice.choice(people).replace(" ", ""),
            f"https://www.example{number % 97}.org/article/{number}?id={number}",
            f"https://doi.org/10.{number % 8999 + 1000}/j.example.{number}",
            f"PMID: {number}",
            f"PMC{number}",
            f"mail{number}@example.com",
            f"#topic{number % 50}",
        )
    )


def _make_text(
    dice: random.Random, sentences: list[str], people: list[str], terms: list[str]
) -> str:
    paragraphs: list[list[str]] = [[]]
    for _ in range(min(1 + int(dice.expovariate(1 / 2.6)), 24)):
        sentence = dice.choice(sentences)
        if dice.random() < 0.09:
            sentence = f"{sentence[:-1]} {_make_mention(dice, people)}."
        if dice.random() < 0.025:
            sentence = f"{sentence[:-1]} {dice.choice(terms)}."
        paragraphs[-1].append(sentence)
        if dice.random() < 0.25:
            paragraphs.append([])
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


def make_avatar_page(thread: Thread) -> str:
    """Return `thread` as the text of a copied Substack page with avatar lines."""
    lines = [f"{2 * len(thread.comments)} Comments", "User's avatar"]
    for comment in thread.comments:
        lines.append(f"{comment.author}'s avatar")
        if comment.created:
            lines.append(comment.created + "Edited" * comment.is_edited)
        if comment.is_liked:
            lines.append(f"Liked by {thread.host}")
        lines += ["", comment.text, "", "Expand full comment"]
    return "\n".join(lines) + "\n"


def write(raw: Path, megabytes: float, page: Callable[[Thread], str] = make_avatar_page) -> int:
    """Write `megabytes` of pages below `raw`/substack, one thread a file; return how many comments."""
    size = comments = 0
    for number, thread in enumerate(make_threads()):
        text = page(thread).encode()
        folder = raw / "substack" / f"{number // THREADS_PER_FOLDER:04d}"
        if number % THREADS_PER_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"{number:07d}.txt").write_bytes(text)
        size += len(text)
        comments += len(thread.comments)
        if size >= megabytes * 1e6:
            return comments
    raise RuntimeError("threads never end")


FRAME_MB = 100
"""So much of a dump is packed in one frame."""


def write_packed_dump(raw: Path, megabytes: float) -> int:
    """Write a dump as `write_dump`, of `megabytes` unpacked, in zstd frames; return how many comments.

    All frames are the same: such a dump is for reading, not for a run.
    """
    comments = write_dump(raw, min(megabytes, FRAME_MB))
    plain = raw / "reddit" / "RC_bench.ndjson"
    window = zstandard.ZstdCompressionParameters(window_log=31)
    frame = zstandard.ZstdCompressor(compression_params=window).compress(plain.read_bytes())
    plain.unlink()
    count = max(1, round(megabytes / FRAME_MB))
    with (raw / "reddit" / "RC_bench.zst").open("wb") as file:
        for _ in range(count):
            file.write(frame)
    return comments * count


_FLAGS = "can_mod_post collapsed locked no_follow send_replies stickied archived is_submitter"
_NULLS = (
    "approved_at_utc associated_award author_flair_background_color author_flair_css_class author_flair_text "
    "banned_at_utc collapsed_reason distinguished mod_note mod_reason_by num_reports removal_reason report_reasons"
)
UNREAD = dict.fromkeys(_NULLS.split()) | dict.fromkeys(_FLAGS.split(), False)
"""What lines of a dump hold besides."""


def write_dump(raw: Path, megabytes: float) -> int:
    """Write a dump of `megabytes` below `raw`/reddit, a comment on each line; return how many comments.

    A line has the keys of a real dump's, most of which nobody reads: some 700 bytes around the words.
    """
    dice = random.Random(SEED)  # noqa: S311 # not a secret
    path = raw / "reddit" / "RC_bench.ndjson"
    path.parent.mkdir(parents=True)
    size = comments = 0
    with path.open("wb") as file:
        for number, thread in enumerate(make_threads()):
            for place, comment in enumerate(thread.comments):
                parent = dice.randrange(place) if place and dice.random() < 0.7 else None
                line = json.dumps(make_line(dice, number, place, parent, comment)).encode() + b"\n"
                file.write(line)
                size += len(line)
            comments += len(thread.comments)
            if size >= megabytes * 1e6:
                return comments
    raise RuntimeError("threads never end")


def make_line(
    dice: random.Random, thread: int, place: int, parent: int | None, comment: Comment
) -> dict[str, object]:
    """Return the line of a dump for the comment at `place` of a thread, which answers the one at `parent`."""
    own_id, link = f"c{thread:05x}{place:03x}", f"p{thread:05x}"
    above = f"t3_{link}" if parent is None else f"t1_c{thread:05x}{parent:03x}"
    at = 1_600_000_000 + thread * 500 + place * 60
    line = {
        "author": comment.author.replace(" ", "_"),
        "author_flair_richtext": [],
        "author_fullname": f"t2_{dice.randrange(10**9):x}",
        "body": comment.text,
        "controversiality": 0,
        "created_utc": at,
        "edited": at + 99 if comment.is_edited else False,
        "gildings": {},
        "id": own_id,
        "link_id": f"t3_{link}",
        "parent_id": above,
        "permalink": f"/r/bench/comments/{link}/a_thread/{own_id}/",
        "retrieved_on": at + 100_000,
        "score": comment.likes,
        "subreddit": "bench",
        "subreddit_id": "t5_bench",
        "total_awards_received": 0,
    }
    return UNREAD | line
