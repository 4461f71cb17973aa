"""Collect captures: ask sites with open JSON for watched threads, and keep their answers as they came.

It knows addresses and paging, and nothing of parsing: what it writes into the raw folder is read by `sources`.
`watch` reads `data/watch.toml`, `sites` has a module for each platform, `client` asks politely, `captures` writes,
`journal` keeps what was asked, and `collect` does one fetch.
"""
