"""Sites on loopback, and projects that watch them."""

from support.watched import sites, watched, watched_once

__all__ = ["sites", "watched", "watched_once"]
