"""Channels will live here, one folder each (folder, smtp, sendgrid, tracking, calls, ads). May import journeys.core and letters."""
