"""SendGrid in trouble, on this machine: a server for tests and benches. Start at process.py; nothing here is a mock."""
