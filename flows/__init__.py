"""Prefect flows will live here, ten to thirty lines each, no logic: when and where things run. May import wiring."""
