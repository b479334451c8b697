"""Every write on device credit. docs/dcm.md states the rules and numbers what always holds."""
