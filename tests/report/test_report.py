"""A report says what the tables say, escapes what people wrote, and shows the SQL it comes from."""

import html.parser
import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import report_cases, run_threadmill

import threadmill
from threadmill import report
from threadmill.publish import catalog, sandbox
from threadmill.report import answers, tree, words

VOID = {"meta", "rect", "path", "line", "br"}


class Page(html.parser.HTMLParser):
    """What a page is made of."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.links, self.ids = set(), [], [], []
        self.inside, self.words, self.codes = [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "code":
            self.codes.append("")
        if tag not in VOID:
            self.inside.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        tag = self.inside[-1] if self.inside else ""
        self.words[tag] = self.words.get(tag, "") + data
        if "code" in self.inside:
            self.codes[-1] += data


@pytest.fixture(scope="module")
def sample(milled):
    with catalog.connect(milled) as con:
        return report.render(con, "substack:ms-lazarus-effect")


@pytest.fixture(scope="module")
def hostile():
    con = report_cases.hostile()
    return report.render(con, report.choose(con, None)), report.render(con, None)


def test_the_page_stands_alone(sample):
    page = Page(sample)
    assert not page.tags & {"img", "link", "iframe", "object", "embed", "base", "form", "video"}
    assert any(
        "default-src 'none'" in value for name, value in page.attributes if name == "content"
    )
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith(("#", "https://")) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "url(http" not in sample
    assert "@import" not in sample


def test_a_lone_comment_has_no_replies_no_mentions_and_no_topics():
    lone = report_cases.comment(0, "x:lone", author_id=None, author_name=None)
    thread = {"thread_id": "x:lone", "platform": "x", "source_format": "f", "comment_count": 1}
    con = report_cases.published([thread], [lone])
    for page in (report.render(con, "x:lone"), report.render(con, None)):
        for said in (
            "Nobody answers anybody else.",
            "Nobody asked anything.",
            "No topic was found.",
        ):
            assert said in page


def test_figures_are_those_of_the_tables(sample, milled):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sample))
    with catalog.connect(milled) as con:
        replies, confidence = con.execute(
            "select count(*), avg(confidence) from replies"
        ).fetchall()[0]
        expected, answered = con.execute(
            "select sum(reply_probability), count(*) filter (where is_answered) from comment_engagement"
        ).fetchall()[0]
        questions, closed = con.execute(
            "select count(*), count(answer_comment_id) from questions"
        ).fetchall()[0]
    for words_ in (
        "42 of the 84 comments the source declares were captured (50%)",
        f"All {replies} replies were inferred and are {confidence:.0%} likely to be right on average",
        f"in the best tree; {expected:.1f} expected",
        f"Of {questions} questions, {closed} are answered.",
        f"Not known: the capture lost the time of all {answered} answered comments",
    ):
        assert words_ in text


def test_figures_of_several_threads_name_their_base():
    rows = [report_cases.comment(0, f"x:{name}") for name in ("one", "two", "three")]
    thread = {"platform": "x", "source_format": "f", "comment_count": 1}
    threads = [thread | {"thread_id": row["thread_id"]} for row in rows]
    threads[0]["declared_comment_count"] = 4
    threads[1]["url"] = "https://a.b/two"
    con = report_cases.published(threads, rows)
    page = report.render(con, None)
    assert (
        "1 of 3 threads say how many comments they have, and 1 of these 4 were captured (25%). "
        "The others don&#39;t say."
    ) in page
    assert "25% of 4 declared" not in page
    # A thread without a title shows its address.
    assert 'href="https://a.b/two" rel="noopener noreferrer"><bdi>https://a.b/two</bdi>' in page
    assert "<h1><bdi>https://a.b/two</bdi></h1>" in report.render(con, "x:two")


def test_a_correction_names_the_comment_and_its_other_parent(sample, milled):
    lines = set(re.findall(r'data-line="([^"]*)"', sample))
    with catalog.connect(milled) as con:
        others = con.execute(
            "select comment_id || ',' || coalesce(reply_candidates.parent_comment_id, '') "
            "from reply_candidates join comments using (comment_id) where probability >= 0.05 and kind <> 'other' "
            "and reply_candidates.parent_comment_id is distinct from comments.parent_comment_id"
        ).fetchall()
    assert lines == {line for (line,) in others}
    assert "<code>substack/ms-lazarus-effect.replies.csv</code>" in sample


def test_inferred_edges_carry_their_probability_and_reason(sample, milled):
    page = sample.partition('<ol class="tree">')[2]
    fourth = page.partition('id="c3"')[2].partition('id="c4"')[0]
    with catalog.connect(milled) as con:
        confidence, evidence = con.execute(
            "select confidence, evidence from replies join comments using (comment_id) where position = 3"
        ).fetchall()[0]
    assert f"answers <bdi>Sal</bdi> <b>{confidence:.0%}</b>" in re.sub(r"\s+", " ", fourth)
    assert f"Inferred: {evidence}." in fourth
    classes = re.findall(r'<li id="c\d+" class="(\w+) (\w+)"', page)
    assert {level for level, edge in classes if edge == "reply"} == {"likely", "unsure", "weak"}


def test_every_figure_comes_from_sql_that_runs_as_shown(sample, milled):
    shown = [code for code in Page(sample).codes if code.startswith("--")]
    assert len(shown) == 9
    with catalog.connect(milled) as con:
        for query in shown:
            assert sandbox.explain_refusal(query) is None
            assert con.execute(query).fetchall()


def test_the_same_tables_give_the_same_page(sample, milled):
    with catalog.connect(milled) as con:
        assert report.render(con, "substack:ms-lazarus-effect") == sample


@pytest.mark.parametrize("which", [0, 1], ids=["thread", "all"])
def test_what_people_write_stays_words(hostile, which):
    page = Page(hostile[which])
    assert page.words["script"] == (report.FOLDER / "page.js").read_text(encoding="utf-8")
    assert page.words["style"] == (report.FOLDER / "page.css").read_text(encoding="utf-8")
    assert not page.tags & {"img", "iframe", "object", "embed", "base", "form", "textarea"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(link.startswith(("#", "https://", "http://")) for link in page.links)
    assert "{{ 7 * 7 }}{% raw %}" in page.words["bdi"]
    assert not re.search("[\x00-\x08\x0b-\x1f]", hostile[which])


def test_comments_are_shown_in_full(hostile):
    page = Page(hostile[0])
    for text in report_cases.RAW:
        assert words.replace_controls(text + " what?") in page.words["div"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.com/a?b=1#c", "https://example.com/a?b=1#c"),
        ("HTTP://example.com", "HTTP://example.com"),
        ("https://example.com/ü", "https://example.com/%C3%BC"),
        ("javascript:alert(1)", None),
        (" https://example.com", None),
        ("https://example.com/\njavascript:", None),
        ("data:text/html,x", None),
        ("https://me:pass@example.com", None),
        ("//example.com", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(address, shown):
    assert words.check_address(address) == shown


def test_identifiers_lead_to_their_registers():
    assert words.find_link("doi:10.1000/a<b>") == "https://doi.org/10.1000/a%3Cb%3E"
    assert words.find_link("citation:pmid:41018974") == "https://pubmed.ncbi.nlm.nih.gov/41018974"
    assert words.find_link("isbn:978") is None
    assert words.find_link("url:javascript:alert(1)") is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["top_level", "explicit", "inferred", "missing", "unknown"]),
            st.integers(0, 12),
        ),
        max_size=12,
    )
)
def test_each_comment_stands_in_the_tree_once(edges):
    rows = [
        {
            "comment_id": str(number),
            "position": number,
            "author_name": "A",
            "parent_status": status,
            "parent_comment_id": None if status in ("top_level", "unknown") else str(parent),
            "reply_probability": None,
            "confidence": 0.5,
        }
        for number, (status, parent) in enumerate(edges)
    ]
    seen, waiting = [], tree.build_tree(rows, [])
    while waiting:
        comment = waiting.pop()
        seen.append(comment.row["position"])
        waiting += comment.replies
    assert sorted(seen) == list(range(len(edges)))


def deep(size):
    rows = [
        report_cases.comment(number, "x:deep", f"Author {number}", "Deeper.", number - 1 or None)
        for number in range(1, size + 1)
    ]
    rows[0]["parent_status"] = "top_level"
    replies = [report_cases.reply(row, above) for above, row in itertools.pairwise(rows)]
    for number, row in enumerate(rows):
        row |= {"position": number, "depth": number}
    thread = {"thread_id": "x:deep", "platform": "x", "source_format": "f", "comment_count": size}
    thread |= {"source_path": "p", "source_sha256": "0"}
    return report_cases.published([thread], rows, replies=replies)


def test_a_long_and_deep_thread_is_cut_and_says_so():
    page = report.render(deep(2_003), "x:deep")
    assert "Shown are the first 2,000 of 2,003 comments" in page
    assert page.count('<li id="c') == 2_000
    depth = deepest = 0
    for tag in re.findall(r"</?ol\b", page):
        depth += -1 if tag.startswith("</") else 1
        deepest = max(deepest, depth)
    assert deepest <= tree.NESTED_LEVELS + 1
    assert ">12+<" in page


def test_what_the_source_gives_is_shown_as_given():
    con = report_cases.timed()
    page = report.render(con, "x:known")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "as the source gives them" in text
    assert "Median 28 min over 7 answered comments" in text
    assert "2026-01-05 12:16 UTC" in text
    assert 'class="given reply"' in page
    assert "Inferred" not in text


def test_whom_a_given_reply_means_is_shown_beside_its_parent():
    rows = [
        report_cases.comment(0, "x:two", "Ada"),
        report_cases.comment(1, "x:two", "Bo", parent=0),
        report_cases.comment(2, "x:two", "Cyril", "@Bo no.", parent=0),
    ]
    replies = [report_cases.reply(row, rows[0]) for row in rows[1:]]
    own = {"comment_id": "x:two#2", "thread_id": "x:two", "kind": "comment", "is_inferred": False}
    meant = [
        own | {"rank": rank, "parent_comment_id": f"x:two#{parent}", "probability": probability}
        for rank, parent, probability in ((1, 1, 0.94), (2, 0, 0.06))
    ]
    thread = {"thread_id": "x:two", "platform": "x", "source_format": "f", "comment_count": 3}
    thread |= {"source_path": "p", "source_sha256": "0"}
    con = report_cases.published([thread], rows, replies=replies, reply_candidates=meant)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report.render(con, "x:two")))
    assert text.count("It names whom it means: Bo (1) 94%.") == 1
    assert "as the source gives them" in text
    assert "Inferred" not in text


def test_an_empty_thread_has_a_report():
    page = report.render(report_cases.timed(), "x:silent")
    assert "Nothing was captured" in page
    assert "<svg" not in page


def test_several_threads_give_an_overview():
    con = report_cases.timed()
    assert report.choose(con, None) is None
    page = report.render(con, None)
    assert "<bdi>Mills</bdi>" in page
    assert "x:silent" in page


@pytest.mark.parametrize(
    ("asked", "found"), [(None, "x:it"), ("known", "x:known"), ("x:known", "x:known")]
)
def test_a_thread_is_found_with_or_without_its_platform(asked, found):
    con = report_cases.timed() if asked else report_cases.hostile()
    assert report.choose(con, asked).startswith(found)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--thread", "ms-lazarus"], "did you mean substack:ms-lazarus-effect?"),
        (["--out", "nowhere/r.html"], "nowhere/r.html: there is no folder nowhere"),
        (["--out", "data"], "data: is a folder"),
    ],
)
def test_a_mistake_gets_a_sentence(project, milled, arguments, sentence):
    ended = run_threadmill("report", *arguments, "--processed", milled, cwd=project)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert sentence in ended.stderr
    assert not (project / "report.html").exists()


def test_the_command_writes_the_page(project, milled, sample):
    ended = run_threadmill("report", "--processed", milled, cwd=project)
    assert ended.stdout == "report.html: substack:ms-lazarus-effect, 42 comments\n"
    assert (project / "report.html").read_text(encoding="utf-8") == sample


def test_the_overview_shows_no_table_of_any_other_thread():
    con = report_cases.timed()
    for path in sorted(report_cases.sql_folder().glob("*.sql")):
        rows = answers.ask(con, path.stem, "x:silent").rows
        of_others = [row for row in rows if row.get("thread_id") == "x:known"]
        assert not of_others, path.name


CITING = """key,who,words
k0,Ann,See https://doi.org/10.1000/ab-1 for this.
k1,Bo,"doi:10.1000/ab-1, and https://example.org/other."
"""


def test_a_publication_cited_by_its_address_is_listed_once(tmp_path):
    raw = tmp_path / "raw" / "forum"
    raw.mkdir(parents=True)
    (raw / "x.csv").write_text(CITING, encoding="utf-8")
    mapping = 'comment_id = "key"\nauthor_name = "who"\ntext = "words"\n'
    (raw / "columns.toml").write_text(mapping, encoding="utf-8")
    threadmill.run(raw.parent, tmp_path / "processed")
    with catalog.connect(tmp_path / "processed") as con:
        cited = answers.ask(con, "cited", None)
    assert [(row["canonical_id"], row["comment_count"]) for row in cited.rows] == [
        ("doi:10.1000/ab-1", 2),
        ("url:https://example.org/other", 1),
    ]
