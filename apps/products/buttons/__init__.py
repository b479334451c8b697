"""What one can do with a unit on its page, by what it is about."""

from apps.products.buttons import credit, groups, life, notes, settings, software, switch

__all__ = ["credit", "groups", "life", "notes", "settings", "software", "switch"]
