"""Packs: what they may say, and where their terms are found."""

import pickle
from pathlib import Path

import polars as pl
import pytest
from support.mention_threads import SHIPPED, VOCABULARY, found_in, thread

from threadmill import paths
from threadmill.mentions import read_packs
from threadmill.mentions.packs import check_packs

KINDS = "kind,group,meaning\ndisease,vocabulary,Disease\nplace,vocabulary,Place\n"
MANIFEST = 'name = "mine"\nversion = "2"\nlicence = "CC0-1.0"\nlanguage = "en"\n'


@pytest.fixture
def vocabulary(tmp_path):
    def make(terms, manifest=MANIFEST):
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        (tmp_path / "kinds.csv").write_text(KINDS, encoding="utf8")
        (folder / "pack.toml").write_text(manifest, encoding="utf8")
        (folder / "terms.csv").write_text(terms, encoding="utf8")
        return read_packs(tmp_path)

    return make


@pytest.mark.parametrize(
    ("terms", "text", "surfaces"),
    [
        ("term,kind\ncart,disease", "a cart, carts, go-cart cart.", ["cart", "cart", "cart"]),
        ("term,kind\nálava,place", "ÁLAVA y Álava", ["ÁLAVA", "Álava"]),
        ("term,kind\nМосква,place", "МОСКВА, Москва и Москвач", ["МОСКВА", "Москва"]),
        ("term,kind\nΚόρινθος,place", "ΚΌΡΙΝΘΟΣ Κόρινθος", ["ΚΌΡΙΝΘΟΣ", "Κόρινθος"]),
        ("term,kind\nistanbul,place", "İİ İstanbul istanbul", ["İstanbul", "istanbul"]),
        ("term,kind\nدمشق,place", "من دمشق إلى", ["دمشق"]),
        ("term,kind\nירושלים,place", "אל ירושלים.", ["ירושלים"]),
        ("term,kind\nदिल्ली,place", "दिल्ली में", ["दिल्ली"]),
        ("term,kind\n東京,place", "私は東京に住む", ["東京"]),
        ("term,kind\nกรุงเทพ,place", "ไปกรุงเทพแล้ว", ["กรุงเทพ"]),
        ("term,kind\nбольница,place", "наша больницаx", []),
        ("term,kind\nbell's palsy,disease", "Bell’s palsy", ["Bell’s palsy"]),
        ("term,kind\nepstein-barr,disease", "Epstein‑Barr", ["Epstein‑Barr"]),
        ("term,kind,canonical,case\nCIS countries,place,,cs", "cis countries", []),
    ],
)
def test_terms_stand_alone_in_any_script_and_case(vocabulary, terms, text, surfaces):
    mentions = found_in(thread(text), vocabulary(terms)).filter(pl.col("pack") == "mine")
    assert mentions["surface"].to_list() == surfaces


def test_the_longest_term_counts_even_behind_one_that_only_seems_to_begin(vocabulary):
    pack = vocabulary("term,kind\ncar t,disease\nt cell,disease\nt cell lymphoma,disease\n")
    surfaces = found_in(thread("oscar t cell lymphoma car t"), pack)["surface"].to_list()
    assert surfaces == ["t cell lymphoma", "car t"]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("a deep vein thrombosis.", ["deep vein thrombosis"]),
        ("deep vein deep vein thromboses", ["deep vein", "deep vein"]),
        ("a vein-graft", ["vein-graft"]),
        ("a vein-grafted knee", ["vein"]),
        ("(deep vein), deep  vein", ["deep vein", "vein"]),
        ("vitamin b12, b12.5", ["vitamin b12", "b12"]),
        ("c++ and c+", ["c++"]),
        ("deep\nvein", ["deep\nvein"]),
        ("a vein of a vein", ["vein", "vein"]),
    ],
)
def test_the_longest_of_terms_one_inside_another_counts(vocabulary, text, surfaces):
    terms = ["deep vein", "deep vein thrombosis", "vein", "vein-graft", "vitamin b12", "b12", "c++"]
    pack = vocabulary("term,kind,gate\n" + "".join(f"{term},disease,none\n" for term in terms))
    assert found_in(thread(text), pack)["surface"].to_list() == surfaces


def test_a_long_text_without_spaces_is_searched_through(vocabulary):
    pack = vocabulary("term,kind\n多發性硬化,disease\n東京,place\n")
    mentions = found_in(thread("我的多發性硬化在東京" * 20_000), pack)
    assert mentions.height == 40_000
    assert mentions["surface"].to_list() == ["多發性硬化", "東京"] * 20_000


