"""Give comments their topics outside of a run, for other terms than those published."""

import duckdb

from threadmill.models.dependencies import intermediate_queries, queries
from threadmill.models.words import show_words


def assign_topics(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `comment_topics` of what `con` sees, by the queries of a run.

    It reads `comments`, `threads`, `mentions`, `topic_terms` and `topic_scopes`.
    """
    show_words(con, "temp")
    for name, query in (
        ("topic_words", intermediate_queries()["topic_words"]),
        ("comment_topics", queries()["comment_topics"]),
    ):
        con.execute(f"create or replace temp table temp.{name} as {query}")
