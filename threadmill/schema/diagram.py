"""Draw which tables point at which: `docs/images/tables.svg`."""

from collections.abc import Mapping
from html import escape

from threadmill.schema.base import Table

TARGETS = ("threads", "comments", "authors", "topics", "entities", "days", "platforms")
"""The tables that others point at, from left to right."""
COLOURS = ("#3b6ea5", "#2a7f62", "#a5572c", "#7a4fa3", "#b03a5b", "#5c6b1f", "#4a5560")
NAME_WIDTH, LANE_WIDTH = 176, 134
"""Of the tables' names and of the lane of each target, in pixels."""
HEAD_HEIGHT, LINE_HEIGHT, GAP = 62, 15, 9
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1d2329 } .small { font-size: 11px }
.name { font-weight: 600 } .quiet { fill: #5b6570 } .row { fill: #f4f6f8 }
"""


def draw(tables: Mapping[str, Table]) -> str:
    """Return an SVG: a row per table that points at others, and a lane per table that is pointed at.

    A full dot is a column named as the key it points at, the usual way to join; a ring is a role, such as
    the author who is answered.
    """
    rows = {name: table for name, table in tables.items() if table.references}
    lanes = {target: NAME_WIDTH + number * LANE_WIDTH for number, target in enumerate(TARGETS)}
    body, ends = [], dict.fromkeys(TARGETS, HEAD_HEIGHT)
    top = HEAD_HEIGHT + GAP
    for name, table in rows.items():
        pointing = {
            target: [column for column, other in table.references.items() if other == target]
            for target in TARGETS
        }
        height = LINE_HEIGHT * max(map(len, pointing.values())) + GAP
        width = NAME_WIDTH + len(TARGETS) * LANE_WIDTH
        body.append(f'<rect class="row" y="{top}" width="{width}" height="{height - 3}" rx="4"/>')
        body.append(f'<text class="name" x="8" y="{top + 15}">{escape(name)}</text>')
        for target, columns in pointing.items():
            for number, column in enumerate(columns):
                y = top + 11 + number * LINE_HEIGHT
                body += _mark(lanes[target], y, target, column, column in tables[target].key)
                ends[target] = y
        top += height
    heads = [
        part for target in TARGETS for part in _head(lanes[target], ends[target], target, tables)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}">',
            f"<style>{STYLE}</style>",
            f'<rect width="{width}" height="{top}" rx="6" fill="#fff"/>',
            # Lanes lie over the rows' background and under their dots.
            *[part for part in body if part.startswith("<rect")],
            *heads,
            *[part for part in body if not part.startswith("<rect")],
            "</svg>\n",
        ]
    )


def _mark(x: int, y: int, target: str, column: str, is_usual: bool) -> list[str]:
    colour = COLOURS[TARGETS.index(target)]
    fill = colour if is_usual else "#fff"
    return [
        f'<circle cx="{x + 8}" cy="{y}" r="4" fill="{fill}" stroke="{colour}" stroke-width="1.5"/>',
        f'<text class="small" x="{x + 16}" y="{y + 4}">{escape(column)}</text>',
    ]


def _head(x: int, end: int, target: str, tables: Mapping[str, Table]) -> list[str]:
    colour = COLOURS[TARGETS.index(target)]
    (key,) = tables[target].key
    return [
        f'<line x1="{x + 8}" y1="{HEAD_HEIGHT - 10}" x2="{x + 8}" y2="{end}" stroke="{colour}" stroke-width="1.5"/>',
        f'<rect x="{x}" y="8" width="{LANE_WIDTH - 8}" height="{HEAD_HEIGHT - 18}" rx="4" fill="#fff" stroke="{colour}"'
        ' stroke-width="1.5"/>',
        f'<text class="name" x="{x + 8}" y="27">{escape(target)}</text>',
        f'<text class="small quiet" x="{x + 8}" y="43">{escape(key)}</text>',
    ]
