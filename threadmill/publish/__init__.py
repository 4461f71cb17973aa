"""A snapshot becomes current: its files, its catalog and its manifest."""
