"""The shell around the core: gather, walk, write, in batches, one transaction each. Start with react.py."""
