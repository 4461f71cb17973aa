"""The contract of each metric, said once: `docs/metrics.md` and its test are made from `METRICS`."""

from typing import NamedTuple

from flows import schema

GROUPS = ("engagement", "quality")


class Metric(NamedTuple):
    """What a column measures. Its unit is in `schema.COLUMNS`, its grain in `schema.TABLES`."""

    name: str
    tables: str
    """The tables that have it, separated by blanks."""
    term: str
    """What the field calls it."""
    formula: str
    source: str
    range: str
    null_when: str = "never"
    minimum_n: str = "1"
    is_expectation: bool = False
    """Sums probabilities of reply_candidates instead of counting the best tree."""


OWN = "Threadmill"
WHITTAKER = "Whittaker et al. 1998, The dynamics of mass interaction"
WILSON = "Wilson 1927, Probable inference; z = 1.959964"
KAPLAN_MEIER = "Kaplan & Meier 1958, Nonparametric estimation from incomplete observations"
GOMEZ = "Gómez, Kaltenbrunner & López 2008, Statistical analysis of … Slashdot"
GOEL = "Goel, Anderson, Hofman & Watts 2016, The structural virality of online diffusion"
BACKSTROM = "Backstrom, Kleinberg, Lee & Danescu-Niculescu-Mizil 2013, Characterizing and curating conversation threads"
GOH = "Goh & Barabási 2008, Burstiness and memory in complex systems"
WASSERMAN = "Wasserman & Faust 1994, Social network analysis, ch. 13"
GINI = "Gini 1912; for participation, van Mierlo, Hyatt & Ching 2016, Employing the Gini coefficient to measure participation inequality"

BOUMA = "Bouma 2009, Normalized (pointwise) mutual information in collocation extraction"

NATURAL = "0, 1, 2, …"
SHARE = "0 to 1"
REAL = "0 or more"
BOOLEAN = "true, false"

CANDIDATES = "; probabilities from reply_candidates, an explicit reply is 1"


def _interval(share: str, tables: str, formula: str) -> tuple[Metric, ...]:
    said = f"(k + z²/2 {{}} z √(k (n - k)/n + z²/4)) / (n + z²), {formula}"
    return (
        Metric(
            f"{share}_low",
            tables,
            "Wilson score interval, lower bound, 95 %",
            said.format("-"),
            WILSON,
            SHARE,
            "n is 0",
        ),
        Metric(
            f"{share}_high",
            tables,
            "Wilson score interval, upper bound, 95 %",
            said.format("+"),
            WILSON,
            SHARE,
            "n is 0",
        ),
    )


