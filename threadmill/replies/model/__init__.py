"""The model that scores candidate parents and decodes the most probable tree."""
