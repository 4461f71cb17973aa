"""Describe charts in Vega-Lite and draw them as SVG, so that the page needs no script and no network.

Colours are the page's CSS variables, so that they follow light, dark and print.
"""

import re
from typing import Any

from threadmill.errors import Mistake

Rows = list[dict[str, Any]]
Spec = dict[str, Any]

WIDE, HALF, NARROW = 640, 460, 310
"""Widths in pixels: for a desktop, for half of it, and for a phone. Each chart is drawn for desktop and phone, and the
style sheet shows one."""
SHOWN_AUTHORS = 12
SHOWN_TOPICS = 15
TOPIC_CHARACTERS = {WIDE: 28, NARROW: 16}
CHARACTER_WIDTH = 7.4
"""Of the widest of the fonts that browsers may take, DejaVu Sans; labels are given that much room."""
NAME_CHARACTERS = {HALF: 18, NARROW: 11}

_CONFIG: Spec = {
    "aria": False,
    "background": "transparent",
    "font": "Inter, system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "gridColor": "var(--line)",
        "domain": False,
        "ticks": False,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "titlePadding": 8,
    },
    "text": {"color": "var(--ink)", "fontSize": 12},
}
_HIDING = re.compile("[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, including those that change the direction of writing: no label needs them."""

_ROLES = re.compile(' role="graphics-[a-z]+"| aria-roledescription="[a-z ]+"')
"""Roles that Vega gives to groups without names. Instead, the page describes each chart as one image."""


def draw(name: str, spec: Spec) -> str:
    """Return `spec` as an SVG element whose ids are unique to `name`."""
    # Imported here, because it takes a second.
    try:
        import vl_convert
    except ModuleNotFoundError:
        raise Mistake(
            "report: its charts need the extra `report`: pip install 'threadmill[report]'"
        ) from None

    drawn: str = vl_convert.vegalite_to_svg(spec | {"config": _CONFIG})
    drawn = _ROLES.sub("", drawn)
    return re.sub(r'((?:id="|url\(#))', rf"\g<1>{name}-", drawn)


def shorten(text: str, most: int) -> str:
    """Return `text` without control characters, cut to `most` characters for an axis."""
    plain = " ".join(_HIDING.sub("", text).split()) or "(no name)"
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def chart_columns(rows: Rows, x: str, y: str, width: int, title: str, color: str = "") -> Spec:
    """Return a column chart in the order of `rows`, with a number on each; `color` names a column of CSS colours."""
    value = {"field": y, "type": "quantitative", "axis": None}
    across = {
        "field": x,
        "type": "nominal",
        "sort": None,
        "title": title,
        "axis": {"labelAngle": 0, "labelLimit": 80, "labelOverlap": False},
    }
    fill = {"field": color, "type": "nominal", "scale": None} if color else {}
    bar = {"mark": {"type": "bar", "color": "var(--accent)", "width": {"band": 0.72}}}
    return {
        "width": width - 10,
        "height": 170,
        "data": {"values": rows},
        "encoding": {"x": across, "y": value},
        "layer": [
            bar | ({"encoding": {"color": fill}} if fill else {}),
            {
                "mark": {"type": "text", "dy": -7},
                "encoding": {"text": {"field": y, "format": ","}},
            },
        ],
    }


def chart_topics(rows: Rows, width: int) -> Spec:
    """Return a chart with two bars per topic: comments that have it, and replies these are expected to get."""
    names = {"comment_count": "comments with it", "expected_reply_count": "replies expected"}
    shown = _number_repeats(
        [shorten(row["label"], TOPIC_CHARACTERS[width]) for row in rows[:SHOWN_TOPICS]]
    )
    values = [
        {"topic": topic, "what": name, "count": round(row[column], 1)}
        for topic, row in zip(shown, rows, strict=False)
        for column, name in names.items()
    ]
    down = {"field": "topic", "type": "nominal", "sort": None, "title": None}
    room = round(CHARACTER_WIDTH * min(TOPIC_CHARACTERS[width], max(map(len, shown), default=0)))
    return {
        # At its end stands a number.
        "width": width - room - 45,
        "height": {"step": 15},
        "data": {"values": values},
        "encoding": {
            "y": down
            | {"axis": {"labelLimit": 0, "minExtent": room}, "scale": {"paddingInner": 0.3}},
            "yOffset": {"field": "what", "sort": list(names.values())},
            "x": {"field": "count", "type": "quantitative", "axis": None},
        },
        "layer": [
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "color": {
                        "field": "what",
                        "type": "nominal",
                        "sort": list(names.values()),
                        "scale": {"range": ["var(--quiet)", "var(--accent)"]},
                        # The page has one: here its words would be placed by the width of another font.
                        "legend": None,
                    }
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
                "encoding": {"text": {"field": "count", "format": ",.3~r"}},
            },
        ],
    }


