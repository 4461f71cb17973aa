"""How a text opens that says whom it answers. What sources tell, replies and mentions all go by it."""

ADDRESS = r"\A[\s\u200b]*(?:@|(?i:in reply|replying) to @?)"
"""The pattern of such an opening, up to the name. YouTube puts zero-width spaces before it."""
