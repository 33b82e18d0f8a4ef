"""Channels will live here, one folder each: folder, smtp, sendgrid, tracking, calls, ads.

May import letters (whose protocol they obey), models.tables and the pure parts.
"""