def test_a_gated_term_needs_an_unambiguous_one_in_its_thread(vocabulary):
    pack = vocabulary("term,kind,gate\nms,disease,thread\nmultiple sclerosis,disease,none\n")
    assert found_in(thread("it took MS"), pack).is_empty()
    told = found_in(thread("it took MS", "20 ms of multiple sclerosis"), pack)
    assert told.filter(kind="disease")["surface"].to_list() == ["MS", "multiple sclerosis"]


def test_short_terms_are_gated_where_the_file_has_no_gate(vocabulary):
    pack = vocabulary("term,kind\nms,disease\nmultiple sclerosis,disease\n")
    assert found_in(thread("my ms"), pack).is_empty()


def test_a_gate_with_a_topic_needs_a_term_of_that_topic():
    assert found_in(thread("a stroke in China")).filter(kind="disease").is_empty()
    told = found_in(thread("a stroke in China", "covid")).filter(kind="disease")
    assert told["surface"].to_list() == ["stroke", "covid"]


def test_a_pack_counts_only_on_its_platforms(vocabulary):
    manifest = MANIFEST + 'platforms = ["reddit"]\n'
    assert found_in(thread("cart"), vocabulary("term,kind\ncart,disease", manifest)).is_empty()


@pytest.mark.parametrize(
    ("limits", "is_here"),
    [
        ('publications = ["the-quill"]', True),
        ('publications = ["other", "the-quill"]\nplatforms = ["substack"]', True),
        ('publications = ["the-quill"]\nplatforms = ["reddit"]', False),
        ('publications = ["other"]', False),
        ('threads = ["t"]', True),
        ('threads = ["another"]', False),
    ],
)
def test_a_pack_counts_only_where_each_of_its_limits_fits(vocabulary, limits, is_here):
    pack = vocabulary("term,kind\ncart,disease", f"{MANIFEST}{limits}\n")
    quill = thread("a cart").with_columns(publication=pl.lit("the-quill"))
    assert found_in(quill, pack).is_empty() != is_here


def test_the_pack_of_the_sample_says_nothing_of_other_threads():
    texts = ("Epstein and MS: no vaccine, EBV or CAR-T", "multiple sclerosis and its DMTs")
    assert "neuro-ms" not in found_in(thread(*texts), SHIPPED)["pack"].to_list()
    sample = thread(*texts, name="substack:ms-lazarus-effect")
    assert "neuro-ms" in found_in(sample, SHIPPED)["pack"].to_list()


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("50 MG of it, a Lotus flower", []),
        ("an MG and a Tesla", ["MG", "Tesla"]),
        ("WHO SAID THAT? Nature calls. Labour is dear.", []),
        ("the WHO and the NHS on diabetes", ["WHO", "NHS", "diabetes"]),
        ("Polish the Turkey", []),
        ("from Turkey to Poland", ["Turkey", "Poland"]),
        ("The CNS, a GP and an EMA of nine days", []),
    ],
)
def test_everyday_words_and_short_forms_need_company_of_their_field(text, surfaces):
    found = found_in(thread(text), SHIPPED).filter(pl.col("pack") == "generic")
    assert found["surface"].to_list() == surfaces


def test_a_mention_names_pack_and_version(vocabulary):
    mentions = found_in(thread("a cart"), vocabulary("term,kind,canonical\ncart,disease,CAR-T"))
    assert mentions.select(
        "canonical_id", "canonical_name", "rule", "pack", "pack_version"
    ).rows() == [("disease:CAR-T", "CAR-T", "vocabulary", "mine", "2")]


