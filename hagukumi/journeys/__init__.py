"""Journeys: core (the pure machine), steps (one file a kind), language (text to scenario), shell (the database).

Imports point from shell to language to steps to core.
"""
