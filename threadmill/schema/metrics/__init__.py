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

Made from `threadmill/schema/metrics/`; `pytest --bless` writes it anew. What the tables' other columns mean is said by
`threadmill describe TABLE`.

- **The post is the root of the tree.** A top-level comment hangs at the post: its `depth` is 0, its level 1.
  Where a formula has N, it counts the post.
- **Best tree and expectation.** In a thread whose replies were lost, `replies` holds the best tree: one parent for each
  comment, some of them wrong, and biased as a whole. A metric marked *expectation* sums the probabilities of
  `reply_candidates` instead and is the one to trust for totals. All others count the best tree.
- **Small samples.** Rates are k of n. The interval is there from n = 1 and says how little is known; below the minimum n the
  rate itself is null, and so is any other metric that has a minimum. But a table with `has_enough_comments` always gives shares,
  `lift` and `npmi`, and that column says which are enough to compare by: `npmi` is null below 5 comments in `entity_pairs` alone.
- **Days** are those of `created_at` in UTC. A comment of which only the day is known has the day that the page says, in whatever
  zone.
- **Times** need `created_at` of both ends. Where a capture lost them they are null, and a column named
  `…_reason` says why.
- **Answers** are direct replies by another author: an author's own follow-up answers nothing, and whether one without a
  name does isn't known. Comments of which it isn't known are left out of shares, above and below.
"""

_SIGNALS = """## Signals of comments

`comments` says by form whether a comment asks, thanks or tells of its author's own life. How often that is right, against
labels made by hand; `pytest tests/threads/test_signals.py` measures the first three lines.

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
