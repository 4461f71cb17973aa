"""The SQL macros that queries use: `sql/macros/`, and the stop words of the vocabulary."""

from typing import Any

from threadmill import paths

STOP_WORDS = "stop_words.csv"


def create(con: Any) -> None:
    """Create the macros on the DuckDB connection `con`.

    `stop_words()` gives `language, word` as `data/vocabulary/stop_words.csv` says; a project's own
    vocabulary without that file uses ours.
    """
    folder = paths.sql_folder() / "macros"
    statements = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    own = paths.vocabulary_folder() / STOP_WORDS
    path = own if own.is_file() else paths.shipped_vocabulary() / STOP_WORDS
    # One text per language: two thousand rows of VALUES take longer to parse than a small thread to build.
    words: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").split()[1:]:
        language, word = line.replace("'", "''").split(",", 1)
        words.setdefault(language, []).append(word)
    rows = ", ".join(f"('{language}', '{' '.join(listed)}')" for language, listed in words.items())
    statements.append(
        "create or replace macro stop_words() as table "
        "select language, unnest(string_split(words, ' ')) as word "
        f"from (values {rows}) as listed(language, words)"
    )
    con.execute("\n".join(statements))
