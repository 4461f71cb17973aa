"""`python -m threadmill.refresh`: the flow once, against the configured API or Prefect's temporary server."""

from threadmill import cli, refresh

if __name__ == "__main__":
    with cli.ending():
        cli.print_summary(refresh.run())
