"""Texts as the rules see them: folded, with spans and word boundaries."""
