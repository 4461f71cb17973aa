"""Invented threads with something of everything that pages of Substack can hold, for `tests/reference`."""

import csv
import random
from datetime import UTC, datetime, timedelta
from itertools import islice

from support import CHECKOUT
from threadmill.measure.bench import corpus

VOCABULARY = CHECKOUT / "data" / "vocabulary"
THREADS = 18
MOST_COMMENTS = 60
TOPIC_TERMS = [
    row["term"]
    for row in csv.DictReader(
        (VOCABULARY / "neuro-ms" / "topics.csv").read_text(encoding="utf-8").splitlines()
    )
]
AUTHORS = (
    "Prof. Ines Vale", "bo", "Jürgen Müller", "Ann of", "Ann of Lee", "Max", "Mo", "MARA STONE", "Zoë D'Arc",
    "李 雷", "e", "Ines Vale-Roy",
)  # fmt: skip
DATES = (
    None, None, "Nov 17", "Dec 15, 2021", "Mar 3, 2024", "3d", "2w ago", "18 mar 2023", "2025-10-07", "Feb 29",
    "2025-10-07T00:43:00Z", "2025-10-08 10:05:30+02:00", "just now",
)  # fmt: skip
SENTENCES = (
    "See https://www.bbc.co.uk/news/a-1?x=1#top, www.example.org (https://doi.org/10.1016/S0140-6736(97)11096-0).",
    "It is at example.com/a/b or mail me@there.example.org; not asp.net.",
    "Read 10.1093/brain/awab123 and https://academic.oup.com/brain/article/doi/10.1093/brain/awab123/6277.full.pdf!",
    "PMID: 123456, pubmed/7654321, PMC 7654321, PMCID: PMC123456.",
    "arXiv:2101.00001v2 is better than arxiv.org/abs/hep-th/9901001.",
    "NCT01234567 and ISRCTN 12345678, EudraCT number 2010-123456-12.",
    "ISBN 978-0-306-40615-7 or ISBN-10: 0-306-40615-2, not ISBN 978-0-306-40615-8.",
    "Call +44 20 7946 0958 or (212) 555-0123 or 020 7946 0958, not 12345678.",
    "#MSawareness #fff #123 #include a#b, #Tag_2!",
    "@nobody_here said so, @param is code, @everyone too; x@y.",
    "Dr. Smith and Sir Keir Starmer met J. K. Rowling, Michelle Obama’s friend and Karl-Heinz Braun in U K Parliament.",
    "Smith JA, Jones B, Brown CD. A trial of things. Journal of Good Trials. 2010;12(3):45-67. PMID: 12345678.",
    "Smith et al. (2012) and Jones and Brown et al., 2014a agree. doi: 10.1000/xyz123.",
    "In phase II/III and phases 1 and 2 it failed; see figure 2b, Table S1 and fig one.",
    "Patient 4 and subject no. 12 left, case three did not; patient 5 years.",
    "The expanded disability status scale (EDSS) and magnetic resonance imaging (MRI) are known; nothing (XYZ).",
    "I am 45, my son is 17 and she turned 60. He was diagnosed at 32. Aged 70, over the age of 50.",
    "The age at onset was 29. In my thirties, in the late 90s, mid-40s, 12-year-old, 3 months old, 50 at diagnosis.",
    "For 3 months, about 2-3 weeks, a few years, half an hour, one day more, 20 minutes and several decades.",
    "Two years ago, 3 days later, a couple of weeks from now, last month, the day before yesterday, ages before.",
    "On 3 March 2020, March 2021, 2020-05-06, May 4th, 12/11/2019, the 1st of June, in 1995, since 2010, (2003).",
    "Until January and in the early 2000s, last Sept. 5, May be; it cost 2015 euros and 1998 people came.",
    "It took 20%, 5-10 per cent, 3.5 percent or 1,5 % of $1,200, €5 million, 50 bucks, half a million dollars, £3-4.",
    'She said "this is a thing of note to all of us" and a "miracle cure"; 5" is short, „so“ «nicht» “no way”.',
    "`code with 40% and @x` stays out.\n\n```\nint x = 1995; // Dr House\n```\n\n    indented 50%\n",
    "Thanks a lot! No thanks to them. Thank God. I was diagnosed with MS, in my experience it is hard.",
    "Does anyone know? I wonder if that helps. Really?! “Why?” Is it… (so)？ 真的吗？",
    "Ich weiß nicht, ob das wirklich so ist, aber es könnte doch sein, dass wir uns alle täuschen.",
    "Seit 2015 leben wir hier, vor 1998 war es anders; desde 2003 vivimos aquí.",
    "我爱中国，也爱多发性硬化症的研究。",
    "NASA and the WHO work with the ABCD-2 team; IMHO the Green River Group and New Foo Bar are NOT it. ÉCOLE Ünder",
    "THIS IS ALL SHOUTED AND VERY LOUD XYZQ.",
    "T cells, t-cells and T cell's B cells: don't, it's the dog's; EBV's the virus.",
    "Multiple sclerosis and Epstein-Barr virus, EBV and MS, in the United States, by Novartis and Pfizer.",
    "MS 12 and 3 MS, all SAD; US or us, IT or it.",
)  # fmt: skip


