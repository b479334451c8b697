"""The parts of the generated back office: lists, forms, search, export, menu and home page."""
