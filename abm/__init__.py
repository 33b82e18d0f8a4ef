"""The account programme: organisations matched; fit, intent, committee, priority, list and review are to follow.

Pure: may import pipeline, journeys.core, steps and language; no table, no socket, no clock. Start with `matching`.
"""
