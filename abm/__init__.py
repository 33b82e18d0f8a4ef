"""The account programme will live here: ICP fit, intent, committee, priority, target list, fortnightly review.

Pure: may import journeys.core, steps and language; no table, no socket, no clock.
"""
