"""Recognise web addresses that lead to a person; all others stay, so that citations do."""

import polars as pl

_PEOPLE_HOSTS = (
    r"facebook\.com|fb\.com|fb\.me|instagram\.com|instagr\.am|twitter\.com|x\.com|tiktok\.com|threads\.(?:net|com)"
    r"|snapchat\.com|linkedin\.com|vk\.com|ok\.ru|t\.me|telegram\.me|wa\.me|line\.me|discord\.gg|linktr\.ee|about\.me"
    r"|patreon\.com|ko-fi\.com|buymeacoffee\.com|paypal\.me|venmo\.com|cash\.app|gofundme\.com|onlyfans\.com|bsky\.app"
    r"|bsky\.social|flickr\.com|pinterest\.[a-z.]+|soundcloud\.com|last\.fm|goodreads\.com|meetup\.com|calendly\.com"
    r"|gravatar\.com|disqus\.com|orcid\.org|researchgate\.net/profile|academia\.edu|keybase\.io|strava\.com|tinder\.com"
)
"""Sites whose pages are people's, or nearly all."""
_PEOPLE_PATH = (
    r"/(?:@|~|%40|user:)[^/]|/(?:users?|u|profiles?|people|persons?|members?|authors?|in|pub|channel|c|accounts?|contributors?)/[^/]"
    r"|[?&](?:user|username|u|author|member|profile|uid|userid)(?:_?id|name)?="
)
"""Parts of an address that name somebody, at whatever site."""
_COMMENT_PATH = (
    r"/comment/[^/]|/comments/[^/]+/[^/]*/[^/?#]"
    r"|[#?&](?:comment|reply|post|msg|lc|c)(?:[-_]?id)?[-=]?[0-9a-z]{3}"
)
"""A comment's own address."""
_ONE_SEGMENT = r"^(?:(?:https?|ftp)://)?(?:www\.)?(?:github|gitlab|codeberg|bitbucket)\.(?:com|org)/[^/?#]+/?(?:[?#].*)?$"
"""Somebody's page at a site of repositories, whose other pages are works."""
_OWN_HOST = (
    r"^(?:https?://)?[^/.]+\.(?:tumblr|blogspot|wordpress|livejournal|github|gitlab|carrd|bandcamp|itch|neocities)"
    r"\.(?:com|io|co|org)"
)
_TO_PERSON = "|".join(
    [
        rf"^(?:(?:https?|ftp)://)?(?:[^/]*\.)?(?:{_PEOPLE_HOSTS})(?:[:/?#]|$)",
        rf"^[^?#]*//?[^/]+.*(?:{_PEOPLE_PATH}|{_COMMENT_PATH})",
        rf"^[^/]+\.[^/]+(?:{_PEOPLE_PATH}|{_COMMENT_PATH})",
        _ONE_SEGMENT,
        _OWN_HOST,
    ]
)


def leads_to_person(address: pl.Expr) -> pl.Expr:
    """Return whether a web `address`, as written, is somebody's page, their comment's, or holds a handle."""
    return address.str.to_lowercase().str.contains(_TO_PERSON)
