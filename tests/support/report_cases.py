"""Published tables to report on: talk that breaks badly made pages, and talk whose source knows everything."""

import polars as pl

from support import model_cases
from threadmill import paths, schema
from threadmill.models import dependencies

RAW = [
    "<script>document.title = 'owned'</script>",
    "</style></title></textarea><script>document.title = 'owned'</script>",
    '"><img src="https://example.com/x.png" onerror="document.title=1">',
    "' onmouseover='document.title=1",
    "javascript:document.title=1",
    "<svg/onload=document.title=1><a href=javascript:alert(1)>x</a>",
    "{{ 7 * 7 }}{% raw %}<!-- <b>&amp;&lt;",
    "\u202egnp.exe \u2066\u2067 right to left",
    "nul \x00 bell \x07 escape \x1b[31m",
    "[x](javascript:alert(1)) ]]> \\u003cscript>",
    "</code></pre></details></main><h1>outside</h1>",
    "word" * 200,
]
"""What comments may hold: mark-up, scripts, addresses that aren't, and characters that turn or hide text."""


def insert(con, table, rows):
    """Add `rows`, dicts that may leave columns out, to `table`."""
    frame = pl.DataFrame(rows, infer_schema_length=None)
    assert not set(frame.columns) - set(schema.TABLES[table].columns)
    con.register("rows_to_insert", frame.to_arrow())
    con.execute(f"insert into {table} by name from rows_to_insert")


def published(threads, comments, **others):
    """Return a connection to tables with these rows, and the aggregates made of them."""
    con = model_cases.warehouse()
    run = {
        "run_id": "r",
        "published_at": "2026-01-05 10:00:00",
        "threadmill_version": "0",
        "profile": "full",
    }
    insert(con, "runs", [run])
    given = {"source_path": "x/one.txt"}
    insert(con, "threads", [given | one for one in threads])
    others["comments"] = comments
    for table, rows in others.items():
        if rows:
            insert(con, table, rows)
    model_cases.make(con, *dependencies.queries())
    return con


def comment(number, thread_id, name="Ada", text="Words.", parent=None, **more):
    """Return a comment's row; `parent` is the number of the one it answers."""
    row = {
        "comment_id": f"{thread_id}#{number}",
        "thread_id": thread_id,
        "platform": "x",
        "position": number,
        "author_id": f"x:{name}",
        "author_name": name,
        "is_host": False,
        "created_precision": "none",
        "is_created_resolved": False,
        "is_deleted": False,
        "text": text,
        "word_count": 1,
        "is_question": False,
        "is_gratitude": False,
        "is_own_experience": False,
        "parent_status": "top_level" if parent is None else "explicit",
        "parent_comment_id": None if parent is None else f"{thread_id}#{parent}",
    }
    return row | more


def reply(child, parent, **more):
    """Return the reply's row that joins two comments' rows."""
    row = {
        "comment_id": child["comment_id"],
        "thread_id": child["thread_id"],
        "parent_comment_id": parent["comment_id"],
        "author_id": child["author_id"],
        "parent_author_id": parent["author_id"],
        "depth": 1,
        "is_inferred": False,
        "confidence": 1.0,
        "evidence": "the source",
    }
    return row | more


def hostile():
    """Return tables in which every text is one of `RAW`, half of the replies inferred."""
    thread_id = "x:it's </script><script>document.title = 'owned'</script>\u202e"
    comments, replies, candidates, mentions, terms = [], [], [], [], []
    for number, text in enumerate(RAW):
        parent = number - 1 if number % 3 else None
        is_inferred = number % 2 == 0 and parent is not None
        row = comment(number, thread_id, text, text + " what?", parent, depth=number % 3)
        row |= {"created_text": text, "is_host": number == 0}
        if is_inferred:
            row["parent_status"] = "inferred"
            said = {"comment_id": row["comment_id"], "thread_id": thread_id, "is_inferred": True}
            likely = {"rank": 1, "kind": "comment", "probability": 0.6}
            likely["parent_comment_id"] = comments[0]["comment_id"]
            candidates += [
                said | likely,
                said | {"rank": 2, "kind": "top_level", "probability": 0.4},
            ]
        if parent is not None:
            reason = {"is_inferred": is_inferred, "confidence": 0.6, "evidence": text}
            replies.append(reply(row, comments[parent], **reason))
        mention = {
            "comment_id": row["comment_id"],
            "thread_id": thread_id,
            "author_id": row["author_id"],
            "start_char": 0,
            "end_char": 4,
            "surface": text,
            "kind": "url" if number % 2 else "person",
            "canonical_id": f"{'url' if number % 2 else 'person'}:{text}",
            "canonical_name": text,
            "rule": "r",
            "confidence": 1.0,
        }
        mentions.append(mention)
        terms.append(
            {"topic_id": f"t{number}", "label": text, "version": "1", "origin": text, "rank": 1}
            | {"term": "what", "weight": 1.0 + number}
        )
        comments.append(row)
    thread = {
        "thread_id": thread_id,
        "platform": RAW[0],
        "source_format": "f",
        "title": RAW[1],
        "url": "javascript:document.title=1",
        "host_name": RAW[0],
        "comment_count": len(comments),
        "source_path": "p",
        "source_sha256": "0",
    }
    return published(
        [thread],
        comments,
        replies=replies,
        reply_candidates=candidates,
        mentions=mentions,
        topic_terms=terms,
    )


def timed():
    """Return a thread whose source gives parents, times and likes, and an empty one."""
    rows = [comment(0, "x:known", "Ada", "Who mends mills?", created_at="2026-01-05 10:00:00")]
    replies = []
    for number in range(1, 14):
        created = f"2026-01-05 {10 + number // 2}:{number * 4:02d}:00"
        parent = (number - 1) // 2
        row = comment(number, "x:known", f"Author {number % 5}", f"Answer {number}.", parent)
        row |= {"created_at": created, "created_on": "2026-01-05", "like_count": number}
        rows.append(row | {"depth": rows[parent].get("depth", 0) + 1})
        replies.append(reply(row, rows[parent], depth=row.get("depth", 1), response_s=240 * number))
    rows[0] |= {"depth": 0, "created_on": "2026-01-05", "like_count": 3}
    common = {"platform": "x", "source_format": "f", "source_path": "p", "source_sha256": "0"}
    threads = [
        common | {"thread_id": "x:known", "title": "Mills", "url": "https://example.com/mills"}
        | {"comment_count": len(rows), "declared_comment_count": len(rows), "host_name": "Ada"},
        common | {"thread_id": "x:silent", "comment_count": 0},
    ]  # fmt: skip
    return published(threads, rows, replies=replies)


def sql_folder():
    """Return where the questions of a report lie."""
    return paths.sql_folder() / "report"
