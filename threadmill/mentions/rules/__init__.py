"""One module per family of rules that find mentions."""
