"""What a file is and where it comes from, its content tells: for add, inspect and what lies straight in data/raw."""

import re
import subprocess

import pytest
from support import SAMPLE, command, page, renderers, run_threadmill, surroundings
from support.renderers import Said

import threadmill
from threadmill import sources
from threadmill.cli import bring, preview
from threadmill.models import summary
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
    advice = f"put it into the folder {platform} (threadmill add: --platform {platform})"
    assert reason == f"JSON that looks like {platform}; {advice}"


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


def say_page(*texts):
    """Return a page of one comment for each of `texts`."""
    one = "{0}'s avatar\n{0}\nNov 17\n\n{1}\n\nExpand full comment\nLike\nReply\nShare\n"
    people = zip(
        ("Ada Moss", "Bo Lind", "Cy Ode", "Di Fell", "Ed Orr", "Fay Ash"), texts, strict=False
    )
    return "Discussion about this post\n" + "".join(one.format(*said) for said in people)


TIDE_SAID = [
    "The tide comes twice a day here.",
    "It does, but for the days of a storm.",
    "Ask the ferryman who waits for it.",
]
TIDE = say_page(*TIDE_SAID)
MILL = say_page("The mill has stood since 1720.", "Who ground there?", "My grandfather did.")


@pytest.fixture
def raw(project):
    put(project / "data" / "raw" / "substack" / "post.txt", TIDE)
    return project / "data" / "raw"


def put(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("post.txt", TIDE, "already added, with the same bytes"),
        (
            "post.txt",
            TIDE.replace("Like\n", "Like (2)\n"),
            "if yours is a later capture, call it post@",
        ),
        ("post.txt", MILL, "no comment is in both; name the new file post-2.txt"),
        ("post.md", MILL, "would be taken for another capture, of another thread"),
        ("post@2026-02-03.txt", MILL, "no comment is in both; name the new file post-2.txt"),
    ],
)
def test_what_to_do_about_a_taken_name_follows_from_the_content(raw, tmp_path, name, text, advice):
    with pytest.raises(ValueError, match=re.escape(advice)):
        bring.add([str(put(tmp_path / "new" / name, text))], platform="substack", raw=raw)
    assert len([*(raw / "substack").iterdir()]) == 3


def test_what_is_known_later_of_a_page_goes_into_its_sidecar(raw, capsys):
    page, sidecar = raw / "substack" / "post.txt", raw / "substack" / "post.toml"
    sidecar.write_text('host = "Una"\ntitle = "Tides"\n', encoding="utf-8")
    told = {"title": "The tides", "captured_at": "2026-01-05T10:00:00Z"}
    bring.add([str(page)], platform="substack", raw=raw, **told)
    assert sidecar.read_text(encoding="utf-8").splitlines() == [
        'host = "Una"',
        'title = "The tides"',
        "captured_at = 2026-01-05T10:00:00+00:00",
    ]
    assert "post.toml: title" in capsys.readouterr().out


def test_a_page_that_is_there_under_another_name_is_told(raw, tmp_path, capsys):
    threadmill.run()
    more = say_page(*TIDE_SAID, "I asked him, and he did not know.", "So ask the gulls of the bay.")
    for name, text, twin in [
        ("same.txt", TIDE, "has the same bytes"),
        ("later.txt", more, "has 3 of its 5 longest comments too"),
        ("other.txt", MILL, None),
    ]:
        bring.add([str(put(tmp_path / "new" / name, text))], platform="substack", raw=raw)
        told = [line for line in capsys.readouterr().out.split("\n") if "Counts twice" in line]
        assert len(told) == bool(twin)
        assert twin is None or f"post.txt {twin}" in told[0]


