"""Raising and closing alerts."""
