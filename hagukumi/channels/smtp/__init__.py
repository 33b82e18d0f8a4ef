"""The SMTP outlet: letters go to a mail server. Start at outlet.py; may import letters."""