@pytest.mark.parametrize(
    ("terms", "manifest", "sentence"),
    [
        (
            "term,kin\nx,disease",
            MANIFEST,
            "mine/terms.csv: column 'kin' is not known; did you mean 'kind'?",
        ),
        (
            "term,kind\nx,desease",
            MANIFEST,
            "mine/terms.csv:2: kind 'desease' is not in kinds.csv; did you mean",
        ),
        ("term,kind,case\nx,disease,CI", MANIFEST, "mine/terms.csv:2: case is 'CI'; it is ci"),
        (
            "term,kind,gate\nx,disease,yes",
            MANIFEST,
            "mine/terms.csv:2: gate is 'yes'; it is thread",
        ),
        ("term,kind\n ,disease", MANIFEST, "mine/terms.csv:2: the term is empty"),
        ("term\nx", MANIFEST, "mine/terms.csv: column 'kind' is missing"),
        (
            'term,kind\n"two\nlines",disease\nx,y,disease',
            MANIFEST,
            "mine/terms.csv:4: 3 fields, the heading has 2; a term with a comma is in quotes",
        ),
        (
            'term,kind\nx,disease\n"y,disease\nz,disease',
            MANIFEST,
            "mine/terms.csv:3: quotes that don't fit; each is closed",
        ),
        ("term,kind\nx,disease", 'name = "mine"', "mine/pack.toml: version is missing"),
        ("term,kind\nx,disease", "name = ", "mine/pack.toml: not TOML"),
        (
            "term,kind\nx,disease",
            MANIFEST + "plattforms = []",
            "mine/pack.toml: key 'plattforms' is not known",
        ),
        (
            "term,kind\nx,disease",
            MANIFEST + 'platforms = "x"',
            "mine/pack.toml: platforms is 'x'; it is a list",
        ),
    ],
)
def test_a_bad_pack_is_told_where_and_why(vocabulary, terms, manifest, sentence):
    with pytest.raises(ValueError, match=r".") as error:
        vocabulary(terms, manifest)
    assert str(error.value).startswith(sentence)


def test_packs_can_be_sent_to_another_process():
    copy = pickle.loads(pickle.dumps(VOCABULARY))
    assert copy.kinds == VOCABULARY.kinds
    assert copy.terms.equals(VOCABULARY.terms)


def test_a_hundred_thousand_terms_are_found_as_a_thousand_are(vocabulary):
    many = "\n".join(f"term{at} x{at},disease" for at in range(100_000))
    pack = vocabulary(f"term,kind\n{many}\nterm7,disease\n")
    surfaces = found_in(thread("term7 x7 term7 y, term99999 x99999"), pack)["surface"].to_list()
    assert surfaces == ["term7 x7", "term7", "term99999 x99999"]


def test_the_packs_in_the_repository_have_no_unknown_kind():
    assert set(VOCABULARY.terms["kind"]) <= set(VOCABULARY.kinds)
    assert Path("data/vocabulary").name == "vocabulary"


def test_check_counts_terms_and_names_those_that_packs_read_differently(vocabulary, tmp_path):
    vocabulary("term,kind,canonical,gate\ncart,disease,CAR-T,none\nms,disease,,thread\n")
    other = tmp_path / "other"
    other.mkdir()
    (other / "pack.toml").write_text(MANIFEST.replace("mine", "other"), encoding="utf8")
    (other / "terms.csv").write_text("term,kind\nCart,disease\n", encoding="utf8")
    assert check_packs(tmp_path) == [
        "mine 2: 2 terms of 1 kind, 1 of them gated",
        "other 2: 1 term of 1 kind, 0 of them gated",
        "'cart' is CAR-T in mine and Cart in other; the pack with the higher priority counts",
    ]


def test_check_tells_a_pack_whose_ambiguous_terms_can_never_count(vocabulary, tmp_path):
    vocabulary(
        "term,kind,topic,gate\nms,disease,,thread\nrelapse,disease,nerves,thread\nEBV,disease,,none\n"
    )
    assert check_packs(tmp_path)[1:] == [
        "mine: 1 ambiguous term of the topic 'nerves' can't count; mark one as unambiguous (gate none)"
    ]
    vocabulary("term,kind,gate\nms,disease,thread\ncis,disease,thread\n")
    assert check_packs(tmp_path)[1:] == [
        "mine: 2 ambiguous terms can't count; mark one as unambiguous (gate none)"
    ]


def test_what_topics_keep_in_a_pack_is_no_list_of_terms(vocabulary, tmp_path):
    for name in paths.TOPIC_FILES:
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / name).write_text("topic,label\nd001,Spine\n", encoding="utf8")
    assert vocabulary("term,kind\ncart,disease").terms["folded"].to_list() == ["cart"]


def test_terms_without_a_manifest_are_a_mistake_in_their_file(vocabulary, tmp_path):
    vocabulary("term,kind\nx,place\n")
    (tmp_path / "mine" / "pack.toml").unlink()
    with pytest.raises(ValueError, match="beside it") as error:
        read_packs(tmp_path)
    assert str(error.value).startswith("mine/terms.csv: ")
