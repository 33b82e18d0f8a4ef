"""Letters: outbox, guards, rendering, the sender and its protocol. May import journeys.core, models.tables; no outlet of its own."""
