"""Publishing under fire, in real processes: killed, without room, on damaged files, read all the while."""

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import time

import duckdb
import pytest
from support import DUCKDB, command, contents, page, run_threadmill, surroundings

import threadmill
from threadmill.pipeline import plan
from threadmill.publish import snapshots
from threadmill.read.discover import hash_files

pytestmark = pytest.mark.slow
KILLS = 100
LONGEST_S = 12.0

READER = """
import sys
from pathlib import Path
processed, how, until = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
FIRST = "select max(text) from comments where position = 0"
QUERY = f"select ({FIRST}), (select sum(word_count) from comments), run_id from runs"
runs, reads = set(), 0
while not until.exists():
    if how == "duckdb":
        import duckdb
        with duckdb.connect(str(processed / "threads.duckdb"), read_only=True) as con:
            words, counted, run = con.execute(QUERY).fetchall()[0]
            again = con.execute(QUERY).fetchall()[0]
        assert again == (words, counted, run)
    elif how == "polars":
        import polars as pl
        snapshot = (processed / "current").resolve()
        run = pl.read_parquet(snapshot / "runs.parquet")["run_id"][0]
        comments = pl.read_parquet(snapshot / "comments" / "part-*.parquet")
        words, counted = comments.filter(position=0)["text"][0], comments["word_count"].sum()
        assert run == snapshot.name
    else:
        import json, subprocess
        ended = subprocess.run([how, "-readonly", "-json", str(processed / "threads.duckdb"), QUERY.replace(
            "run_id from", "run_id as run from")], capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        words, counted, run = json.loads(ended.stdout)[0].values()
    number = int(words.split()[-1].rstrip("."))
    # Both comments of a run carry its number: the second has so many words.
    assert int(counted) == 3 + number, (counted, number)
    runs.add(run)
    reads += 1
print(len(runs), reads)
"""


def numbered(number):
    return page(first=f"Remark {number}.", second=" ".join(["word"] * (number + 1)))


def check_published(processed):
    """Fail unless what is published is one whole run with the bytes that its manifest says."""
    snapshot = snapshots.locate_current(processed)
    manifest = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run_id"] == snapshot.name
    for name, known in manifest["files"].items():
        assert hash_files(snapshot / name) == known["sha256"], name
    with duckdb.connect(str(processed / "threads.duckdb"), read_only=True) as con:
        assert con.execute("select run_id from runs").fetchall() == [(snapshot.name,)]


def test_killed_at_random_moments_while_three_processes_read(tmp_path):
    raw, processed = tmp_path / "raw" / "substack", tmp_path / "processed"
    raw.mkdir(parents=True)
    (raw / "talk.txt").write_text(numbered(0), encoding="utf-8")
    started = time.monotonic()
    threadmill.run(raw.parent, processed)
    once = time.monotonic() - started
    until = tmp_path / "until"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(processed), how, str(until)],
            env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for how in ("duckdb", "polars", str(DUCKDB))
    ]  # fmt: skip
    dice = random.Random(0)
    killed = number = 0
    try:
        while killed < KILLS:
            number = number % 50 + 1
            (raw / "talk.txt").write_text(numbered(number), encoding="utf-8")
            run = subprocess.Popen(
                command("run", "--raw", raw.parent, "--processed", processed, "--full"),
                env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
            try:
                run.wait(dice.uniform(0.2, min(LONGEST_S, 2.5 * once)))
                assert run.returncode == 0, run.stderr.read()
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
                killed += 1
            run.stderr.close()
            check_published(processed)
            assert all(reader.poll() is None for reader in readers), [
                reader.communicate()[1] for reader in readers if reader.poll() is not None
            ]
    finally:
        until.touch()
    for reader in readers:
        out, error = reader.communicate(timeout=60)
        assert reader.returncode == 0, error
        assert int(out.split()[0]) > 1, "the reader saw a single run only"
    last = run_threadmill("run", "--raw", raw.parent, "--processed", processed, cwd=tmp_path)
    assert last.returncode == 0, last.stderr
    check_published(processed)
    left = [path.name for path in (processed / ".snapshots").iterdir()]
    assert all((processed / ".snapshots" / name / "manifest.json").is_file() for name in left)
    assert not [path for path in processed.iterdir() if snapshots.TEMPORARY in path.name]


def run_with_file_limit(project, bytes_):
    """Run with files limited to `bytes_`, as on a disk that is full."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes_}, {bytes_}));"
    code = f"{limit} import sys; sys.argv[1:] = ['run', '--full']; from threadmill.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=surroundings(), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("kilobytes", [1, 2, 4, 8, 16, 64, 256])
def test_files_that_cannot_grow_fail_the_run_and_harm_nothing(project, kilobytes):
    threadmill.run()
    processed = project / "data" / "processed"
    before = snapshots.locate_current(processed)
    ended = run_with_file_limit(project, kilobytes * 1024)
    assert ended.returncode == 1, (ended.stdout, ended.stderr)
    assert "Traceback" not in ended.stderr
    assert "nothing was published" in ended.stderr
    assert snapshots.locate_current(processed) == before
    check_published(processed)
    assert run_threadmill("run", "--full", cwd=project).returncode == 0
    check_published(processed)


@contextlib.contextmanager
def mounted(folder, *options):
    """A small file system of its own at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", folder],
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="has no mount command")
def test_a_full_disk_fails_the_run_and_harms_nothing(project):
    processed = project / "data" / "processed"
    with mounted(processed, "-o", "size=6m"):
        first = run_threadmill("run", cwd=project)
        assert first.returncode == 0, first.stderr
        before = snapshots.locate_current(processed)
        (processed / "ballast").write_bytes(b"x" * (shutil.disk_usage(processed).free - 60_000))
        ended = run_threadmill("run", "--full", cwd=project)
        assert ended.returncode == 1, ended.stderr
        assert "Traceback" not in ended.stderr
        assert snapshots.locate_current(processed) == before
        check_published(processed)
        (processed / "ballast").unlink()
        again = run_threadmill("run", "--full", cwd=project)
        assert again.returncode == 0, again.stderr
        check_published(processed)


