"""The contract of marketing and sales will live here: definitions, stages, SLA, routing, funnel.

Pure: may import journeys.core, steps and language; no table, no socket, no clock.
"""
