"""Senders that die while letters leave by real HTTP, judged by the log of whoever got them. Start at life.py."""
