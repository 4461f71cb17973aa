"""Export the published tables to formats of other tools: networks, a ConvoKit corpus, CSV, single Parquet files."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from threadmill import schema
from threadmill.publish import catalog, ledger
from threadmill.storage import beside
from threadmill.wording import counted

FETCHED_ROWS = 10_000
UNNAMED = "threadmill:unnamed"
"""The speaker of comments without an author: in ConvoKit every utterance has one."""

FORMULA_SAFE = 'if(regexp_matches("{0}", \'^[=+@\\t\\r-]\'), chr(39) || "{0}", "{0}") as "{0}"'

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML forbids."""


def write(con: duckdb.DuckDBPyConnection, form: str, folder: Path) -> dict[str, str]:
    """Write the tables that `con` sees to `folder` as `form`; return the content of each file in words, by its name.

    Args:
        con: sees the published tables.
        form: `graphml`, `gexf`, `convokit`, `csv`, `spreadsheet` or `parquet`.
        folder: created if missing; left empty if writing fails.

    Raises:
        ValueError: `folder` is a file or isn't empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder}: is not empty; export writes to a new or empty folder")
    forms = {
        "graphml": _write_graphml,
        "gexf": _write_gexf,
        "parquet": _write_parquet,
        "convokit": _write_convokit,
        "csv": _write_csv,
        "spreadsheet": _write_spreadsheet,
    }
    with beside.filling(folder) as new:
        written = forms[form](con, new)
    ledger.note_written(con, [folder / name for name in written])
    return written


def _fetch_rows(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    result = con.execute(query)
    while rows := result.fetchmany(FETCHED_ROWS):
        yield from rows


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(f"select count(*) from ({query})").fetchall()[0][0])


_AUTHORS = """
    select
        author_id, author_name as label, first_created_on as start, author_name, platform, is_host, comment_count,
        thread_count
    from author_engagement order by author_id"""
_AUTHOR_TYPES = {
    "label": "string",
    "start": "string",
    "author_name": "string",
    "platform": "string",
    "is_host": "boolean",
    "comment_count": "long",
    "thread_count": "long",
}
_NETWORKS = {
    "replies": (
        """
        with firsts as (
            select author_id, parent_author_id as partner_author_id, min(comments.created_on) as start
            from replies join comments using (thread_id, comment_id, author_id) group by all
        )
        select
            author_id, partner_author_id, expected_reply_count as weight, firsts.start, reply_count,
            expected_reply_count, is_mutual
        from author_pairs left join firsts using (author_id, partner_author_id)
        where reply_count > 0 or expected_reply_count > 0
        order by author_id, partner_author_id""",
        {
            "weight": "double",
            "start": "string",
            "reply_count": "long",
            "expected_reply_count": "double",
            "is_mutual": "boolean",
        },
    ),
    "mentions": (
        """
        with firsts as (
            select mentions.author_id, target_author_id as partner_author_id, min(comments.created_on) as start
            from mentions join comments using (thread_id, comment_id) group by all
        )
        select author_id, partner_author_id, mention_count::double as weight, firsts.start, mention_count
        from author_pairs left join firsts using (author_id, partner_author_id)
        where mention_count > 0
        order by author_id, partner_author_id""",
        {"weight": "double", "start": "string", "mention_count": "long"},
    ),
}


def _write_graphml(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Write each network as a directed graph of authors, with edges from those who reply or mention."""
    written = {}
    for name, (query, types) in _NETWORKS.items():
        with (folder / f"{name}.graphml").open("w", encoding="utf-8", newline="\n") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
            file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
            for owner, keys in (("node", _AUTHOR_TYPES), ("edge", types)):
                for key, type_ in keys.items():
                    file.write(
                        f'<key id="{owner}_{key}" for="{owner}" attr.name="{key}" attr.type="{type_}"/>\n'
                    )
            file.write(f'<graph id="{name}" edgedefault="directed">\n')
            for author_id, *values in _fetch_rows(con, _AUTHORS):
                data = _format_data("node", _AUTHOR_TYPES, values)
                file.write(f"<node id={_quote(author_id)}>{data}</node>\n")
            for source, target, *values in _fetch_rows(con, query):
                ends = f"source={_quote(source)} target={_quote(target)}"
                file.write(f"<edge {ends}>{_format_data('edge', types, values)}</edge>\n")
            file.write("</graph>\n</graphml>\n")
        authors, pairs = _count(con, _AUTHORS), _count(con, query)
        written[f"{name}.graphml"] = f"{counted(authors, 'author')}, {counted(pairs, 'pair')}"
    return written


