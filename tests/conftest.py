"""What all tests share."""


def pytest_addoption(parser):
    parser.addoption(
        "--bless", action="store_true", help="Rewrite expectations to what comes out now."
    )
