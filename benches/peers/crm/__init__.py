"""The smallest Django app the peer can work on: people with a company and a score. Runs in the peer's environment."""