def _write_gexf(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Write as `_write_graphml` does, in Gephi's own format: what has a `start` appears then on its timeline."""
    written = {}
    for name, (query, edge_types) in _NETWORKS.items():
        with (folder / f"{name}.gexf").open("w", encoding="utf-8", newline="\n") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
            file.write('<gexf xmlns="http://gexf.net/1.3" version="1.3">\n')
            file.write('<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n')
            for owner, own in (("node", _AUTHOR_TYPES), ("edge", edge_types)):
                file.write(f'<attributes class="{owner}" mode="static">\n')
                for key, type_ in own.items():
                    if key not in _GEXF_OWN:
                        file.write(f'<attribute id="{key}" title="{key}" type="{type_}"/>\n')
                file.write("</attributes>\n")
            file.write("<nodes>\n")
            for author_id, *values in _fetch_rows(con, _AUTHORS):
                node = _format_gexf(_AUTHOR_TYPES, values)
                file.write(f"<node id={_quote(author_id)}{node}</node>\n")
            file.write("</nodes>\n<edges>\n")
            for number, (source, target, *values) in enumerate(_fetch_rows(con, query)):
                ends = f"source={_quote(source)} target={_quote(target)}"
                file.write(f'<edge id="{number}" {ends}{_format_gexf(edge_types, values)}</edge>\n')
            file.write("</edges>\n</graph>\n</gexf>\n")
        authors, pairs = _count(con, _AUTHORS), _count(con, query)
        written[f"{name}.gexf"] = f"{counted(authors, 'author')}, {counted(pairs, 'pair')}"
    return written


_GEXF_OWN = {"label", "weight", "start"}
"""What is an attribute of the element itself."""


def _format_gexf(types: dict[str, str], values: list[Any]) -> str:
    known = {key: value for key, value in zip(types, values, strict=True) if value is not None}
    own = "".join(
        f" {key}={_quote(_format_value(value))}" for key, value in known.items() if key in _GEXF_OWN
    )
    rest = "".join(
        f'<attvalue for="{key}" value={_quote(_format_value(value))}/>'
        for key, value in known.items()
        if key not in _GEXF_OWN
    )
    return f"{own}><attvalues>{rest}</attvalues>"


def _write_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Write every table as one Parquet file, those that are published in parts too."""
    written = {}
    for name in catalog.find_declared(con):
        # Reading a view keeps the order of its file.
        rows = con.sql(f"from {name}").to_arrow_reader(FETCHED_ROWS)
        count = 0
        declared = schema.arrow(name)
        columns = pa.schema([field.with_nullable(True) for field in declared], declared.metadata)
        with pq.ParquetWriter(folder / f"{name}.parquet", columns, compression="zstd") as file:
            for batch in rows:
                file.write_table(pa.Table.from_batches([batch]).cast(columns))
                count += batch.num_rows
        written[f"{name}.parquet"] = counted(count, "row")
    return written


def _format_data(owner: str, types: dict[str, str], values: list[Any]) -> str:
    return "".join(
        f'<data key="{owner}_{key}">{escape(_format_value(value))}</data>'
        for key, value in zip(types, values, strict=True)
        if value is not None
    )


def _format_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else _NOT_XML.sub("", str(value))


def _quote(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))


_UTTERANCES = f"""
    select
        comments.comment_id,
        comments.thread_id,
        coalesce(comments.author_id, '{UNNAMED}') as speaker,
        if(comments.parent_status in ('explicit', 'inferred'), comments.parent_comment_id, null) as reply_to,
        epoch(comments.created_at)::bigint as created_s,
        comments.text,
        comments.position,
        comments.depth,
        comments.parent_status,
        replies.confidence,
        comments.like_count,
        comments.is_deleted
    from comments
    left join replies using (thread_id, comment_id)
    order by comments.thread_id, comments.position"""
_UTTERANCE_META = ("position", "depth", "parent_status", "confidence", "like_count", "is_deleted")
_SPEAKERS = f"""
    select author_id, author_name, is_host, comment_count, thread_count
    from author_engagement
    union all
    select '{UNNAMED}', null, null, count(*), count(distinct thread_id)
    from comments
    where author_id is null
    having count(*) > 0
    order by all"""
_SPEAKER_META = ("author_name", "is_host", "comment_count", "thread_count")
_CONVERSATIONS = """
    select thread_id, platform, title, url, publication, host_name, epoch(published_at)::bigint as published_s
    from threads
    where thread_id in (select thread_id from comments)
    order by thread_id"""
_CONVERSATION_META = ("platform", "title", "url", "publication", "host_name", "published_s")


def _write_convokit(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Write a ConvoKit corpus: a comment is an utterance, an author a speaker, a thread a conversation.

    The post isn't an utterance, so a conversation has as many roots as top-level comments. Threads without
    comments are left out: ConvoKit has no empty conversations.
    """
    # ASCII only: ConvoKit reads files in the encoding of the machine.
    seen: dict[str, set[str]] = {}
    count = 0
    with (folder / "utterances.jsonl").open("w", encoding="ascii", newline="\n") as file:
        for comment_id, thread_id, speaker, reply_to, created_s, text, *values in _fetch_rows(
            con, _UTTERANCES
        ):
            utterance = {
                "id": comment_id,
                "conversation_id": thread_id,
                "text": text,
                "speaker": speaker,
                "meta": _collect_meta(_UTTERANCE_META, values, seen),
                "reply-to": reply_to,
                "timestamp": created_s,
                "vectors": [],
            }
            file.write(json.dumps(utterance) + "\n")
            count += 1
    index: dict[str, Any] = {"utterances-index": _list_types(_UTTERANCE_META, seen)}
    counts = {"utterances.jsonl": f"{count:,} utterances"}
    for name, query, fields in (
        ("speakers", _SPEAKERS, _SPEAKER_META),
        ("conversations", _CONVERSATIONS, _CONVERSATION_META),
    ):
        seen = {}
        found = {
            id_: {"meta": _collect_meta(fields, values, seen), "vectors": []}
            for id_, *values in _fetch_rows(con, query)
        }
        _dump(folder / f"{name}.json", found)
        index[f"{name}-index"] = _list_types(fields, seen)
        counts[f"{name}.json"] = f"{len(found):,} {name}"
    _dump(folder / "corpus.json", {"name": "threadmill"})
    overall = {"name": ["<class 'str'>"]}
    _dump(folder / "index.json", index | {"overall-index": overall, "version": 1, "vectors": []})
    return counts


def _collect_meta(
    fields: tuple[str, ...], values: list[Any], seen: dict[str, set[str]]
) -> dict[str, Any]:
    for field, value in zip(fields, values, strict=True):
        if value is not None:
            seen.setdefault(field, set()).add(str(type(value)))
    return dict(zip(fields, values, strict=True))


def _list_types(fields: tuple[str, ...], seen: dict[str, set[str]]) -> dict[str, list[str]]:
    return {field: sorted(seen.get(field, ())) for field in fields}


def _dump(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content) + "\n", encoding="ascii")