def chart_pairs(rows: Rows, width: int) -> Spec:
    """Return a matrix of authors: who answers (down) whom (across), darker for more expected replies.

    It shows up to `SHOWN_AUTHORS` authors of the strongest pairs; `rows` are in that order.
    """
    sums: dict[str, float] = {}
    names: dict[str, str] = {}
    for row in rows:
        ends = {
            row["author_id"]: row["author_name"],
            row["partner_author_id"]: row["partner_author_name"],
        }
        if len(sums.keys() | ends.keys()) > SHOWN_AUTHORS:
            break
        for id_, name in ends.items():
            sums[id_] = sums.get(id_, 0) + row["expected_reply_count"]
            names[id_] = shorten(name, NAME_CHARACTERS[width])
    chosen = sorted(sums, key=lambda id_: (-sums[id_], id_))
    shown = _number_repeats([names[id_] for id_ in chosen])
    labels = dict(zip(chosen, shown, strict=True))
    values = [
        {
            "author": labels[row["author_id"]],
            "partner": labels[row["partner_author_id"]],
            "count": row["expected_reply_count"],
        }
        for row in rows
        if row["author_id"] in labels and row["partner_author_id"] in labels
    ]
    step = (width - (150 if width == HALF else 115)) / len(chosen)
    axis = {"type": "nominal", "sort": shown, "scale": {"domain": shown, "padding": 0.06}}
    return {
        "width": step * len(chosen),
        "height": min(step, 30) * len(chosen),
        "data": {"values": values},
        "encoding": {
            "y": axis | {"field": "author", "title": "answers …"},
            "x": axis
            | {
                "field": "partner",
                "title": "… whom",
                "axis": {"orient": "top", "labelAngle": -55, "labelLimit": 110},
            },
        },
        "layer": [
            {
                "mark": {"type": "rect", "color": "var(--accent)", "cornerRadius": 2},
                "encoding": {
                    "opacity": {
                        "field": "count",
                        "type": "quantitative",
                        "scale": {
                            "domain": [0, max(v["count"] for v in values)],
                            "range": [0.05, 1],
                        },
                        "legend": None,
                    }
                },
            }
        ],
    }


def _number_repeats(names: list[str]) -> list[str]:
    """Return `names` made unique: repeated ones get a number."""
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return apart


def chart_confidence(rows: Rows, width: int) -> Spec:
    """Return a column chart of replies by tenth of probability, coloured as in the tree."""
    shown = [row | {"from": f"{row['confidence_from'] * 100:.0f}%"} for row in rows]
    spec = chart_columns(
        shown, "from", "reply_count", width, "probability of being right, from", "color"
    )
    if width == NARROW:
        spec["encoding"]["x"]["axis"]["labelFontSize"] = 10
    return spec


def chart_responses(rows: Rows, width: int) -> Spec:
    """Return a column chart of comments by the time they waited for an answer."""
    spec = chart_columns(rows, "label", "comment_count", width, "wait for the first answer")
    if width == NARROW:
        spec["encoding"]["x"]["axis"] |= {"labelAngle": -40, "labelFontSize": 11}
    return spec