def _host_wait(name: str, part: str) -> Metric:
    return Metric(
        name,
        "thread_engagement",
        f"host response time, {part}",
        f"the least t with S(t) ≤ 1 - p, where S(t) = Π (1 - d/n) over the times up to t at which d of the n comments "
        f"by others that still wait are answered by the host; p is {part}. A comment not answered waits until "
        "captured_at and is never dropped; a negative time counts as 0",
        KAPLAN_MEIER,
        REAL,
        "see host_response_reason",
        "5 comments by others",
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        "mention_count",
        "entity_engagement citations",
        "mentions",
        "rows of mentions of the thing",
        OWN,
        "1 or more",
    ),
    Metric(
        "comment_count",
        "entity_engagement",
        "document frequency",
        "different comments that mention the thing; quotations and quantities are no things",
        OWN,
        "1 or more",
    ),
    Metric(
        "comment_count",
        "entity_pairs",
        "co-occurrence",
        "different comments that mention both",
        OWN,
        "2 or more",
    ),
    Metric(
        "author_count",
        "entity_engagement",
        "audience",
        "different author_id among the comments that mention it",
        OWN,
        NATURAL,
    ),
    Metric(
        "thread_count",
        "entity_engagement entity_pairs",
        "spread",
        "different threads with such a comment",
        OWN,
        "1 or more",
    ),
    Metric(
        "reply_count",
        "entity_engagement citations",
        "replies drawn",
        "the sum of reply_count of the comments that mention it",
        OWN,
        NATURAL,
    ),
    Metric(
        "question_count",
        "entity_engagement",
        "questions about it",
        "comments that mention it and are rows of questions",
        OWN,
        NATURAL,
    ),
    Metric(
        "is_answered_by_host",
        "citations",
        "host reaction",
        "the host has a direct reply to the comment",
        OWN,
        BOOLEAN,
        "the host isn't known",
    ),
    Metric(
        "is_liked_by_host",
        "citations",
        "host reaction",
        "the page says that the host liked the comment",
        OWN,
        BOOLEAN,
        "the capture doesn't say it",
    ),
    Metric(
        "npmi",
        "entity_pairs",
        "normalised pointwise mutual information",
        "ln(n(x, y) N / (n(x) n(y))) / ln(N / n(x, y)) of comment counts; N is all comments",
        BOUMA,
        "-1 to 1",
        "fewer than 5 comments mention both",
        "5",
    ),
    Metric(
        "comment_count",
        "thread_engagement author_engagement daily_engagement capture_completeness",
        "thread length, participation",
        "comments captured, deleted ones included; the post isn't one",
        OWN,
        NATURAL,
    ),
    Metric(
        "author_count",
        "thread_engagement daily_engagement",
        "participants",
        "different author_id among the comments",
        WHITTAKER,
        NATURAL,
    ),
    Metric(
        "thread_count",
        "author_engagement daily_engagement",
        "threads",
        "different thread_id",
        OWN,
        NATURAL,
    ),
    Metric(
        "comments_per_author",
        "thread_engagement",
        "messages per participant",
        "comments with an author / authors",
        WHITTAKER,
        "1 or more",
        "no comment has an author",
    ),
    Metric(
        "top_level_count",
        "thread_engagement daily_engagement",
        "thread initiations",
        "comments with parent_status top_level",
        OWN,
        NATURAL,
    ),
    Metric(
        "top_level_share",
        "thread_engagement",
        "initiation ratio",
        "top-level comments / comments with a decided parent (top_level, explicit, inferred)",
        OWN,
        SHARE,
        "no comment has a decided parent",
    ),
    *_interval("top_level_share", "thread_engagement", "k top-level of n decided comments"),
    Metric(
        "expected_top_level_share",
        "thread_engagement",
        "expected initiation ratio",
        "mean of 1 - reply_probability" + CANDIDATES,
        OWN,
        SHARE,
        "no comment has a decided parent",
        is_expectation=True,
    ),
    Metric(
        "reply_probability",
        "comment_engagement",
        "probability of being a reply",
        "1 - the probability of kind top_level; 0 or 1 where the source gives the parent",
        OWN,
        SHARE,
        "the parent is missing or not decided",
        is_expectation=True,
    ),
    Metric(
        "reply_count",
        "comment_engagement thread_engagement author_engagement author_pairs daily_engagement questions "
        "reply_confidence",
        "in-degree (of a comment), replies given (by an author, on a day, in a thread)",
        "rows of replies: with it as parent_comment_id for a comment; by the author; in the thread",
        OWN,
        NATURAL,
    ),
    Metric(
        "expected_reply_count",
        "comment_engagement thread_engagement author_engagement author_pairs daily_engagement questions",
        "expected in-degree, expected replies given",
        "Σ probability of the candidate that is the comment (of its author, for a pair); for an author, a thread or a "
        "day Σ reply_probability of the comments"
        + CANDIDATES
        + ". What candidates leave to `other` belongs to no comment: sums over comments and pairs fall short by it",
        OWN,
        REAL,
        is_expectation=True,
    ),
    Metric(
        "reply_share",
        "thread_engagement",
        "interactivity, reply ratio",
        "replies / comments with a decided parent = 1 - top_level_share",
        OWN,
        SHARE,
        "no comment has a decided parent",
    ),
    *_interval("reply_share", "thread_engagement", "k replies of n decided comments"),
    Metric(
        "inferred_reply_share",
        "thread_engagement",
        "share of inferred edges",
        "replies with is_inferred / replies",
        OWN,
        SHARE,
        "the thread has no replies",
    ),
    Metric(
        "mean_reply_confidence",
        "thread_engagement",
        "mean edge confidence",
        "Σ confidence / count, of the inferred replies",
        OWN,
        SHARE,
        "no reply is inferred",
    ),
    Metric(
        "replier_count",
        "comment_engagement",
        "distinct repliers",
        "different author_id among the direct replies, its own author left out",
        OWN,
        NATURAL,
    ),
    Metric(
        "descendant_count",
        "comment_engagement",
        "subtree size - 1, cascade size",
        "comments whose way up the best tree passes through it",
        GOEL,
        NATURAL,
        "the parents above it run in a loop",
    ),
    Metric(
        "subtree_depth",
        "comment_engagement",
        "height of the subtree",
        "levels between it and its deepest descendant",
        GOEL,
        NATURAL,
        "the parents above it run in a loop",
    ),
    Metric(
        "depth",
        "comment_engagement",
        "nesting level - 1",
        "replies between it and the top level; a top-level comment is 0, its distance to the post 1",
        GOMEZ,
        NATURAL,
        "the parent is missing or not decided, here or above",
    ),
    Metric(
        "is_answered",
        "comment_engagement",
        "answered",
        "has a direct reply by another author; the author's own follow-up is none",
        OWN,
        BOOLEAN,
        "its author isn't known",
    ),
    Metric(
        "is_answered_by_host",
        "comment_engagement questions",
        "answered by the host",
        "has a direct reply by the post's author, not on a comment of their own",
        OWN,
        BOOLEAN,
        "the host isn't known; in questions also when answer_status is unknown",
    ),
    Metric(
        "first_response_s",
        "comment_engagement questions",
        "time to first response",
        "least time from the comment to a direct reply by another author; a platform's clock can make it negative",
        OWN,
        "any",
        "see first_response_reason: without an answer, or unless all answers are timed",
    ),
    Metric(
        "host_response_s",
        "comment_engagement",
        "time to host response",
        "the same for direct replies by the host",
        OWN,
        "any",
        "the host didn't reply or isn't known, or one of the replies isn't timed",
    ),
    Metric(
        "answered_count",
        "thread_engagement author_engagement daily_engagement",
        "answered comments",
        "comments with is_answered",
        OWN,
        NATURAL,
    ),
    Metric(
        "answered_share",
        "thread_engagement",
        "answered share, reply rate",
        "comments with is_answered / comments with an author",
        OWN,
        SHARE,
        "no comment has an author",
    ),
    *_interval("answered_share", "thread_engagement", "k answered of n comments with an author"),
    Metric(
        "host_comment_count",
        "thread_engagement daily_engagement",
        "host participation",
        "comments with is_host",
        OWN,
        NATURAL,
        "the host isn't known",
    ),
    Metric(
        "host_share",
        "thread_engagement",
        "host share",
        "comments with is_host / comments",
        OWN,
        SHARE,
        "the host isn't known, or there are no comments",
    ),
    *_interval(
        "host_share",
        "thread_engagement",
        "k by the host of n comments; also null when the host isn't known",
    ),
    Metric(
        "host_answered_count",
        "thread_engagement",
        "comments the host answered",
        "comments by others with is_answered_by_host",
        OWN,
        NATURAL,
        "the host isn't known",
    ),
    Metric(
        "host_reply_share",
        "thread_engagement",
        "host reply rate",
        "comments by others with is_answered_by_host / comments by others",
        OWN,
        SHARE,
        "the host isn't known, or n is below the minimum",
        "5 comments by others",
    ),
    *_interval("host_reply_share", "thread_engagement", "k answered by the host of n by others"),
    _host_wait("host_response_p15_s", "0.15"),
    _host_wait("host_response_median_s", "0.5"),
    _host_wait("host_response_p85_s", "0.85"),
    Metric(
        "max_depth",
        "thread_engagement",
        "tree depth",
        "largest depth; the post is one level further up",
        GOMEZ,
        NATURAL,
        "no depth is known",
    ),
    Metric(
        "mean_depth",
        "thread_engagement",
        "mean depth",
        "Σ depth / comments whose depth is known",
        GOMEZ,
        REAL,
        "no depth is known",
    ),
    Metric(
        "max_width",
        "thread_engagement",
        "maximum width",
        "most comments at one depth",
        GOMEZ,
        "1 or more",
        "no depth is known",
    ),
    Metric(
        "h_index",
        "thread_engagement",
        "h-index of a discussion, controversy",
        "largest h with at least h comments at level h; the post is level 0. (The paper also words it as: level h + 1 "
        "is the first with fewer than h + 1 comments. That differs where a level is wider than one above it; this is "
        "the maximum.)",
        GOMEZ,
        NATURAL,
        "no depth is known",
    ),
    Metric(
        "structural_virality",
        "thread_engagement",
        "structural virality (Wiener index / pairs)",
        "2N/(N - 1) · (Σs/N - Σs²/N²) over the subtree sizes s of the post and of all comments under it; N counts the "
        "post, so Σs begins with N. The mean distance between two of them",
        GOEL,
        "1 or more",
        "no depth is known",
    ),
    Metric(
        "participation_gini",
        "thread_engagement",
        "participation inequality",
        "(2 Σ i·x_i - (n + 1) Σ x_i) / (n Σ x_i), x_i the comments of the n authors in rising order",
        GINI,
        "0 to (n - 1)/n",
        "n is below the minimum",
        "5 authors",
    ),
    Metric(
        "top_tenth_share",
        "thread_engagement",
        "top-10 % share",
        "comments of the ⌈n/10⌉ most active authors / comments with an author",
        GINI,
        SHARE,
        "n is below the minimum",
        "10 authors",
    ),
    Metric(
        "returning_author_count",
        "thread_engagement",
        "re-entering users",
        "authors with two comments or more",
        BACKSTROM,
        NATURAL,
    ),
    Metric(
        "reentry_share",
        "thread_engagement",
        "re-entry",
        "authors with two comments or more / authors",
        BACKSTROM,
        SHARE,
        "n is below the minimum",
        "5 authors",
    ),
    *_interval("reentry_share", "thread_engagement", "k returning of n authors"),
    Metric(
        "dyad_count",
        "thread_engagement",
        "asymmetric and mutual dyads",
        "unordered pairs of different authors with a reply between them",
        WASSERMAN,
        NATURAL,
    ),
    Metric(
        "mutual_dyad_count",
        "thread_engagement",
        "mutual dyads",
        "such pairs with replies both ways",
        WASSERMAN,
        NATURAL,
    ),
    Metric(
        "reciprocity_share",
        "thread_engagement author_engagement",
        "dyadic reciprocity",
        "mutual dyads / dyads; for an author, of the dyads they are in",
        WASSERMAN,
        SHARE,
        "n is below the minimum",
        "5 dyads",
    ),
    *_interval("reciprocity_share", "thread_engagement author_engagement", "k mutual of n dyads"),
    Metric(
        "expansion_share",
        "thread_engagement",
        "focused versus expansionary",
        "(authors - 1) / (comments with an author - 1)",
        BACKSTROM
        + "; they compare the number of commenters at equal length, this scales it to the possible range",
        SHARE,
        "n is below the minimum",
        "5 comments with an author",
    ),
    Metric(
        "is_expansionary",
        "thread_engagement",
        "expansionary; if not, focused",
        "expansion_share > 0.5",
        BACKSTROM,
        BOOLEAN,
        "as expansion_share",
        "5 comments with an author",
    ),
    Metric(
        "burstiness",
        "thread_engagement",
        "burstiness parameter B",
        "(σ - μ)/(σ + μ) of the times between comments that follow each other in time, σ of the population",
        GOH,
        "-1 to 1; n gaps reach (√(n - 1) - 1)/(√(n - 1) + 1) at most",
        "see timing_reason",
        "5 comments, 9 in 10 timed",
    ),
    Metric(
        "half_life_s",
        "thread_engagement",
        "half-life of a discussion",
        "from the first timed comment to the ⌈n/2⌉-th of n",
        OWN,
        REAL,
        "see timing_reason",
        "5 comments, 9 in 10 timed",
    ),
    Metric(
        "captured_share",
        "thread_engagement capture_completeness",
        "capture completeness",
        "comments captured / comments declared",
        OWN,
        REAL,
        "the page declares none",
    ),
    Metric(
        "like_count",
        "comment_engagement thread_engagement author_engagement daily_engagement",
        "likes, score",
        "Σ likes shown",
        OWN,
        "any",
        "the capture shows none",
    ),
    Metric(
        "mention_count",
        "comment_engagement thread_engagement author_pairs",
        "mentions",
        "rows of mentions; for a pair, those of the partner by the author",
        OWN,
        NATURAL,
    ),
    Metric(
        "is_returning",
        "author_engagement",
        "returning, else newcomer",
        "thread_count > 1",
        OWN,
        BOOLEAN,
        "fewer than two threads of the publication are captured, or it isn't known",
        "2 threads captured",
    ),
    Metric(
        "self_reply_count",
        "author_engagement",
        "self-replies",
        "replies whose parent is the same author's",
        OWN,
        NATURAL,
    ),
    Metric(
        "self_reply_share",
        "author_engagement",
        "share of self-replies",
        "self-replies / replies given whose parent has an author",
        OWN,
        SHARE,
        "n is below the minimum",
        "5 replies",
    ),
    *_interval("self_reply_share", "author_engagement", "k to own comments of n replies"),
    Metric(
        "received_reply_count",
        "author_engagement",
        "in-degree of an author",
        "replies by other authors to the author's comments",
        OWN,
        NATURAL,
    ),
    Metric(
        "expected_received_reply_count",
        "author_engagement",
        "expected in-degree of an author",
        "Σ expected_reply_count of author_pairs towards the author"
        + CANDIDATES
        + ", and `other` is nobody's",
        OWN,
        REAL,
        is_expectation=True,
    ),
    Metric(
        "partner_count",
        "author_engagement",
        "degree in the reply network",
        "different other authors replied to or replied by",
        WASSERMAN,
        NATURAL,
    ),
    Metric(
        "mutual_partner_count",
        "author_engagement",
        "mutual ties",
        "partners with replies both ways",
        WASSERMAN,
        NATURAL,
    ),
    Metric(
        "is_mutual",
        "author_pairs",
        "mutual tie",
        "replies go both ways between the two",
        WASSERMAN,
        BOOLEAN,
    ),
    Metric(
        "question_count",
        "author_engagement",
        "questions asked",
        "rows of questions: comments with a question mark after a word, addresses left out",
        OWN,
        NATURAL,
    ),
    Metric(
        "answered_question_count",
        "author_engagement",
        "answered questions",
        "questions with answer_status answered",
        OWN,
        NATURAL,
    ),
    Metric(
        "question_answered_share",
        "author_engagement",
        "answered share of own questions",
        "questions answered / questions answered or open",
        OWN,
        SHARE,
        "n is below the minimum",
        "5 questions",
    ),
    *_interval("question_answered_share", "author_engagement", "k answered of n answered or open"),
    Metric(
        "dated_share",
        "daily_engagement capture_completeness",
        "share dated",
        "comments with created_on / comments, of the platform (of the thread in capture_completeness)",
        OWN,
        SHARE,
        "there are no comments",
    ),
    Metric(
        "band_share",
        "reply_confidence",
        "share of a confidence band",
        "replies in the tenth / replies of the platform",
        OWN,
        SHARE,
    ),
    Metric(
        "expected_right_count",
        "reply_confidence",
        "expected true positives",
        "Σ confidence of the replies in the tenth",
        OWN,
        REAL,
        is_expectation=True,
    ),
    *(
        Metric(name, "capture_completeness", term, formula, OWN, span, null)
        for name, term, formula, span, null in (
            (
                "declared_comment_count",
                "declared size",
                "as the page says",
                NATURAL,
                "it doesn't say",
            ),
            (
                "hidden_comment_count",
                "collapsed comments",
                "as the page says",
                NATURAL,
                "it doesn't say",
            ),
            (
                "authored_share",
                "share with an author",
                "comments with author_id / comments",
                SHARE,
                "no comments",
            ),
            (
                "parent_known_share",
                "share of explicit edges",
                "comments whose parent_status the source gives / comments; 0 in an inferred thread",
                SHARE,
                "no comments",
            ),
            ("deleted_count", "deleted comments", "comments with is_deleted", NATURAL, "never"),
            ("duplicate_count", "duplicates", "comments with duplicate_of", NATURAL, "never"),
            (
                "line_count",
                "lines",
                "lines of the document that aren't blank",
                NATURAL,
                "the format has none",
            ),
            (
                "furniture_line_count",
                "page furniture",
                "lines that are the page's own",
                NATURAL,
                "as line_count",
            ),
            (
                "unrecognised_line_count",
                "unread lines",
                "lines not recognised",
                NATURAL,
                "as line_count",
            ),
        )
    ),
)

