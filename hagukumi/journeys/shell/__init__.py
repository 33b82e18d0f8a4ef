"""The shell around the core: gather, walk, write, in batches, one transaction each. Start with turn.py, then react.py."""
