"""The benchmarks: what a request costs, as a ratio to the least it could cost. See README.md."""
