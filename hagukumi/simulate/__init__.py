"""Rehearsal will live here: the same engine with another clock, another store and other outlets."""
