"""Every write on commands to many units: previews, their steps, and the work itself."""
