"""The tables in the order in which to get to know them."""

from threadmill.schema.base import names

SECTIONS: dict[str, tuple[str, ...]] = {
    "Start here": names("threads comments replies mentions questions"),
    "Look up and join": names("authors topics topic_terms entities days platforms"),
    "Aggregates": names(
        """
        thread_engagement comment_engagement author_engagement author_pairs daily_engagement
        topic_engagement comment_topics topic_pairs topic_transitions topic_trend thread_keywords
        entity_engagement entity_pairs citations
        """
    ),
    "Figures": names(
        """
        overall_figures week_figures thread_figures topic_figures entity_figures confidence_figures
        suppression
        """
    ),
    "Quality": names("capture_completeness reply_confidence reply_candidates rejects runs"),
    "Working lists": names("captures fetches mention_candidates topic_changes topic_scopes"),
}
