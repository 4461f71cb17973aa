"""Quantities and references: what is one, and what only looks like one."""

import polars as pl
import pytest
from support.mention_threads import found_in, thread

from threadmill.mentions.rules.references import find_long_form


def of_kind(kind, text):
    return found_in(thread(text)).filter(pl.col("kind") == kind)["surface"].to_list()


@pytest.mark.parametrize(
    ("kind", "text", "surfaces"),
    [
        ("age", "aged 17, I’m 65. She was 47 at diagnosis", ["aged 17", "I’m 65", "47 at diagnosis"]),
        ("age", "a 30 year old with a 2-year-old in her early 50s", ["30 year old", "2-year-old", "early 50s"]),
        ("age", "The ages of both patients were 45.", ["45"]),
        ("age", "me 34f, him (36m), my grandma (88), a run of 36m, he is 31M", ["34f", "36m", "88", "31M"]),
        ("age", "When I was like 8 or 9, she was 12 at the time.", ["I was like 8 or 9", "she was 12"]),
        ("age", "He's pushing 60. He's pushing 60 mph.", ["He's pushing 60"]),
        ("age", "My youngest is 31. The price is 31.", ["31"]),
        ("age", "Dr. Lopez is 80 and works. The port is 80 and open.", ["80"]),
        ("age", "I was four when he was six. There were four.", ["I was four", "he was six"]),
        ("age", "My daughter, 9, has it. On line 4, 9, and 12.", ["9"]),
        ("age", "She must be 80 now. He'd have been 17 or 18.", ["80", "17 or 18"]),
        ("age", "Symptoms began after 30. I gave up after 30.", ["30"]),
        ("age", "diagnosed at 14 months, came over at 9, the shop opens at 9", ["14 months", "at 9"]),
        ("age", "kids 8, 6 and 14 months", ["8", "6", "14 months"]),
        ("age", "Mi padre murió a los 58. Ma fille a 12 ans, il y a 12 ans.", ["58", "12 ans"]),
        ("date", "Friday the 17th or by the 3rd, on the 4th floor", ["Friday the 17th", "the 3rd"]),
        ("date", "our 1911 house, a 1974 ranch, 2000 rpm, in March of 2020", ["1911", "1974", "March of 2020"]),
        ("date", "the October issue, last Christmas, Christmas cards", ["October", "last Christmas"]),
        ("date", "in the spring, in the spring wave", ["spring"]),
        ("duration", "a day or two, 35ms, 12.5 s", ["a day or two", "35ms", "12.5 s"]),
        ("money", "The parameter is $1, the table is $2. I paid $3.", ["$3"]),
        ("url", "See sok.example.se, vale.es and org.libsdl.app", ["sok.example.se"]),
        ("org", "the University of Leeds, Bell Institute, a high school", ["University of Leeds", "Bell Institute"]),
        ("org", "my old university, a court of law", []),
        ("law", "Ames v. Bell, 17 USC 302, § 4-117(b)", ["Ames v. Bell", "17 USC 302", "§ 4-117(b)"]),
        ("law", "Khabib v Conor, Ferguson v. Pettis was a fight", []),
        ("law", "the Fair Words Act 1977, an act of 1977", ["Fair Words Act 1977"]),
        ("duration", "7 long years, six straight months", ["7 long years", "six straight months"]),
        ("duration", "an entire week, the last couple years", ["an entire week", "last couple years"]),
        ("duration", "2 and a half years in an eight hour shift, 6mo", ["2 and a half years", "eight hour", "6mo"]),
        ("duration", "One day, a long day, one night, on a minute", []),
        ("date", "A couple months ago, a few more weeks later", ["A couple months ago", "a few more weeks later"]),
        ("date", "Since the 90s, born in '87, again in Oct '21", ["90s", "'87", "Oct '21"]),
        ("date", "Temperatures in the 90s, all in '90s style, size '87", []),
        ("money", "Rent is £900pcm, and I net 60k; others earn 10-15k, £900px", ["£900", "60k", "10-15k"]),
        ("date", "On part en juillet, sans doute le 14 juin 2020", ["juillet", "14 juin 2020"]),
        ("age", "in the late 90s", []),
        ("date", "in the late 90s", ["late 90s"]),
        ("age", "died at 45, diagnosed at 63.", ["at 45", "at 63"]),
        ("age", "I am 20 minutes late at 40 mph, at 12:30, at 50%", []),
        ("age", "page 12, I was 90% sure, it is 45 km", []),
        ("date", "in 1987, since 2001 and 3 May 2020", ["1987", "2001", "3 May 2020"]),
        ("date", "2025 Aug 30, 2020-01-02, March 2021", ["2025 Aug 30", "2020-01-02", "March 2021"]),
        ("date", "nearly 2.5 years ago, several years ago", ["nearly 2.5 years ago", "several years ago"]),
        ("date", "1920x1080 at 2000 rpm costs $1999", []),
        ("duration", "for 40 years, a year, another 5-7 years", ["40 years", "a year", "another 5-7 years"]),
        ("duration", "once a year, twice a month", []),
        ("percentage", "10% or 2,5 % or 90 percent", ["10%", "2,5 %", "90 percent"]),
        ("percentage", "%20 and 100%d", []),
        ("money", "£500, $1.5 million and 20 euros", ["£500", "$1.5 million", "20 euros"]),
        ("trial_phase", "phase 2, 3 and 4 or Phase IIb", ["phase 2, 3 and 4", "Phase IIb"]),
        ("figure_ref", "Figure 1, supplemental table one, Fig. 2b", ["Figure 1", "supplemental table one", "Fig. 2b"]),
        ("study_subject", "patient 5, Patient-1, patient one", ["patient 5", "Patient-1", "patient one"]),
        ("study_subject", "patient 50% of the time", []),
        ("abbreviation", "the expanded disability status scale (EDSS)", ["expanded disability status scale (EDSS)"]),
        ("abbreviation", "glandular fever (EBV)", []),
    ],
)  # fmt: skip
def test_a_rule_finds_what_it_should_and_no_more(kind, text, surfaces):
    assert of_kind(kind, text) == surfaces


