"""The pure core: verdicts, facts, moments, programs and the walk. Imports the standard library only. Start with verdict.py, then walk.py."""