_HEAD = """# Metrics

Made from `flows/metrics.py`; `pytest --bless` writes it anew. What the tables' other columns mean is said by
`threadmill describe TABLE`.

- **The post is the root of the tree.** A top-level comment hangs at the post: its `depth` is 0, its level 1.
  Where a formula has N, it counts the post.
- **Best tree and expectation.** In a thread whose replies were lost, `replies` holds the best tree: one parent for each
  comment, some of them wrong, and biased as a whole. A metric marked *expectation* sums the probabilities of
  `reply_candidates` instead and is the one to trust for totals. All others count the best tree.
- **Rates** are k of n. Where n is small the interval says how little is known; below the minimum n the rate itself
  is null.
- **Times** need `created_at` of both ends. Where a capture lost them they are null, and a column named
  `…_reason` says why.
- **Answers** are direct replies by another author: an author's own follow-up answers nothing.
"""


def markdown() -> str:
    """Return `docs/metrics.md`."""
    parts = [_HEAD]
    for name, table in schema.TABLES.items():
        if table.group in GROUPS:
            parts.append(f"## {name}\n\n{table.meaning} Grain: {table.grain}.\n")
            parts += [_section(metric) for metric in of(name)]
    return "\n".join(parts)


def of(table: str) -> list[Metric]:
    """Return the metrics of `table`, in the order of its columns."""
    order = schema.TABLES[table].columns
    here = [metric for metric in METRICS if table in metric.tables.split()]
    return sorted(here, key=lambda metric: order.index(metric.name))


def _section(metric: Metric) -> str:
    unit = schema.COLUMNS[metric.name].unit or "none"
    lines = [
        f"### `{metric.name}`",
        "",
        f"- **Term:** {metric.term}",
        f"- **Formula:** {metric.formula}",
        f"- **Source:** {metric.source}",
        f"- **Unit:** {unit} · **Range:** {metric.range}",
        f"- **Null when:** {metric.null_when} · **Minimum n:** {metric.minimum_n}",
        f"- **Expectation over inferred replies:** {'yes' if metric.is_expectation else 'no'}",
    ]
    return "\n".join(lines) + "\n"
