"""The folder outlet: letters go into a Maildir that mail programs open. Start at outlet.py; may import letters."""
