"""The account programme: organisations matched, fit, the list of fifty; intent, committee, priority, review to follow.

Pure: may import pipeline, journeys.core, steps and language; no table, no socket, no clock. Start with `target_list`.
"""
