"""The flows that fetch: two visible parts, and a fetch that fails stops no refresh."""

import json
from datetime import datetime, timedelta

import pytest
from support.watched import make_thread

from threadmill.errors import Mistake
from threadmill.fetch import journal
from threadmill.publish import catalog
from threadmill.schedule import serve


@pytest.fixture
def topic(sites, watched, monkeypatch):
    """Watches one topic, with settings as a user has them; also its processed folder."""
    watched.watch({"address": f"{sites.base}/t/1"})
    processed = watched.folder / "data" / "processed"
    given = {
        "RAW": watched.raw,
        "PROCESSED": processed,
        "FETCH_CONTACT": "nobody@example.org",
        "FETCH_PRIVATE": "127.0.0.1",
        "FETCH_DELAY": "1",
        "JOBS": "1",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"THREADMILL_{name}", str(value))
    return watched, processed


def let_a_day_pass(watched):
    """Write the journal as if what it tells had been a day earlier."""
    path = journal.find_folder(watched.raw) / journal.FILE
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        row["at"] = (datetime.fromisoformat(row["at"]) - timedelta(days=1)).isoformat()
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_the_flow_publishes_after_each_of_five_nights(prefect_server, sites, topic):
    from prefect.client.orchestration import get_client

    from threadmill.flows.fetch import fetch_and_refresh

    watched, processed = topic
    shorter = make_thread(1, 7)
    del shorter["comments"][1]
    nights = [
        ([make_thread(1, 3)], 3),
        ([make_thread(1, 6)], 6),
        ([make_thread(1, 6)], 6),
        ([shorter], 7),
        ([], 7),
    ]
    for threads, count in nights:
        sites.serve(*threads)
        state = fetch_and_refresh(return_state=True)
        assert state.is_completed()
        with catalog.connect(processed) as con:
            assert con.sql("select count(*) from comments").fetchall() == [(count,)]
        let_a_day_pass(watched)
    with catalog.connect(processed) as con:
        told = con.sql(
            "select added_comment_count, lost_comment_count from captures order by capture_number"
        ).fetchall()
    assert told == [(3, 0), (3, 0), (1, 1)]
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs()
    parts = [run for run in runs if run.parent_task_run_id]
    assert len(parts) == 10
    assert {run.state_name for run in parts} == {"Completed"}


def test_a_fetch_that_fails_is_seen_and_stops_no_refresh(prefect_server, sites, topic):
    from threadmill.flows.fetch import fetch_and_refresh

    watched, processed = topic
    sites.serve(make_thread(1, 3))
    assert fetch_and_refresh(return_state=True).is_completed()
    let_a_day_pass(watched)
    sites.serve(faults=[{"path": "/t/", "status": 403}])
    # As a person brings one.
    bring = watched.raw / "substack" / "pasted.txt"
    bring.parent.mkdir()
    bring.write_text("1 Comment\nUser's avatar\nAda's avatar\n\nA remark.\n\nExpand full comment\n")
    state = fetch_and_refresh(return_state=True)
    assert state.is_failed()
    assert state.message == "1 refused: nothing that was asked for could be had"
    with catalog.connect(processed) as con:
        assert con.sql("select count(*) from threads").fetchall() == [(2,)]


def test_serving_a_fetch_needs_what_a_fetch_needs(topic, monkeypatch):
    watched, processed = topic
    monkeypatch.delenv("THREADMILL_FETCH_CONTACT")
    with pytest.raises(Mistake, match="sets no fetch_contact"):
        serve.serve(watched.raw, processed, fetch=True)
