"""Words are found wherever files hide them, and nowhere else."""

import bz2
import gzip
import html
import io
import json
import lzma
import sqlite3
import zipfile

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from threadmill import cli
from threadmill.errors import Mistake
from threadmill.privacy import decode
from threadmill.privacy.scan import Needle, read_needles, scan

NAME = "Zoë Quill"
ROWS = [f"Remark {number} of many." for number in range(500)] + [f"Thanks, {NAME}!"]


def found(*places, text=NAME, **options):
    return {(hit.place, hit.times) for hit in scan(places, [Needle("1", text)], **options).hits}


def table(rows=ROWS):
    return pa.table({"text": rows})


def packed(name, data):
    if name == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("page.txt", data)
        return file.getvalue()
    pack = {
        "gzip": gzip.compress,
        "zstd": zstandard.compress,
        "bzip2": bz2.compress,
        "xz": lzma.compress,
    }
    return pack[name](data)  # fmt: skip


def test_a_value_of_parquet_is_found_in_its_column_where_a_search_of_bytes_finds_nothing(tmp_path):
    path = tmp_path / "part.parquet"
    pq.write_table(table(), path, compression="zstd", write_statistics=False)
    assert NAME.encode() not in path.read_bytes()
    assert found(tmp_path) == {("text", 1)}


def test_the_least_value_of_a_column_is_found_in_the_footer(tmp_path):
    pq.write_table(table([NAME, "Zz"]), tmp_path / "part.parquet", compression="zstd")
    assert ("footer", 1) in found(tmp_path)


def test_texts_in_lists_structs_maps_and_dictionaries_are_found(tmp_path):
    nested = pa.table(
        {
            "list": pa.array([[NAME], None]),
            "struct": pa.array([{"name": NAME}, None]),
            "map": pa.array([[("of", NAME)], None], pa.map_(pa.string(), pa.string())),
            "dictionary": pa.array([NAME, "Bo"]).dictionary_encode(),
            "view": pa.array([NAME, None], pa.string_view()),
            "binary": pa.array([NAME.encode(), None]),
        }
    )
    with (
        pa.OSFile(str(tmp_path / "rows.arrow"), "wb") as sink,
        pa.ipc.new_file(
            sink, nested.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
        ) as to,
    ):
        to.write_table(nested)
    places = {place for place, _ in found(tmp_path)} - {"bytes"}
    assert places == {"list", "struct.name", "map", "dictionary", "view", "binary"}


def test_tables_views_and_comments_of_duckdb_are_found(tmp_path):
    path = tmp_path / "threads.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table said as select $1 as text from range(5000)", [NAME])
        con.execute(f"create view own as select 1 as one where '{NAME}' <> ''")
        con.execute(f"comment on table said is '{NAME}'")
    before = path.read_bytes()
    assert {("said.text", 5000), ("definitions", 2)} <= found(path)
    assert path.read_bytes() == before


def test_what_only_the_log_of_sqlite_has_is_found_and_its_files_stay_as_they_are(tmp_path):
    path = tmp_path / "prefect.db"
    con = sqlite3.connect(path)
    con.execute("pragma journal_mode = wal")
    con.execute("create table log (message)")
    con.commit()
    con.execute("pragma wal_checkpoint(truncate)")
    con.execute("insert into log values (?)", [f"failed for {NAME}"])
    con.commit()
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert NAME.encode() not in path.read_bytes()
    assert {("log", 1), ("bytes", 1)} <= found(tmp_path)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before
    con.close()


@pytest.mark.parametrize("name", ["gzip", "zstd", "bzip2", "xz", "zip"])
def test_what_is_packed_is_found_and_tables_in_it_are_decoded(tmp_path, name):
    file = io.BytesIO()
    pq.write_table(table(), file, compression="zstd", write_statistics=False)
    (tmp_path / "page").write_bytes(packed(name, f"{'x' * 99}{NAME}".encode()))
    (tmp_path / "rows").write_bytes(packed(name, file.getvalue()))
    assert found(tmp_path) - {("bytes", 1)} == {(name, 1), (f"{name}, text", 1)}


def test_several_pieces_of_zstd_after_each_other_are_one_file(tmp_path):
    (tmp_path / "dump.zst").write_bytes(packed("zstd", b"Bo\n") + packed("zstd", NAME.encode()))
    assert ("zstd", 1) in found(tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"name": NAME}),
        json.dumps(json.dumps({"name": NAME})),
        html.escape(json.dumps({"name": NAME})),
        "Zo&#235; Quill",
        "Zo&#xEB; Quill",
        "Zo&euml; Quill",
    ],
)
def test_escaped_words_are_found(tmp_path, written):
    (tmp_path / "page").write_text(written, encoding="utf-8")
    assert found(tmp_path) == {("bytes, unescaped", 1)}
    pq.write_table(table([written]), tmp_path / "page", compression="none", write_statistics=False)
    assert ("text, unescaped", 1) in found(tmp_path)


