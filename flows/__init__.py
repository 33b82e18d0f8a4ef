"""When and where things run: Prefect flows, no logic. Start with nurture.py; `python -m flows` serves the schedules.

Nothing depends on Prefect for being right: every flow may run twice, late, or twice at once.
"""
