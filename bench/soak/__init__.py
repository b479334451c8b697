"""The long campaigns: `make soak`."""
