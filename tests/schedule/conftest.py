"""A Prefect server for tests of flows, and sites that they fetch."""

import pytest
from support.watched import sites, watched

__all__ = ["prefect_server", "sites", "watched"]


@pytest.fixture(scope="session")
def prefect_server():
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
