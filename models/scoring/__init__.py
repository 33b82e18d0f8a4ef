"""Scoring: features, points with receipts, the learner, jumps.

Pure: may import journeys.core; no table, no socket, no clock.
"""
