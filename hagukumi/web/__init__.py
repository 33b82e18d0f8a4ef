"""Pages and the JSON API will live here. May import wiring and whatever wiring may; nothing imports web."""
