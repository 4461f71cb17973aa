"""People's words are personal data: keys, profiles, masking, and encryption of what is stored."""

VERSION = 1  # of its rows; CONTRIBUTING.md says when to raise it
