"""Labels for fitted topics from their own words: c-TF-IDF (Grootendorst 2022, arXiv:2203.05794)."""

import numpy as np

from threadmill.topics.fitting import Corpus, Indices

TOP_WORDS = 10
"""Words of a topic that its coherence is measured on."""
LABEL_WORDS = 3
SAME_STEM = 4
"""Two words that share at least this many first characters, and most of the shorter one, don't both name a topic."""


def rank_words(texts: Corpus, topics: Indices, k: int) -> list[list[str]]:
    """Return the words of each of `k` topics, the most distinctive first.

    A word's weight is its share of the topic's words × ln(1 + words per topic / its own count). A comment
    counts a word once, because a word that one comment repeats says little about the others. A word names
    only the topic it weighs most in. `topics` is the topic of each comment, or -1.
    """
    of_word = np.repeat(topics, np.diff(texts.starts))
    counted = np.zeros((k, len(texts.words)))
    known = of_word >= 0
    np.add.at(counted, (of_word[known], texts.columns[known]), 1)
    totals = counted.sum(axis=1, keepdims=True)
    rarity = np.log1p(totals.mean() / np.maximum(counted.sum(axis=0), 1))
    weights = np.round(counted / np.maximum(totals, 1) * rarity, 9)
    weights[np.arange(k)[:, None] != weights.argmax(axis=0)] = 0
    order = np.argsort(-weights, axis=1, kind="stable")[:, : 4 * TOP_WORDS]
    return [
        [texts.words[word] for word in words if weights[topic, word] > 0]
        for topic, words in enumerate(order)
    ]


def name_topics(words_of_topics: list[list[str]], taken: set[str]) -> list[str]:
    """Return a label for each topic from its words, none twice and none of `taken`."""
    used = set(taken)
    labels = []
    for words in words_of_topics:
        chosen = _drop_alike(words)
        length = LABEL_WORDS
        while (label := " · ".join(chosen[:length]) or "no words") in used and length < len(chosen):
            length += 1
        if label in used:
            label = f"{label} ({sum(known.startswith(label) for known in used) + 1})"
        used.add(label)
        labels.append(label)
    return labels


def choose_shown(words: list[str]) -> list[str]:
    """Return the words of a topic that its label shows, unless another label is the same."""
    return _drop_alike(words)[:LABEL_WORDS]


def _drop_alike(words: list[str]) -> list[str]:
    """Return `words` without those that contain an earlier one, are contained in it or share its stem."""
    chosen: list[str] = []
    for word in words:
        if not any(_is_alike(word, other) for other in chosen):
            chosen.append(word)
    return chosen


def _is_alike(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    shared = next((at for at in range(shorter) if word[at] != other[at]), shorter)
    return word in other or other in word or (shared >= SAME_STEM and shared * 3 >= shorter * 2)
