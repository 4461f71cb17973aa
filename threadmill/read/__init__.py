"""Raw bytes → documents: one row of text per file, or per chunk of a dump."""
