"""`make demo`: the example company from its lists to its tasks, in the checkout's own virtual workspace.

run.py lives it, report.py tells it. Start with `run.play`.
"""