def test_ids_compare():
    text = "three months, 15 years ago, 40 years later, aged 17, 2025 Aug 30"
    assert found_in(thread(text))["canonical_id"].to_list() == [
        "duration:P3M",
        "date:-P15Y",
        "date:P40Y",
        "age:17",
        "date:2025-08-30",
    ]


CITED = (
    "Chan CH, Yang X, Yu Y. Targeting something in a disease: A review. Mol Ther Oncol. "
    "2025 Aug 30;33(4):201044. doi: 10.1016/j.omton.2025.201044. PMID: 41018974; PMCID: PMC12466123."
)


def test_a_citation_holds_its_authors_journal_and_numbers():
    mentions = found_in(thread(f"Yes.\n\n{CITED}\n\nIt helps"))
    assert mentions.select("kind", "surface").rows() == [
        ("person", "Chan CH"),
        ("citation", CITED),
        ("person", "Yang X"),
        ("person", "Yu Y"),
        ("journal", "Mol Ther Oncol"),
        ("date", "2025 Aug 30"),
        ("doi", "10.1016/j.omton.2025.201044"),
        ("pmid", "PMID: 41018974"),
        ("pmcid", "PMC12466123"),
    ]
    assert mentions["canonical_id"][1] == "citation:doi:10.1016/j.omton.2025.201044"


@pytest.mark.parametrize(
    ("short", "before", "form"),
    [
        ("HMM", "we use a hidden Markov model ", "hidden Markov model"),
        ("PwMS", "as people with MS ", "people with MS"),
        ("XYZ", "nothing that fits here ", None),
    ],
)
def test_long_forms_are_those_of_schwartz_and_hearst(short, before, form):
    assert find_long_form(short, before) == form
