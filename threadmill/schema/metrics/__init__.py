"""The contract of each metric, in one place: `docs/metrics.md` and its test are made from `METRICS`.

A metric of several tables stands in the module of the first of them.
"""

from threadmill import schema
from threadmill.schema.metrics import authors, comments, entities, quality, threads, topics
from threadmill.schema.metrics.contract import Metric

GROUPS = ("engagement", "topics", "quality")
METRICS: tuple[Metric, ...] = (
    *comments.METRICS,
    *threads.METRICS,
    *authors.METRICS,
    *entities.METRICS,
    *quality.METRICS,
    *topics.METRICS,
)

_HEAD = """# Metrics

Generated from `threadmill/schema/metrics/` by `pytest --bless`. `threadmill describe TABLE` explains all other columns.

- **The post is the root of the tree.** A top-level comment is attached to the post: its `depth` is 0, its level 1. N in a formula
  includes the post.
- **Best tree and expectation.** Where a page lost who answers whom, `replies` holds the best tree: one parent per comment. Some are wrong,
  and its totals are biased. A metric marked *expectation* sums the probabilities in `reply_candidates` instead; use it for
  totals. All other metrics count the best tree.
- **Small samples.** Rates are k of n. Their confidence interval is given from n = 1. Below its minimum n a metric is null. Tables with
  `has_enough_comments` are the exception: they always give shares and `lift`, and that column says which rows are enough to compare.
- **Days** are those of `created_at` in UTC. If only the day is known, it is the page's, whatever its time zone.
- **Response times** need both times. Where a capture lost them the metric is null, and a column named `…_reason` says why.
- **Answers** are direct replies by another author; a follow-up of one's own answers nothing. Whether a reply without an author is
  an answer is unknown, and comments for which this matters are left out of shares, numerator and denominator.
"""

_SIGNALS = """## Signals of comments

Three columns of `comments` say from the wording whether a comment asks, thanks or tells of its author's own experience. How often
they agree with labels made by hand; `pytest tests/threads/test_signals.py` measures the first three lines.

| Signal | Labelled with | P | R |
|---|---|---|---|
| `is_question` | 42 comments of the sample, 12 questions | .769 | .833 |
| `is_gratitude` | the same, 3 with gratitude or praise | 1 | .667 |
| `is_own_experience` | the same, 12 with self-disclosure | .769 | .833 |
| `is_gratitude` | GoEmotions, 54,263 comments, 3,372 with gratitude (not in the repository) | .937 | .849 |

Three labels are called rhetorical and count as wrong; two questions have no mark. The patterns for own experience were
written with the thread at hand: 42 comments say little about other text. Over a share of comments these errors are a bias
that no interval shows.
"""


def markdown() -> str:
    """Return `docs/metrics.md`."""
    parts = [_HEAD]
    for name, table in schema.TABLES.items():
        if table.group in GROUPS:
            parts.append(f"## {name}\n\n{table.meaning} Grain: {table.grain}.\n")
            parts += [_section(metric) for metric in of(name)]
    return "\n".join([*parts, _SIGNALS])


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
