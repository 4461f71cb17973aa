"""What the contract of a metric contains, and what several contracts share."""

from typing import NamedTuple


class Metric(NamedTuple):
    """What a column measures. Its unit is in `schema.COLUMNS`, its grain in `schema.TABLES`."""

    name: str
    tables: str
    """The tables that have it, separated by blanks."""
    term: str
    """What the field calls it."""
    formula: str
    source: str
    range: str
    null_when: str = "never"
    minimum_n: str = "1"
    is_expectation: bool = False
    """Sums probabilities of reply_candidates instead of counting the best tree."""


OWN = "Threadmill"
WHITTAKER = "Whittaker et al. 1998, The dynamics of mass interaction"
WILSON = "Wilson 1927, Probable inference; z = 1.959964"
KAPLAN_MEIER = "Kaplan & Meier 1958, Nonparametric estimation from incomplete observations"
GOMEZ = "Gómez, Kaltenbrunner & López 2008, Statistical analysis of … Slashdot"
GOEL = "Goel, Anderson, Hofman & Watts 2016, The structural virality of online diffusion"
BACKSTROM = "Backstrom, Kleinberg, Lee & Danescu-Niculescu-Mizil 2013, Characterizing and curating conversation threads"
KIM_JO = "Kim & Jo 2016, Measuring burstiness for finite event sequences"
WASSERMAN = "Wasserman & Faust 1994, Social network analysis, ch. 13"
GINI = "Gini 1912; for participation, van Mierlo, Hyatt & Ching 2016, Employing the Gini coefficient to measure participation inequality"

BOUMA = "Bouma 2009, Normalized (pointwise) mutual information in collocation extraction"

NATURAL = "0, 1, 2, …"
SHARE = "0 to 1"
REAL = "0 or more"
BOOLEAN = "true, false"

CANDIDATES = "; probabilities from reply_candidates, an explicit reply is 1"


def interval(
    share: str,
    tables: str,
    formula: str,
    null_when: str = "n is 0",
    *,
    is_expectation: bool = False,
) -> tuple[Metric, ...]:
    """Return the contracts of the bounds of `share`, of which `formula` says k and n."""
    return tuple(
        Metric(
            f"{share}_{side}",
            tables,
            f"Wilson score interval, {word} bound, 95 %",
            f"(k + z²/2 {sign} z √(k (n - k)/n + z²/4)) / (n + z²), {formula}",
            WILSON,
            SHARE,
            null_when,
            is_expectation=is_expectation,
        )
        for side, word, sign in (("low", "lower", "-"), ("high", "upper", "+"))
    )
