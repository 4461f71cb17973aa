"""How well mentions are found, against labels."""