@pytest.mark.skipif(not shutil.which("mount"), reason="has no mount command")
def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(project):
    processed = project / "data" / "processed"
    with mounted(processed):
        threadmill.run()
        # Not by permissions: root may write anywhere.
        subprocess.run(["mount", "-o", "remount,ro", processed], check=True)
        before = contents(processed)
        ended = run_threadmill("run", "--full", cwd=project)
        assert ended.returncode == 1
        assert "Read-only file system" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert contents(processed) == before


def test_a_damaged_part_is_made_again_from_the_raw_threads(project):
    threadmill.run()
    processed = project / "data" / "processed"
    for keeps_time in (False, True):
        part = next((snapshots.locate_current(processed) / "comments").iterdir())
        status, data = part.stat(), bytearray(part.read_bytes())
        data[len(data) // 2] ^= 0xFF
        part.chmod(0o644)
        part.write_bytes(data)
        if keeps_time:
            # As a failing disk does it: only the bytes tell, and they are read when there is work to do.
            os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
            (project / "data" / "raw" / "substack" / "more.txt").write_text(
                page(), encoding="utf-8"
            )
        done = threadmill.run()
        assert done.reasons == [plan.DAMAGED]
        check_published(processed)


def test_a_missing_snapshot_is_made_again(project):
    threadmill.run()
    processed = project / "data" / "processed"
    shutil.rmtree(snapshots.locate_current(processed))
    assert threadmill.run().reasons == [plan.DAMAGED]
    check_published(processed)


def test_of_many_runs_at_once_one_publishes_and_the_others_end_with_3(project):
    runs = [
        subprocess.Popen(
            command("run", "--full"), cwd=project, env=surroundings(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    errors = [run.communicate(timeout=120)[1] for run in runs]
    codes = sorted(run.returncode for run in runs)
    assert set(codes) <= {0, 3}, errors
    assert codes.count(3) >= 1
    check_published(project / "data" / "processed")


def test_a_killed_run_takes_its_workers_with_it(tmp_path):
    from threadmill.measure.bench import corpus

    corpus.write(tmp_path / "raw", 12)
    run = subprocess.Popen(
        command("run", "--raw", tmp_path / "raw", "--processed", tmp_path / "processed", "--jobs", "2"),
        env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def workers():
        lines = subprocess.run(
            ["ps", "-wweo", "ppid,pid,args"], capture_output=True, text=True, check=True
        ).stdout
        return [
            line.split()[1]
            for line in lines.splitlines()
            if "threadmill.pipeline.workers" in line
            and (line.split()[0] == str(run.pid) or line.split()[1] in started)
        ]

    started = []
    end = time.monotonic() + 120
    while not (started := workers()):
        assert run.poll() is None, "the run ended without starting workers"
        assert time.monotonic() < end
        time.sleep(0.05)
    run.kill()
    run.wait()
    end = time.monotonic() + 20
    while workers():
        assert time.monotonic() < end, "workers outlived the run"
        time.sleep(0.1)
    threadmill.run(tmp_path / "raw", tmp_path / "processed", jobs=2)
    check_published(tmp_path / "processed")
