"""What we write into custom_args of a letter, and find again at the top level of each of its events. Pure data."""

KEY = "hagukumi_key"
"""The letter's key."""
WORKSPACE = "hagukumi_workspace"
"""The id of the workspace it came from: several may share an account."""
TEST = "hagukumi_test"
"""Stands on test copies alone: their events are about no letter of the outbox."""
