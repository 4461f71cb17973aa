"""Words of scripts without spaces: told by ICU where PyICU is installed, else flagged."""

import polars as pl
import pytest
from support.mention_threads import VOCABULARY, found_in, thread

from threadmill.mentions import read_packs
from threadmill.mentions.text.boundaries import HAS_ICU, keep_whole_words

WITH_ICU = pytest.mark.skipif(not HAS_ICU, reason="needs the extra icu")
WITHOUT_ICU = pytest.mark.skipif(HAS_ICU, reason="needs PyICU not to be there")
TERMS = ("東京", "本人", "曼谷", "กรุงเทพ", "ພາສາ", "ភ្នំពេញ", "မြန်မာ", "cart", "Москва")
KINDS = "kind,group,meaning\nplace,vocabulary,Place\n"
MANIFEST = 'name = "mine"\nversion = "2"\nlicence = "CC0-1.0"\nlanguage = "en"\n'


@pytest.fixture
def vocabulary(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "kinds.csv").write_text(KINDS, encoding="utf8")
    (tmp_path / "mine" / "pack.toml").write_text(MANIFEST, encoding="utf8")
    terms = "term,kind\n" + "".join(f"{term},place\n" for term in TERMS)
    (tmp_path / "mine" / "terms.csv").write_text(terms, encoding="utf8")
    return read_packs(tmp_path)


def words(text, vocabulary):
    return found_in(thread(text), vocabulary).select("surface", "is_word", "confidence").rows()


@pytest.mark.parametrize("text", ["a cart", "это Москва", "@ann 10%", "“köstlich”"])
def test_what_letters_tell_is_a_word(text, vocabulary):
    assert [is_word for _, is_word, _ in words(text, vocabulary)] == [True] * (1 + ("@" in text))


UNSPACED = [
    ("Japanese", "私は東京に住む", "東京"),
    ("Chinese", "我住在曼谷了", "曼谷"),
    ("Thai", "ไปกรุงเทพแล้ว", "กรุงเทพ"),
    ("Lao", "ຂ້ອຍຮຽນພາສາລາວ", "ພາສາ"),
    ("Khmer", "ខ្ញុំទៅភ្នំពេញ", "ភ្នំពេញ"),
    ("Burmese", "သူကမြန်မာလူမျိုး", "မြန်မာ"),
    ("beyond 16 bits", "😀𝒳私は東京に住む", "東京"),
]


@WITHOUT_ICU
@pytest.mark.parametrize(("script", "text", "term"), UNSPACED)
def test_without_icu_any_place_counts_and_says_so(script, text, term, vocabulary):
    assert words(text, vocabulary) == [(term, False, 0.8)]


@WITHOUT_ICU
def test_without_icu_a_part_of_a_word_counts_too(vocabulary):
    assert words("日本人口", vocabulary) == [("本人", False, 0.8)]


@WITH_ICU
@pytest.mark.parametrize(("script", "text", "term"), UNSPACED)
def test_icu_tells_words(script, text, term, vocabulary):
    assert words(text, vocabulary) == [(term, True, 0.97)]


@WITH_ICU
def test_icu_leaves_parts_of_words_out(vocabulary):
    assert words("日本人口", vocabulary) == []


def test_nothing_is_read_where_nothing_is_asked():
    texts = pl.DataFrame({"row": [0], "normal": ["東京"]}, {"row": pl.UInt32, "normal": pl.String})
    none = pl.DataFrame(schema={"row": pl.UInt32, "start": pl.Int32, "end": pl.Int32})
    assert keep_whole_words(texts, none).is_empty()


def test_a_handle_in_such_a_script_is_no_sure_word():
    assert found_in(thread("你好 @小明还有"), VOCABULARY)["is_word"].to_list() == [False]
