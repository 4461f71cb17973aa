"""Stack Exchange: a question with its answers and all comments, and the questions with a tag.

After https://api.stackexchange.com/docs (questions, filters, throttle). A filter says which fields come; it is asked
for first, as answers stand in no filter that comes along. The wrapper's quota is left out: it differs in each answer.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, quote

from threadmill.fetch.contract import (
    LISTING_PAGES_MAX,
    Answer,
    Ask,
    Broken,
    Found,
    Gone,
    Listed,
    ListSteps,
    Site,
    Steps,
    Target,
    as_objects,
    find_latest,
    read_text,
    read_time,
)

API = "https://api.stackexchange.com/2.3"
_HOSTS = re.compile(
    r"(?:[\w.-]+\.)?(?:stackoverflow|stackexchange|superuser|serverfault|askubuntu|stackapps)\.com"
    r"|(?:meta\.)?mathoverflow\.net"
)
_QUESTION = re.compile(r"/(?:questions|q)/(?P<id>\d+)(?:/.*)?")
_TAG = re.compile(r"/questions/tagged/(?P<tags>[^/]+)/?")
FILTER = (
    "base=withbody&unsafe=false"
    "&include=question.answers%3Bquestion.comments%3Banswer.comments%3Bcomment.body%3Bcomment.link%3Banswer.link"
    "&exclude=.quota_max%3B.quota_remaining"
)
KEY = ("key", "THREADMILL_STACKEXCHANGE_KEY")
"""With an application's key a day has 10,000 requests, without one 300."""
PAGE_SIZE = 100


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:  # noqa: ARG001 # own hosts
    """Return the question or tag of an address."""
    site = (parts.hostname or "").removeprefix("www.")
    if not _HOSTS.fullmatch(site):
        return None
    base = (api or API).rstrip("/")
    if found := _QUESTION.fullmatch(parts.path):
        return _name_question(site, base, found["id"])
    if found := _TAG.fullmatch(parts.path):
        return Target("stackexchange", site, parts.geturl(), base, found["tags"], is_listing=True)
    return None


def _name_question(site: str, base: str, number: str) -> Target:
    address = f"https://{site}/questions/{number}"
    return Target("stackexchange", site, address, base, number, f"{site}/{number}")


def read(target: Target) -> Steps:
    """Ask for a filter, then for the question with all below it."""
    answer = yield Ask(f"{target.base}/filters/create?{FILTER}", is_page=False, secret=KEY)
    filters = as_objects(answer.read_object().get("items"))
    name = read_text(filters[0].get("filter")) if filters else None
    if name is None:
        raise Broken("no filter is in the answer")
    answer = yield Ask(
        f"{target.base}/questions/{target.name}?site={target.site}&filter={quote(name, safe='')}",
        secret=KEY,
        wait_s=_read_wait(answer),
    )
    questions = as_objects(answer.read_object().get("items"))
    if not questions:
        raise Gone(404)
    question = questions[0]
    answers = as_objects(question.get("answers"))
    below = [
        *answers,
        *(one for post in (question, *answers) for one in as_objects(post.get("comments"))),
    ]
    return Found(
        read_time(question.get("creation_date")),
        find_latest(one.get("creation_date") for one in below),
        wait_s=_read_wait(answer),
    )


def _read_wait(answer: Answer) -> float:
    """Return how many seconds the API asks to wait before the next request."""
    said = answer.read_object().get("backoff")
    return float(said) if isinstance(said, int | float) else 0.0


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the questions with a tag, the latest first."""
    listed: list[Listed] = []
    wait_s = 0.0
    for page in range(1, LISTING_PAGES_MAX + 1):
        query = f"site={target.site}&tagged={quote(target.name)}&sort=creation&order=desc"
        query += f"&fromdate={int(since.timestamp())}&pagesize={PAGE_SIZE}&page={page}"
        answer = yield Ask(
            f"{target.base}/questions?{query}", is_page=False, secret=KEY, wait_s=wait_s
        )
        told: dict[str, Any] = answer.read_object()
        for one in as_objects(told.get("items")):
            if isinstance(one.get("question_id"), int):
                own = _name_question(target.site, target.base, str(one["question_id"]))
                listed.append(Listed(own, read_time(one.get("creation_date"))))
        wait_s = _read_wait(answer)
        if told.get("has_more") is not True:
            break
    return listed


SITE = Site(
    "stackexchange",
    recognise,
    read,
    "a question (/questions/1) or a tag (/questions/tagged/name)",
    list_threads,
)