def test_a_summary_tells_threads_that_count_twice_and_captures_that_share_nothing(raw):
    folder = raw / "substack"
    put(folder / "post@2026-01-05.txt", MILL)
    long = say_page(*[f"Of the tide, part {number}." for number in range(6)])
    put(folder / "long.txt", long)
    put(folder / "long-2.txt", long.replace("Like\n", "Like (2)\n"))
    for name in ("a", "b"):
        put(folder / f"{name}.txt", say_page("Only one says that."))
    put(raw / "forum" / "t.csv", "i,w,u\n1,x,https://quill.example/p/a\n")
    put(raw / "forum" / "u.csv", "i,w,u\n2,y,https://quill.example/p/a/\n")
    put(raw / "forum" / "columns.toml", 'text = "w"\nthread_url = "u"\nthread_id = "i"\n')
    figures = threadmill.run().figures
    assert figures["unshared"] == [
        [
            "substack/post@2026-01-05.txt",
            "3 × a comment that no earlier capture of its thread has, and none that one has; if the file is of "
            "another post, give it another name",
        ]
    ]
    assert figures["twins"] == [
        ["forum/t.csv", "forum/u.csv", 0, "one address"],
        ["substack/a.txt", "substack/b.txt", 0, "the same bytes"],
        ["substack/long-2.txt", "substack/long.txt", 0, "the same comments"],
    ]
    shown = dict(summary.lines(figures, raw))
    assert shown["Twice"].startswith("forum/t.csv and forum/u.csv: different threads with one")
    assert shown["Captures"].startswith("substack/post@2026-01-05.txt: 3 ×")


@pytest.mark.parametrize(
    ("page", "advice"),
    [
        ('<html lang="en" op="news"><title>Hacker News</title>', "hn.algolia.com/api/v1/"),
        ("<html><shreddit-comment author='Ada'>Hm.</shreddit-comment>", "with .json at its end"),
    ],
)
@pytest.mark.parametrize("platform", [None, "hackernews", "reddit"])
def test_a_saved_page_that_is_not_read_says_what_is(raw, tmp_path, page, advice, platform):
    with pytest.raises(ValueError, match=r"a web page \(HTML\)") as error:
        bring.add([str(put(tmp_path / "new" / "page.html", page))], platform=platform, raw=raw)
    assert advice in str(error.value)


def test_a_table_gets_a_mapping_to_check(project):
    file = project / "t.csv"
    file.write_text(CSV, encoding="utf-8")
    assert "give --platform NAME" in run_threadmill("add", file, cwd=project).stderr
    ended = run_threadmill("add", file, "--platform", "forum", cwd=project)
    assert "t.csv: table, 2 comments" in ended.stdout
    assert "t.columns.toml, which was drafted and makes 1 thread: text = " in ended.stdout
    assert "Not used: mood. No column names the thread" in ended.stdout
    assert "No host is given" not in ended.stdout
    threadmill.run()
    assert ask(
        "select author_name, text, depth, created_at::text from comments where platform = 'forum' order by all"
    ) == [
        ("Ada", "one word here", 0, "2024-01-03 10:00:00"),
        ("Bo", "two words", 1, "2024-01-03 11:00:00"),
    ]
    drafted = (project / "data" / "raw" / "forum" / "t.columns.toml").read_text(encoding="utf-8")
    assert "# Not used: mood\n# No column names the thread" in drafted
    assert '\n# author_scope = "publication"' in drafted


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
        *(
            (
                f"id,{name},comment\n1,10,a word\n2,10,two words\n3,11,a third\n",
                [f'thread_id = "{name}"'],
            )
            for name in (
                "post",
                "post_id",
                "topic",
                "article",
                "video",
                "Story ID",
                "page",
                "submission",
            )
        ),
        ("id,article,text\n1,On knots,a\n2,On knots,b\n3,On ropes,c\n", ['thread_id = "article"']),
        ("post_title,text\nOn knots,a\nOn knots,b\nOn ropes,c\n", ['thread_id = "post_title"']),
        (
            "Post No,Nick,When,In Answer To,What\n1,Ada,2024-01-03 10:00,,a word\n2,Bo,2024-01-03 11:00,1,more words\n",
            [
                'comment_id = "Post No"',
                'parent_id = "In Answer To"',
                'author_name = "Nick"',
                'created_at = "When"',
            ],
        ),
        (
            "Nr;Datum;Antwort auf;Beitrag\n1;2024-01-03;;Guten Tag\n2;2024-01-04;1;Na gut\n",
            [
                'comment_id = "Nr"',
                'created_at = "Datum"',
                'parent_id = "Antwort auf"',
                'text = "Beitrag"',
            ],
        ),
        (
            "id,commentText\n1,a word\n",
            ['text = "commentText"', '# order = "as_found"  # or time, replies'],
        ),
        ("user,post\nAda,a word here\nBo,another one\n", ['text = "post"', drafting.NO_THREAD]),
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
