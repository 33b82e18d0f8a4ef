"""Letters: outbox, guards, rendering, the sender and its protocol; no outlet of its own.

May import models.tables and the pure parts.
"""
