"""The pure core: verdicts, facts, moments, programs, the walk and the turn. Imports the standard library only.

Start with verdict.py, then walk.py, then turn.py.
"""