def test_a_word_with_quotes_and_a_line_end_is_found_in_json(tmp_path):
    text = 'She said "no".\nThen yes 🙂.'
    (tmp_path / "page.json").write_text(json.dumps([text]), encoding="utf-8")
    assert found(tmp_path, text=text) == {("bytes, unescaped", 1)}


@pytest.mark.parametrize("filler", [b"x", b"\xff", "é".encode(), b"a line\n"])
def test_no_place_in_a_file_hides_a_word(tmp_path, filler, monkeypatch):
    monkeypatch.setattr(decode, "BLOCK_BYTES", 70_000)
    path = tmp_path / "big"
    # Around the ends of pieces, and of blocks.
    for start in [*range(65_520, 65_540), *range(69_985, 70_003), 131_064, 139_995]:
        size = start // len(filler)
        path.write_bytes(filler * size + NAME.encode() + filler * (150_000 // len(filler) - size))
        assert found(path) == {("bytes", 1)}, start


def test_a_name_of_a_file_is_found(tmp_path):
    (tmp_path / f"{NAME}.txt").write_text("Bo")
    assert found(tmp_path) == {("name", 1)}


def test_a_whole_word_is_not_found_within_another(tmp_path):
    (tmp_path / "page").write_text("Anna, ann's and ANN", encoding="utf-8")
    whole = Needle("1", "ann", is_word=True)
    assert [hit.times for hit in scan([tmp_path], [whole]).hits] == [1]
    assert [hit.times for hit in scan([tmp_path], [whole], ignore_case=True).hits] == [2]
    assert found(tmp_path, text="ÄNN", ignore_case=True) == set()


def test_whole_numbers_in_tables_are_found_as_text(tmp_path):
    pq.write_table(pa.table({"id": [7, 4_711]}), tmp_path / "part.parquet")
    assert ("id", 1) in found(tmp_path, text="4711")


def test_a_damaged_file_is_told_and_its_bytes_are_searched_all_the_same(tmp_path):
    (tmp_path / "part.parquet").write_bytes(b"PAR1" + NAME.encode() + b"PAR1")
    looked = scan([tmp_path], [Needle("1", NAME)])
    assert [(hit.place, hit.times) for hit in looked.hits] == [("bytes", 1)]
    assert looked.unread == [f"{tmp_path}/part.parquet: Parquet that can't be read (ArrowInvalid)"]


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    words=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4),
    around=st.text(st.characters(exclude_categories=["Cs"])),
    form=st.sampled_from(["json", "html", "gzip", "parquet"]),
)  # fmt: skip
def test_whatever_is_written_is_found(tmp_path, words, around, form):
    text = "".join(words)
    path = tmp_path / "file"
    whole = f"{around}{text}{around}"
    if form == "json":
        path.write_text(json.dumps([whole]), encoding="utf-8")
    elif form == "html":
        path.write_bytes(html.escape(whole).encode())
    elif form == "gzip":
        path.write_bytes(gzip.compress(whole.encode()))
    else:
        pl.DataFrame({"text": [None, whole]}).write_parquet(path)
    assert found(path, text=text)


def test_a_file_of_needles_has_one_a_line_and_is_named_by_line(tmp_path):
    (tmp_path / "needles").write_text("Bo\n\nZoë Quill \n", encoding="utf-8")
    assert read_needles(tmp_path / "needles") == [
        Needle("line 1", "Bo"), Needle("line 3", "Zoë Quill "),
    ]  # fmt: skip
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(Mistake, match="has nothing to look for"):
        read_needles(tmp_path / "empty")


def run(*arguments):
    return CliRunner().invoke(cli.app, ["scan", *map(str, arguments)])


def test_the_command_ends_with_the_hits_and_code_1_or_with_none_and_code_0(milled):
    ended = run("Nobody At All", "--processed", milled)
    assert (ended.exit_code, ended.stdout.splitlines()[-1]) == (0, "0 hits")
    name = duckdb.connect(str(milled / "threads.duckdb"), read_only=True).execute(
        "select min(author_name) from comments"
    ).fetchall()[0][0]  # fmt: skip
    ended = run(name, "--processed", milled)
    assert ended.exit_code == 1
    assert ": author_name: " in ended.stdout
    assert name not in ended.stdout
    assert ended.stdout.splitlines()[-1].endswith(" hits")


def test_nothing_to_look_for_and_a_place_that_is_not_there_are_mistakes(tmp_path):
    for arguments, message in (
        (("--in", tmp_path), "nothing to look for"),
        (("Bo", "--in", tmp_path / "no"), "isn't there"),
    ):
        ended = run(*arguments)
        assert message in str(ended.exception)
        assert isinstance(ended.exception, ValueError)
