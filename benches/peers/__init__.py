"""Comparable products beside ours, each in an environment of its own. `make bench-peers`; start with __main__."""
