"""One account is one author, whatever format it came in by."""

import polars as pl
import pytest

from threadmill import sources
from threadmill.read.discover import Document
from threadmill.read.sidecars import Sidecar
from threadmill.schema.frames import DOCUMENT
from threadmill.sources import examples
from threadmill.threads import identify

NAMES = 'text = "words"\nauthor_name = "who"\n'


def identify_authors(platform, text, mapping=None):
    """Return names and ids of the authors in `text`."""
    path = f"{platform}/a.txt"
    row = (path, platform, text, 1, mapping, mapping and False, None)
    parsed = sources.parse(pl.DataFrame([row], schema=DOCUMENT, orient="row"))
    known = identify.collect_facts([(Document(path, platform, 1, "", "", ""), Sidecar())])
    rows = identify.identify_rows(parsed, known).comments
    return dict(rows.select("author_name", "author_id").drop_nulls().rows())


def list_examples(*platforms):
    texts = {name: examples.read_example(file) for name, file in examples.list_examples().items()}
    homes = {name: sources.find_platform(text) for name, text in texts.items()}
    return [(home, texts[name]) for name, home in sorted(homes.items()) if home in platforms]


@pytest.mark.parametrize(("platform", "text"), list_examples(*identify.NAMED_PLATFORMS))
def test_a_table_of_names_has_the_ids_of_every_format(platform, text):
    given = identify_authors(platform, text)
    table = "who,words\n" + "".join(f"{name},Hello\n" for name in given)
    assert identify_authors(platform, table, NAMES) == given


@pytest.mark.parametrize("name", ["ann_b", "u/ann_b", "/u/ann_b", "@ann_b", " ann_b "])
def test_an_account_is_known_however_it_is_written(name):
    ids = identify_authors("reddit", f"who,words\n{name},Hello\n", NAMES)
    assert set(ids.values()) == {"reddit:ann_b"}


def test_an_accounts_number_gives_way_to_its_name():
    mapping = f'{NAMES}author_id = "number"\n'
    rows = "who,number,words\nann,t2_5x,Hello\n,t2_5y,Hello\n"
    ids = identify_authors("reddit", rows, mapping)
    assert ids == {"ann": "reddit:ann", "t2_5y": "reddit:t2_5y"}


def test_a_name_that_is_no_account_stays_a_name():
    mapping = f'{NAMES}author_scope = "thread"\n'
    table = "who,words\nann,Hello\n"
    assert identify_authors("reddit", table, mapping)["ann"] != "reddit:ann"
    assert identify_authors("reddit", "who,words\nAnn Bee,Hello\n", NAMES) != {
        "Ann Bee": "reddit:Ann Bee"
    }


def test_both_forms_of_discourse_agree():
    (_, first), (_, second) = list_examples("discourse")
    assert identify_authors("discourse", first) == identify_authors("discourse", second)


def test_an_id_of_a_site_means_one_person_in_all_its_threads():
    row = '<row Id="{0}" PostId="{0}" UserId="7" Text="Thanks a lot!" CreationDate="2020-01-01T00:00:00" />'
    text = f"<?xml version='1.0'?>\n<comments>\n{row.format(1)}\n{row.format(2)}\n</comments>\n"
    assert identify_authors("stackexchange", text) == {"7": "stackexchange:a/7"}
