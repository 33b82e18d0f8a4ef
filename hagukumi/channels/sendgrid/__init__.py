"""Twilio SendGrid: letters go out by its v3 API, and its events come back. Start at outlet.py; may import letters."""
