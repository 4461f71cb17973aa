"""An erasure killed at random moments, in real processes: any `threadmill erase` goes on with it."""

import random
import shutil
import subprocess
import time

import pytest
from support import CHECKOUT, command, surroundings

from threadmill import pipeline
from threadmill.pipeline import erasing
from threadmill.pipeline.matching import Wanted
from threadmill.privacy.scan import scan

pytestmark = pytest.mark.slow
NAMES = ("Helen", "Ian", "Mark", "Tessa", "Dina", "Roger", "Rachael", "Steve K")


def test_killed_at_random_moments_an_erasure_goes_on_and_ends_with_nothing_left(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    around = surroundings(XDG_STATE_HOME=str(tmp_path / "state"))
    raw, processed = tmp_path / "data" / "raw", tmp_path / "data" / "processed"
    shutil.copytree(CHECKOUT / "data" / "raw", raw)
    pipeline.run(raw, processed, jobs=1)
    places = erasing.Places(raw, (processed,))

    def start(*arguments):
        return subprocess.Popen(
            command("erase", *arguments, "--jobs", 1),
            cwd=tmp_path, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    dice = random.Random(0)
    once, cut = 0.0, 0
    for name in NAMES:
        needles = erasing.find(places, Wanted(authors=(name,)), 1).needles
        asked = ("--author", name, "--raw-files", "record", "--yes")
        begun = time.monotonic()
        erase = start(*asked)
        if once:
            time.sleep(dice.uniform(0.4, 1) * once)
            erase.kill()
        said = erase.communicate()[0]
        once = once or time.monotonic() - begun
        if "0 hits;" not in said:
            cut += 1
            # What was noted goes on; what wasn't is asked for again.
            again = () if erasing.is_pending(raw) else asked
            said = start(*again).communicate()[0]
        assert "0 hits;" in said
        kept = [path for path in (tmp_path / "data").iterdir() if path.name != "raw"]
        assert scan(kept, needles).hits == []
        assert not erasing.is_pending(raw)
    assert cut > 2
