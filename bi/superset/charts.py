"""What the dashboard shows: its datasets, each with the columns that filters ask for, and its charts.

A chart has the query that Superset asks, and our SQL that must give the same. The datasets have a row per topic of
what they count, so that the filter for topics reaches every chart; hence metrics count what is distinct.
"""

from typing import Any, NamedTuple

NO_TOPIC = "No topic"

_TOPICS = """\
topic_of as (
    select comment_id, label as topic from comment_topics join topics using (topic_id)
),
thread_of as (
    select thread_id, platform, coalesce(title, url, thread_id) as thread from threads
)
"""

_FILTERED = f"""\
    thread_of.platform,
    thread_of.thread,
    comments.created_on,
    coalesce(topic_of.topic, '{NO_TOPIC}') as topic"""
FILTERED = {"platform": "platform", "thread": "title", "created_on": "created_on", "topic": "label"}
"""The columns that filters ask for, and the declared columns that they are."""


class View(NamedTuple):
    """A dataset of a query: its columns, as declared ones, and metrics by name, as label, SQL and format."""

    says: str
    sql: str
    columns: dict[str, str | tuple[str, str]]
    """Each with the declared column that it is, or with a type and a meaning of its own."""
    metrics: dict[str, tuple[str, str, str]]


def _sum(value: str) -> str:
    """Return SQL for the sum of `value` over different comments."""
    pairs = f"list(DISTINCT row(comment_id, {value}))"
    return f"list_sum(map_values(map_from_entries({pairs})))"


COMMENT_COUNT = {"comment_count": ("Comments", "COUNT(DISTINCT comment_id)", ",d")}

VIEWS = {
    "comment_facts": View(
        "Comments with what filters ask for. Grain: one row per comment and topic of it.",
        f"""\
with {_TOPICS}
select
    comments.comment_id,
{_FILTERED},
    comments.author_id,
    comments.author_name as author,
    comments.depth,
    comment_engagement.reply_probability,
    comment_engagement.expected_reply_count,
    comment_engagement.is_answered
from comments
join thread_of using (thread_id)
left join topic_of using (comment_id)
left join comment_engagement using (comment_id)
""",
        {
            "comment_id": "comment_id", **FILTERED, "author_id": "author_id", "author": "author_name",
            "depth": "depth", "reply_probability": "reply_probability",
            "expected_reply_count": "expected_reply_count", "is_answered": "is_answered",
        },
        {
            **COMMENT_COUNT,
            "author_count": ("Authors", "COUNT(DISTINCT author_id)", ",d"),
            "thread_count": ("Threads", "COUNT(DISTINCT thread)", ",d"),
            "expected_replies_given": ("Replies given (expected)", _sum("reply_probability"), ",.1f"),
            "expected_replies_drawn": ("Replies drawn (expected)", _sum("expected_reply_count"), ",.1f"),
        },
    ),
    "reply_facts": View(
        "Replies with who answers whom. Grain: one row per reply, or possible reply, and topic of it.",
        f"""\
with {_TOPICS},
edges as (
    select comment_id, parent_comment_id, 1.0 as probability, false as is_inferred, confidence
    from replies
    where not is_inferred
    union all
    select reply_candidates.comment_id, reply_candidates.parent_comment_id, probability, true, confidence
    from reply_candidates
    left join replies using (comment_id, parent_comment_id)
    where reply_candidates.is_inferred and kind = 'comment'
)
select
    edges.comment_id,
    edges.parent_comment_id,
{_FILTERED},
    comments.author_name as author,
    parents.author_name as answers,
    edges.probability,
    edges.is_inferred,
    comments.author_id = parents.author_id as is_to_oneself,
    floor(if(edges.confidence = 1, 0.9, edges.confidence)::decimal(9, 6) * 10) / 10 as confidence_from
from edges
join comments using (comment_id)
join thread_of using (thread_id)
join comments as parents on parents.comment_id = edges.parent_comment_id
left join topic_of on topic_of.comment_id = edges.comment_id
""",
        {
            "comment_id": "comment_id", "parent_comment_id": "parent_comment_id", **FILTERED, "author": "author_name",
            "answers": "author_name", "probability": "probability", "is_inferred": "is_inferred",
            "is_to_oneself": ("BOOLEAN", "Whether its author answers their own comment."),
            "confidence_from": "confidence_from",
        },
        {
            "reply_count": (
                "Replies", "COUNT(DISTINCT comment_id) FILTER (WHERE NOT is_inferred OR confidence_from IS NOT NULL)",
                ",d",
            ),
            "expected_reply_count": (
                "Replies (expected)",
                "list_sum(map_values(map_from_entries(list(DISTINCT"
                " row(comment_id || parent_comment_id, probability)))))",
                ",.1f",
            ),
        },
    ),
    "question_facts": View(
        "Questions and whether they are answered. Grain: one row per question and topic of it.",
        f"""\
with {_TOPICS}
select
    questions.comment_id,
{_FILTERED},
    questions.author_name as author,
    questions.question,
    questions.answer_status,
    questions.expected_reply_count
from questions
join comments using (comment_id)
join thread_of on thread_of.thread_id = questions.thread_id
left join topic_of using (comment_id)
""",
        {
            "comment_id": "comment_id", **FILTERED, "author": "author_name", "question": "question",
            "answer_status": "answer_status", "expected_reply_count": "expected_reply_count",
        },
        {
            "question_count": ("Questions", "COUNT(DISTINCT comment_id)", ",d"),
            "expected_replies": ("Replies (expected)", "MAX(expected_reply_count)", ",.1f"),
        },
    ),
    "mention_facts": View(
        "What is mentioned. Grain: one row per mention and topic of its comment.",
        f"""\
with {_TOPICS}
select
    mentions.comment_id || ' ' || mentions.start_char || ' ' || mentions.kind as mention_id,
    mentions.comment_id,
{_FILTERED},
    comments.author_name as author,
    mentions.kind,
    mentions.canonical_name as name,
    citations.is_answered_by_host,
    citations.comment_id is not null as is_citation
from mentions
join comments using (comment_id)
join thread_of on thread_of.thread_id = mentions.thread_id
left join topic_of on topic_of.comment_id = mentions.comment_id
left join citations
    on citations.comment_id = mentions.comment_id and citations.canonical_id = mentions.canonical_id
""",
        {
            "mention_id": ("VARCHAR", "Comment, place and kind of the mention."),
            "comment_id": "comment_id", **FILTERED, "author": "author_name",
            "kind": "kind", "name": "canonical_name", "is_answered_by_host": "is_answered_by_host",
            "is_citation": ("BOOLEAN", "Whether it cites a publication, a trial or a page."),
        },
        {"mention_count": ("Mentions", "COUNT(DISTINCT mention_id)", ",d"), **COMMENT_COUNT},
    ),
    "capture_facts": View(
        "How much of each thread its captures hold. Grain: one row per thread.",
        """\
select
    threads.platform,
    coalesce(threads.title, threads.url, threads.thread_id) as thread,
    capture_completeness.declared_comment_count,
    capture_completeness.comment_count,
    capture_completeness.captured_share
from capture_completeness
join threads using (thread_id)
""",
        {
            "platform": "platform", "thread": "title", "declared_comment_count": "declared_comment_count",
            "comment_count": "comment_count", "captured_share": "captured_share",
        },
        {},
    ),
}  # fmt: skip


