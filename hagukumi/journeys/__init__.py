"""Journeys: core (the pure machine), steps (one file a kind), language (text -> typed scenario), shell (gather, walk, write)."""
