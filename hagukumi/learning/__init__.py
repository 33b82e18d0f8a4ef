"""The workspace's own probability: its moments read from the tables, its models, what they said and whether it held.

May import journeys.shell and models; wiring and the entrances import it. Start with reading.py and training.py.
"""