class Chart(NamedTuple):
    """A chart: what Superset shows and asks, and our SQL for the same figures."""

    name: str
    says: str
    dataset: str
    viz: str
    width: int
    sql: str
    columns: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    """Column or metric, and whether it ascends."""
    filters: tuple[tuple[str, str, Any], ...] = ()
    limit: int = 1000
    format: str = "SMART_NUMBER"
    axes: tuple[str, str] = ("", "")
    """Titles of a bar chart's axes."""


OPEN = (("answer_status", "==", "open"),)

CHARTS = (
    Chart(
        "Threads", "Threads of which comments are shown here.",
        "comment_facts", "big_number_total", 2,
        "select count(*) as thread_count from threads where comment_count > 0",
        metrics=("thread_count",), format=",d",
    ),
    Chart(
        "Comments", "Comments captured, deleted ones included.",
        "comment_facts", "big_number_total", 2,
        "select sum(comment_count)::bigint as comment_count from thread_engagement",
        metrics=("comment_count",), format=",d",
    ),
    Chart(
        "Replies (expected)", "The sum of the probabilities: the number to trust where replies were inferred.",
        "comment_facts", "big_number_total", 2,
        "select sum(expected_reply_count) as expected_replies_given from thread_engagement",
        metrics=("expected_replies_given",), format=",.1f",
    ),
    Chart(
        "Open questions", "Questions that nobody has answered.",
        "question_facts", "big_number_total", 2,
        "select count(*) as question_count from questions where answer_status = 'open'",
        metrics=("question_count",), filters=OPEN, format=",d",
    ),
    Chart(
        "Published", "When the tables you are looking at were published, UTC.",
        "runs", "table", 4,
        "select published_at, threadmill_version from runs",
        columns=("published_at", "threadmill_version"),
    ),
    Chart(
        "Comments over time", "Of what is dated; a copied page often isn't.",
        "comment_facts", "echarts_timeseries_bar", 12,
        "select created_on, count(*) as comment_count from comments"
        " where created_on is not null group by all order by 1",
        columns=("created_on",), metrics=("comment_count",), order=(("created_on", True),),
        filters=(("created_on", "IS NOT NULL", None),), limit=10_000, format=",d", axes=("", "Comments"),
    ),
    Chart(
        "Topics by replies drawn", "A comment may have several topics, so these don't add up to all replies.",
        "comment_facts", "table", 6,
        "select label as topic, comment_count, author_count, expected_reply_count as expected_replies_drawn"
        " from topic_engagement join topics using (topic_id, label)"
        " where comment_count > 0 order by 4 desc, 1 limit 25",
        columns=("topic",), metrics=("comment_count", "author_count", "expected_replies_drawn"),
        order=(("expected_replies_drawn", False), ("topic", True)),
        filters=(("topic", "!=", NO_TOPIC),), limit=25,
    ),
    Chart(
        "Authors", "What each gives and draws.",
        "comment_facts", "table", 6,
        "select author_name as author, count(*) as comment_count, sum(reply_probability) as expected_replies_given,"
        " sum(expected_reply_count) as expected_replies_drawn from comments join comment_engagement using (comment_id)"
        " where author_name is not null group by all order by 4 desc, 1 limit 1000",
        columns=("author",), metrics=("comment_count", "expected_replies_given", "expected_replies_drawn"),
        order=(("expected_replies_drawn", False), ("author", True)), limit=1000,
        filters=(("author", "IS NOT NULL", None),),
    ),
    Chart(
        "Who answers whom", "The 20 pairs with the most expected replies.",
        "reply_facts", "graph_chart", 12,
        "select one.author_name as author, other.author_name as answers,"
        " sum(pairs.expected_reply_count) as expected_reply_count from author_pairs pairs"
        " join authors one using (author_id) join authors other on other.author_id = pairs.partner_author_id"
        " where pairs.expected_reply_count > 0 group by all order by 3 desc, 1, 2 limit 20",
        columns=("author", "answers"), metrics=("expected_reply_count",),
        order=(("expected_reply_count", False), ("author", True), ("answers", True)), limit=20,
        filters=(("is_to_oneself", "IS FALSE", None),),
    ),
    Chart(
        "Unanswered questions", "What was asked, and nobody has answered.",
        "question_facts", "table", 6,
        "select author_name as author, question, max(expected_reply_count) as expected_replies from questions"
        " where answer_status = 'open' group by all order by 3, 2, 1 limit 50",
        columns=("author", "question"), metrics=("expected_replies",),
        order=(("expected_replies", True), ("question", True), ("author", True)),
        filters=OPEN, limit=50,
    ),
    Chart(
        "What is cited", "Publications, trials and addresses, and whether the host reacts.",
        "mention_facts", "table", 6,
        "select canonical_name as name, kind, count(*) as mention_count, count(distinct comment_id) as comment_count"
        " from mentions semi join citations using (comment_id, canonical_id)"
        " group by all order by 3 desc, 1, 2 limit 100",
        columns=("name", "kind"), metrics=("mention_count", "comment_count"),
        order=(("mention_count", False), ("name", True), ("kind", True)),
        filters=(("is_citation", "IS TRUE", None),), limit=100,
    ),
    Chart(
        "Mentions by kind", "What sort of thing is mentioned.",
        "mention_facts", "echarts_timeseries_bar", 6,
        "select kind, count(*) as mention_count from mentions group by all order by 2 desc, 1 limit 15",
        columns=("kind",), metrics=("mention_count",),
        order=(("mention_count", False), ("kind", True)), limit=15, format=",d", axes=("", "Mentions"),
    ),
    Chart(
        "Depth of replies", "Comments by nesting level in the best tree; 0 is the top.",
        "comment_facts", "echarts_timeseries_bar", 6,
        "select depth, count(*) as comment_count from comments where depth is not null group by all order by 1",
        columns=("depth",), metrics=("comment_count",), order=(("depth", True),),
        filters=(("depth", "IS NOT NULL", None),), format=",d", axes=("Depth", "Comments"),
    ),
    Chart(
        "How sure the replies are", "Inferred replies by tenth of confidence.",
        "reply_facts", "echarts_timeseries_bar", 6,
        "select confidence_from, sum(reply_count)::bigint as reply_count from reply_confidence"
        " where is_inferred group by all order by 1",
        columns=("confidence_from",), metrics=("reply_count",), order=(("confidence_from", True),),
        filters=(("is_inferred", "IS TRUE", None), ("confidence_from", "IS NOT NULL", None)),
        format=",d", axes=("Confidence, from", "Replies"),
    ),
    Chart(
        "Capture", "How much of each thread its captures hold.",
        "capture_facts", "table", 6,
        "select coalesce(title, url, threads.thread_id) as thread, c.declared_comment_count, c.comment_count,"
        " captured_share from capture_completeness c join threads using (thread_id) order by 1, 3",
        columns=("thread", "declared_comment_count", "comment_count", "captured_share"),
        order=(("thread", True), ("comment_count", True)),
    ),
)  # fmt: skip
