"""A first look at the published threads: `marimo edit notebooks/explore.py`."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["marimo", "threadmill"]
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Threads")


@app.cell
def _():
    import marimo as mo

    import threadmill

    con = threadmill.connect()
    run_id, published_at = con.execute("select run_id, published_at from runs").fetchall()[0]
    mo.md(f"# Threads\n\nRun `{run_id}`, published {published_at:%Y-%m-%d %H:%M} UTC.")
    return con, mo


@app.cell
def _(con, mo):
    threads = con.sql(
        """
        select thread_id, coalesce(title, thread_id) as title, comment_count
        from threads
        order by comment_count desc, thread_id
        limit 200
        """
    ).fetchall()
    thread = mo.ui.dropdown(
        {f"{title} ({count:,})": thread_id for thread_id, title, count in threads},
        value=f"{threads[0][1]} ({threads[0][2]:,})" if threads else None,
        label="Thread",
    )
    thread
    return (thread,)


@app.cell
def _(con, mo, thread):
    capture = con.sql(
        """
        select
            comment_count,
            declared_comment_count,
            captured_share,
            authored_share,
            dated_share,
            parent_known_share,
            mean_reply_confidence,
            expected_top_level_share
        from capture_completeness
        join thread_engagement using (thread_id, comment_count, captured_share)
        where thread_id = ?
        """,
        params=[thread.value],
    ).pl()
    shown = capture.unpivot(variable_name="figure", value_name="value")
    mo.vstack([mo.md("## What is here, and how sure it is"), mo.ui.table(shown, selection=None)])
    return (capture,)


@app.cell
def _(con, mo, thread):
    comments = con.sql(
        """
        select
            comments.position,
            comments.author_name,
            comments.depth,
            parents.author_name as answers,
            replies.confidence,
            replies.evidence,
            comment_engagement.expected_reply_count,
            comments.text
        from comments
        join comment_engagement using (comment_id)
        left join replies using (comment_id)
        left join comments as parents on parents.comment_id = replies.parent_comment_id
        where comments.thread_id = ?
        order by comments.position
        limit 2000
        """,
        params=[thread.value],
    ).pl()
    mo.vstack([mo.md("## Comments"), mo.ui.table(comments, selection=None)])
    return (comments,)


@app.cell
def _(con, mo, thread):
    topics = con.sql(
        """
        select
            label,
            count(*) as comment_count,
            sum(expected_reply_count::decimal(18, 6))::double as expected_reply_count
        from comment_topics
        join (select distinct topic_id, label from topic_terms) using (topic_id)
        join comment_engagement using (thread_id, comment_id)
        where thread_id = ?
        group by all
        order by 3 desc, 1
        """,
        params=[thread.value],
    ).pl()
    mo.vstack([mo.md("## Topics by the replies they draw"), mo.ui.table(topics, selection=None)])
    return (topics,)


@app.cell
def _(mo):
    query = mo.ui.text_area(
        value="select author_name, comment_count, expected_received_reply_count\n"
        "from author_engagement\norder by 3 desc\nlimit 10",
        label="Your own question",
        rows=5,
        full_width=True,
    )
    query
    return (query,)


@app.cell
def _(con, mo, query):
    answer = con.sql(query.value).pl()
    mo.ui.table(answer, selection=None)
    return (answer,)


if __name__ == "__main__":
    app.run()
