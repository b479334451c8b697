"""What every test may ask for: the personas."""

pytest_plugins = ["tests.personas"]
