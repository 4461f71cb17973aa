"""The figures of `evaluate_mentions` as plain text."""

from typing import Any


def format_report(figures: dict[str, Any]) -> str:
    """Return the figures of `evaluate_mentions` as a table, with the errors below it."""
    shown = [
        f"{'kind':<18}{'labels':>7}{'found':>7}{'right':>7}{'P':>8}{'R':>8}{'F1':>8}{'exact':>8}"
    ]
    sums = ("rule_kinds", "vocabulary_kinds", "overall")
    for kind, one in [*figures["kinds"].items(), *((name, figures[name]) for name in sums)]:
        shares = (one["precision"], one["recall"], one["f1"], one["exact_share"])
        cells = "".join(f"{'' if share is None else format(share, '.3f'):>8}" for share in shares)
        counts = f"{one['labels']:>7}{one['mentions']:>7}{one['right']:>7}"
        shown.append(f"{kind:<18}{counts}{cells}")
    for error in ("wrong", "missed"):
        shown += [
            f"{error}: comment {one['comment']}, {one['kind']} {one['surface']!r} in {one['around']!r}"
            for one in figures[error]
        ]
    return "\n".join(shown)
