"""Every write that a contact of a unit causes."""
