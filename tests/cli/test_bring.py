"""What a file is and where it comes from, its content tells: for add, inspect and what lies straight in data/raw."""

import subprocess

import pytest
from support import SAMPLE, command, page, renderers, run_threadmill, surroundings
from support.renderers import Said

import threadmill
from threadmill import sources
from threadmill.cli import preview
from threadmill.sources.table import drafting

SAID = [
    Said(0, None, "Ada", "one word", 1_700_000_000, 3),
    Said(1, 0, "Bo", "two words", 1_700_000_060, 0),
    Said(2, None, "Cy", "three words here", 1_700_000_120, 1),
]
HOMES = {
    name: (platform, render)
    for name, (platform, render, *_) in renderers.FORMATS.items()
    if platform in sources.list_platforms()
}
CSV = """key,answers,who,words,at,mood
a1,,Ada,one word here,2024-01-03T10:00:00Z,x
a2,a1,Bo,two words,2024-01-03T11:00:00Z,y
"""


def ask(question):
    with threadmill.connect() as con:
        return con.execute(question).fetchall()


@pytest.mark.parametrize("format_", HOMES)
def test_the_content_alone_tells_the_platform(tmp_path, format_):
    platform, render = HOMES[format_]
    file = tmp_path / f"a.{'ndjson' if 'ndjson' in format_ else 'txt'}"
    file.write_text(render(SAID), encoding="utf-8")
    found = preview.read(file, None, {})
    assert (found.platform, found.parsed.comments.height) == (platform, 3)


def test_a_copied_page_is_told_by_its_marks_and_an_essay_by_none():
    assert sources.find_platform(SAMPLE.read_text()) == "substack"
    assert sources.find_platform(page().replace("\n", "\r\n")) == "substack"
    assert sources.find_platform("An essay, with commas.\n\nIt has no comments.\n") is None
    assert sources.find_platform('{"comments": [{"text": "of an unknown site"}]}') is None


def test_what_lies_in_no_platforms_folder_is_read_or_told(project):
    raw = project / "data" / "raw"
    (raw / "a.txt").write_text(page(first="Straight in it."), encoding="utf-8")
    (raw / "a.toml").write_text('host = "Bo"', encoding="utf-8")
    (raw / "essay.txt").write_text("Just an essay.\n", encoding="utf-8")
    (raw / "paper.pdf").write_bytes(b"%PDF-1.4 ")
    for folder in ("Substack", "my project/one", "my project/two"):
        (raw / folder).mkdir(parents=True)
        (raw / folder / "b.txt").write_text(page(first=f"In {folder}."), encoding="utf-8")
    for _ in range(2):
        figures = threadmill.run().figures
        assert ask("select thread_id, host_name from threads order by all") == [
            ("substack:a", "Bo"),
            ("substack:b", None),
            ("substack:ms-lazarus-effect", "Gavin Giovannoni"),
            ("substack:my project/one/b", None),
            ("substack:my project/two/b", None),
        ]
        assert ask("select source_path, reason_code from rejects order by all") == [
            ("essay.txt", "no_platform"),
            ("paper.pdf", "binary"),
        ]
        assert figures["mistakes"][0][0].startswith("essay.txt: text in which nothing tells where")
    # What nothing changed isn't looked at again.
    assert not threadmill.run().is_new


def test_a_file_of_another_platform_is_told_where_it_belongs(project):
    platform, render = HOMES["reddit_thread_json"]
    (project / "data" / "raw" / "substack" / "r.json").write_text(render(SAID), encoding="utf-8")
    threadmill.run()
    ((reason,),) = ask("select reason from rejects")
    assert reason == f"JSON that looks like {platform}; move it to a folder {platform}"


def test_several_files_patterns_and_input_are_added(project):
    (project / "one.txt").write_text(page(first="One."), encoding="utf-8")
    (project / "two.txt").write_text(page(first="Two."), encoding="utf-8")
    (project / "essay.txt").write_text("Just an essay.\n", encoding="utf-8")
    (project / "data" / "raw" / "substack").rename(project / "data" / "raw" / "Substack")
    ended = run_threadmill("add", "*o*.txt", "essay.txt", cwd=project)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "essay.txt: text in which nothing tells where it comes from" in ended.stderr
    added = {path.name for path in (project / "data" / "raw" / "Substack").iterdir()}
    assert {"one.txt", "two.txt"} <= added
    piped = subprocess.run(
        command("add", "-", "--host", "Bo", "--platform", "SUBSTACK"),
        input=page(first="Piped."),
        cwd=project,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Substack/pasted-" in piped.stdout
    threadmill.run()
    assert ask("select count(*) from threads where platform = 'substack'") == [(4,)]


def test_a_table_gets_a_mapping_to_check(project):
    file = project / "t.csv"
    file.write_text(CSV, encoding="utf-8")
    assert "give --platform NAME" in run_threadmill("add", file, cwd=project).stderr
    ended = run_threadmill("add", file, "--platform", "forum", cwd=project)
    assert "t.csv: table, 2 comments" in ended.stdout
    assert "t.columns.toml, which was drafted: text = " in ended.stdout
    threadmill.run()
    assert ask(
        "select author_name, text, depth, created_at::text from comments where platform = 'forum' order by all"
    ) == [
        ("Ada", "one word here", 0, "2024-01-03 10:00:00"),
        ("Bo", "two words", 1, "2024-01-03 11:00:00"),
    ]
    drafted = (project / "data" / "raw" / "forum" / "t.columns.toml").read_text(encoding="utf-8")
    assert drafted.endswith("# Not used: mood\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("id;author;body\n1;Ada;a <p>word</p>\n", ['text = "body"', 'text_format = "html"']),
        (
            '{"hits": [{"objectID": "1", "comment_text": "a word", "user": {"name": "Ada"}}]}',
            ['text = "comment_text"'],
        ),
        (
            '{"videos": [{"description": "of it", "title": "T", "comments": '
            '[{"id": 1, "text": "a word"}, {"id": 2, "text": "b"}]}]}',
            ['text = "text"'],
        ),
        ('[{"cid": 7, "text": "a word", "time": 1700000000000}]', ['time_unit = "ms"']),
        (
            '{"id": "1", "speaker": "Ada", "utterance": "a word here"}\n{"id": "2"}\n',
            ['text = "utterance"', 'comment_id = "id"'],
        ),
    ],
)
def test_a_draft_follows_headings_and_rows(text, lines):
    drafted = drafting.draft_mapping(text)
    assert [line for line in lines if line in drafted.split("\n")] == lines


@pytest.mark.parametrize(
    "text",
    [
        "An essay, with a comma.\n\nAnd more.\n",
        "<p>a</p>",
        "[1, 2]",
        "",
        '{"title": "An article", "body": "Its words."}',
    ],
)
def test_what_is_no_table_gets_no_draft(text):
    assert drafting.draft_mapping(text) is None
