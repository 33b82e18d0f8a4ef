"""Hagukumi (育み): scenarios in YAML become letters, scores and tasks. Start at journeys/core; parts meet in wiring."""

__version__ = "0.1.0"
