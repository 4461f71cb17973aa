"""Runs on a schedule: the server, the runner, and what Prefect shows of a run."""
