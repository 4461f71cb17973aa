"""What lies on disk between the stages: the one gate of every table, and rows by bucket."""