def write(raw):
    """Write the threads below `raw`, some with a sidecar."""
    folder = raw / "substack"
    folder.mkdir(parents=True)
    dice = random.Random(20_261_127)
    for number, thread in enumerate(islice(corpus.make_threads(), THREADS)):
        (folder / f"t{number:02d}.txt").write_text(_page(dice, number, thread), encoding="utf-8")
        said = ["captured_at = 2025-10-20T10:00:00Z"] if number % 3 else []
        if number % 4 == 3:
            said += [f'host = "{thread.host}"', 'publication = "The Quill"', 'title = "Tides"']
            said += ["published_at = 2025-10-01T08:00:00+02:00"]
        if said:
            (folder / f"t{number:02d}.toml").write_text("\n".join(said), encoding="utf-8")


def _page(dice, number, thread):
    is_answering = number % 6 == 1
    size = MOST_COMMENTS if is_answering else dice.choice((4, 12, MOST_COMMENTS))
    given = thread.comments[:size]
    people = [*dice.sample(AUTHORS, min(size, 7)), thread.host, given[0].author]
    own_word = "".join(dice.choices("bdfglmnprst", k=3)) + "ax"
    at = datetime(2025, 10, 2, 9, tzinfo=UTC)
    lines = [f"{2 * size} Comments", "User's avatar"]
    said = []
    for place, comment in enumerate(given):
        author = dice.choice(people) if dice.random() < 0.8 else comment.author
        if is_answering and place % 2 and dice.random() < 1 - (number - 1) / 40:
            author = thread.host
        at += timedelta(seconds=dice.choice((-600, 0, 60, 3_600, 90_000)))
        if number % 3 == 1:
            date = f"{at:%Y-%m-%dT%H:%M:%S}Z"
        else:
            date = dice.choice(DATES) if number % 3 == 2 or dice.random() < 0.2 else None
        lines.append(f"{author}'s avatar")
        if date:
            lines.append(date + "Edited" * (dice.random() < 0.2))
        if dice.random() < 0.3 and number % 5 < 3:
            lines.append(f"Liked by {thread.host}")
        text = _text(dice, comment, author, people, said, own_word)
        said.append((author, text))
        lines += ["", text, "", "Expand full comment"]
    end = ["Ready for more?"] if number % 2 else ["2 more comments...", "A card", "See all"]
    return "\n".join([*lines, *end]) + "\n"


def _text(dice, comment, author, people, said, own_word):
    parts = [comment.text] if dice.random() < 0.5 else []
    parts += dice.sample(SENTENCES, dice.randint(0, 4))
    parts += [f"It is {own_word} and {own_word}."] * (dice.random() < 0.6)
    parts.append(f"Of {' and '.join(dice.sample(TOPIC_TERMS, dice.randint(1, 4)))} we know.")
    named = dice.choice(people)
    first = named.split()[0]
    called = (
        f"Thanks {first}, I agree.", f"{named} said so.", f"@{named.replace(' ', '')} no.", f"as {first} wrote",
        "Thanks, Prof V. and Prof. Vale", f"Hi {first}!", f"so {named.lower()} it is",
    )  # fmt: skip
    parts.append(dice.choice(called))
    if said and dice.random() < 0.5:
        whom, words = dice.choice(said)
        sentence = max(words.replace("\n", " ").replace('"', "").split(". "), key=len)[:300]
        begun = " ".join(sentence.split()[:9])
        quoted = (
            f'You say "{sentence}", but no.', f"\n\n> {sentence}\n\nNo.", f"“{begun} and so on it went”",
            f"\n\n{whom}:\n{sentence}\n\nYes.", f"«{begun} … {' '.join(sentence.split()[-5:])}»",
        )  # fmt: skip
        parts.append(dice.choice(quoted))
    own = [words for who, words in said if who == author]
    if own and dice.random() < 0.1:
        return dice.choice(own) + " Once more."
    dice.shuffle(parts)
    return " ".join(parts).strip() or "x"
