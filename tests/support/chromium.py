"""A Chromium without a window."""

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def launch(*arguments: str) -> Iterator:
    """Run one. Skips where there is none, but not in CI."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no chromium on the PATH; `apt-get install chromium`, or brew install chromium")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that a container has not.
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", *arguments]
        )
        yield browser
        browser.close()
