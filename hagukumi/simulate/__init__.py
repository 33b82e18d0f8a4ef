"""Rehearsal: the same core and planner over people in memory. Start with story.py."""
