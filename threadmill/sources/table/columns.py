"""A `columns.toml`: what each column of a table means."""

from typing import NamedTuple

from threadmill.read import sidecars
from threadmill.wording import did_you_mean

_NAMES = (
    "comment_id thread_id parent_id text author_name author_id author_handle author_url created_at "
    "is_edited is_deleted is_host like_count url title thread_url host_name"
)
COLUMNS = tuple(_NAMES.split())
OPTIONS = {
    "time_unit": ("s", "ms", "us"),
    "text_format": ("text", "html"),
    "ids": ("platform", "thread"),
    "order": ("as_found", "time", "replies"),
}
"""Each option with its values, the default first."""
SCOPES = ("platform", "publication", "thread")
"""Within what a name alone means one person."""


class Mapping(NamedTuple):
    """What a `columns.toml` says."""

    columns: dict[str, str]
    options: dict[str, str]
    zone: str | None
    max_depth: int | None
    author_scope: str | None
    """One of `SCOPES`; None leaves it to what is known of the platform and the publication."""
    is_shared: bool = False
    """Whether it may be for other documents too, some of which lack columns."""


def read_mapping(place: str, text: str) -> Mapping:
    """Return what `text`, a `columns.toml` called `place` in messages, says.

    Raises:
        ValueError: it isn't TOML, has an unknown key, or a value of the wrong kind.
    """
    values = sidecars.parse_toml(place, text)
    known = [*COLUMNS, *OPTIONS, "author_scope", "timezone", "platform_max_depth"]
    for key, value in values.items():
        if key not in known:
            hint = did_you_mean(key, known, f"known are {', '.join(known)}")
            raise ValueError(f'{place}: key "{key}" is not known; {hint}')
        if key == "author_scope" and value not in SCOPES:
            raise ValueError(f"{place}: {key} is {value!r}; it takes {', '.join(SCOPES)}")
        if key in OPTIONS and value not in OPTIONS[key]:
            raise ValueError(f"{place}: {key} is {value!r}; it takes {', '.join(OPTIONS[key])}")
        if key == "platform_max_depth":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1000:
                raise ValueError(f"{place}: {key} is {value!r}; it is a whole number of levels")
        elif not isinstance(value, str) or not value:
            raise ValueError(f'{place}: {key} is {value!r}; it is a column\'s name in "quotes"')
    if "text" not in values:
        raise ValueError(f'{place}: no key "text"; it names the column of the comments\' words')
    if "parent_id" in values and "comment_id" not in values:
        raise ValueError(f'{place}: "parent_id" without "comment_id"; parents are named by ids')
    if "timezone" in values:
        sidecars.read_timezone(place, values["timezone"])
    return Mapping(
        {key: value for key, value in values.items() if key in COLUMNS},
        {key: values.get(key, allowed[0]) for key, allowed in OPTIONS.items()},
        values.get("timezone"),
        values.get("platform_max_depth"),
        values.get("author_scope"),
    )
