"""Prefect flows will live here, ten to thirty lines each and no logic: when and where things run. May import wiring only."""