def _write_csv(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Write every table in its order. Text is quoted, so that empty text differs from null."""
    return _write_tables(con, folder, '"{0}"')


def _write_spreadsheet(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """Write as `_write_csv` does, with an apostrophe before text that a spreadsheet would run as a formula.

    Excel takes a file for UTF-8 only if it begins with a byte order mark.
    """
    return _write_tables(con, folder, FORMULA_SAFE, head=codecs.BOM_UTF8)


def _write_tables(
    con: duckdb.DuckDBPyConnection, folder: Path, text: str, head: bytes = b""
) -> dict[str, str]:
    """Write every table as CSV. `text` is the SQL for a text column, with `{0}` for its name."""
    written = {}
    for name, table in catalog.find_declared(con).items():
        count = 0
        columns = ", ".join(
            (text if schema.sql_type(column) == "VARCHAR" else '"{0}"').format(column)
            for column in table.columns
        )
        # Reading a view keeps the order of its file.
        rows = con.sql(f"select {columns} from {name}").to_arrow_reader(FETCHED_ROWS)
        with (folder / f"{name}.csv").open("wb") as raw:
            raw.write(head)
            with pacsv.CSVWriter(raw, rows.schema) as file:
                for batch in rows:
                    file.write_batch(batch)
                    count += batch.num_rows
        written[f"{name}.csv"] = counted(count, "row")
    return written
